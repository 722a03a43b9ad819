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

/** What picomatch adds only to keep `.`, `..` and empty names out. */
const GUARDS = ['(?!\\.{1,2}(?:\\/|$))', '(?!(?:^|\\/)\\.{1,2}(?:\\/|$))', '(?=.)']

/**
 * The glob as a regular expression without lookahead, for engines that have none. Equal to the glob on paths whose
 * names are neither empty nor `.` nor `..`. Throws where picomatch refuses the pattern.
 */
export function globSource(pattern: string): string {
  return GUARDS.reduce((source, guard) => source.replaceAll(guard, ''), picomatch.makeRe(pattern, { dot: true }).source)
}
