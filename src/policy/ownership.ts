import { matchesGlob } from '../util/glob.ts'

/** The paths that no pattern covers, in the order given: what a step changed outside of what it owns. */
export function notOwned(changed: readonly string[], owns: readonly string[]): string[] {
  return changed.filter((path) => !owns.some((pattern) => matchesGlob(path, pattern)))
}

/** True where one of the changed paths fits one of the patterns (`paths` of a gate or check). */
export function touches(changed: readonly string[], patterns: readonly string[]): boolean {
  return changed.some((path) => patterns.some((pattern) => matchesGlob(path, pattern)))
}

/**
 * True where two patterns may own one path. Sound, not exact: it compares the folders before the first wildcard, so it
 * may say yes for two that never meet, and never says no for two that do.
 */
export function mayOverlap(a: string, b: string): boolean {
  const [first, second] = [fixedPart(a), fixedPart(b)]
  if (first.literal && second.literal) return first.text === second.text
  if (first.literal) return matchesGlob(first.text, b)
  if (second.literal) return matchesGlob(second.text, a)
  return first.text.startsWith(second.text) || second.text.startsWith(first.text)
}

function fixedPart(pattern: string): { text: string; literal: boolean } {
  const path = pattern.startsWith('./') ? pattern.slice(2) : pattern
  if (path.endsWith('/')) return { text: path, literal: false }
  const wild = path.search(/[*?[\]{}()!+@\\]/)
  return wild === -1 ? { text: path, literal: true } : { text: path.slice(0, wild), literal: false }
}
