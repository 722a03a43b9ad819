import picomatch from 'picomatch'

const CACHE_SIZE = 500
const matchers = new Map<string, (path: string) => boolean>()

/**
 * Whether a path fits a glob: `*` within one folder, `**` across folders, `?`, `[a-z]`, `{a,b}`; dot files are files.
 * Fast, but a pattern with many stars can take very long on a long path: for what a stranger may have written, see
 * `compileGlob` in expr/.
 */
export function matchesGlob(path: string, pattern: string): boolean {
  let matcher = matchers.get(pattern)
  if (!matcher) {
    matcher = picomatch(pattern, { dot: true })
    if (matchers.size >= CACHE_SIZE) matchers.delete(matchers.keys().next().value!)
    matchers.set(pattern, matcher)
  }
  return matcher(path)
}

/** What picomatch adds only to keep `.`, `..` and empty names out: `(?!\.{1,2}(?:\/|$))` and the like. */
const GUARDS = /\(\?!(?:\(\?:\^\|\\\/\))?\\\.\{\d,\d\}\(\?:\\\/\|\$\)\)|\(\?=\.\)/g

/** How picomatch wraps a pattern that begins with `!`. */
const NEGATED = /^\^\(\?!(\^.*\$)\)\.\*\$$/

/**
 * The glob as a regular expression without lookahead, for engines that have none; inverted where it began with `!`. Equal to the glob on paths whose
 * names are neither empty nor `.` nor `..`; where a path begins with `/`, the pattern has to as well. Throws where picomatch refuses the pattern.
 */
export function globSource(pattern: string): { source: string; inverted: boolean } {
  const { source } = picomatch.makeRe(pattern, { dot: true })
  const negated = NEGATED.exec(source)
  const plain = (negated?.[1] ?? source).replaceAll('(?=.)[^/]*?', '[^/]+?').replaceAll(GUARDS, '')
  return { source: plain, inverted: negated !== null }
}
