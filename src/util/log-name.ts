/**
 * The file, below a run's `logs/`, of one attempt: `round/build#2` is `round/build.2.log`, that of a check which was delivered again `round/build/check:lint.2-2.log`. A path segment is never `.`
 * or `..` and holds no slash (keys are percent-encoded), so every token has a file of its own inside that folder.
 */
export function logName(token: string): string {
  const at = token.lastIndexOf('#')
  const path = token.slice(0, at)
  // An empty segment, one of dots alone, and what no file name may hold.
  if (at < 0 || /(?:^|\/)\.*(?:\/|$)|[\0\\]/.test(path)) throw new Error(`\`${token}\` is no token of an attempt`)
  return `${path}.${token.slice(at + 1)}.log`
}
