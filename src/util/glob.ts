import picomatch from 'picomatch'

const KEPT = 500
const compiled = new Map<string, (path: string) => boolean>()

/**
 * True where a path from the project root fits the pattern: `*` within a folder, `**` over folders, dot files included.
 * A pattern that ends in `/` means all below that folder. The one home of the glob library.
 */
export function matchesGlob(path: string, pattern: string): boolean {
  let matches = compiled.get(pattern)
  if (matches === undefined) {
    matches = picomatch(pattern.endsWith('/') ? `${pattern}**` : pattern, { dot: true, nonegate: true })
    if (compiled.size >= KEPT) compiled.clear()
    compiled.set(pattern, matches)
  }
  return matches(path.startsWith('./') ? path.slice(2) : path)
}
