import picomatch from 'picomatch'

const MAX_PATTERN = 500
const MAX_PATH = 4096
const CACHE_SIZE = 500
const matchers = new Map<string, (path: string) => boolean>()

/** Whether a path fits a glob: `*` within one folder, `**` across folders, `?`, `[a-z]`, `{a,b}`; dot files are files. */
export function matchesGlob(path: string, pattern: string): boolean {
  if (path.length > MAX_PATH || pattern.length > MAX_PATTERN) return false
  let matcher = matchers.get(pattern)
  if (!matcher) {
    matcher = picomatch(pattern, { dot: true })
    if (matchers.size >= CACHE_SIZE) matchers.delete(matchers.keys().next().value!)
    matchers.set(pattern, matcher)
  }
  return matcher(path)
}
