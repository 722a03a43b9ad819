import { compileGlob } from '../expr/glob.ts'
import { matchesGlob } from '../util/glob.ts'

/**
 * Whether a path of the project fits a pattern of `owns`, `paths` or a rule. A closing `/` means all below that folder; a
 * leading `!` is a character of the name: a rail that could be turned round by one sign would be none.
 */
export function fitsPath(path: string, pattern: string): boolean {
  const plain = pattern.startsWith('./') ? pattern.slice(2) : pattern
  const literal = plain.startsWith('!') ? `\\${plain}` : plain
  return matches(path.startsWith('./') ? path.slice(2) : path, literal.endsWith('/') ? `${literal}**` : literal)
}

/**
 * A pattern with many wildcards, which could take for ever on a path that almost fits, is left to the linear matcher; it
 * knows only plain paths, and no `!(a)`.
 */
function matches(path: string, pattern: string): boolean {
  const many = /[*+]\(/.test(pattern) || (pattern.match(/\*+/g)?.length ?? 0) > 2
  const linear = many && !/(?:^|\/)\.{0,2}(?:\/|$)/.test(path) ? compileGlob(pattern) : undefined
  return linear?.ok ? linear.test(path) : matchesGlob(path, pattern)
}

/** The paths that no pattern covers, in the order given: what a step changed outside of what it owns. */
export function notOwned(changed: readonly string[], owns: readonly string[]): string[] {
  return changed.filter((path) => !owns.some((pattern) => fitsPath(path, pattern)))
}

/** True where one of the changed paths fits one of the patterns (`paths` of a gate or check). */
export function touches(changed: readonly string[], patterns: readonly string[]): boolean {
  return changed.some((path) => patterns.some((pattern) => fitsPath(path, pattern)))
}

/**
 * Lays together patterns that may own one path: each gets the name of its group, its first pattern in the order of the
 * alphabet. Patterns that begin alike stand side by side when sorted, so only neighbours are compared.
 */
export function overlapGroups(patterns: readonly string[]): ReadonlyMap<string, string> {
  const sorted = patterns.map((pattern) => ({ pattern, ...fixedPart(pattern) }))
  sorted.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.pattern < b.pattern ? -1 : 1))
  const names = new Map(patterns.map((pattern) => [pattern, pattern]))
  const nameOf = (pattern: string): string => {
    let name = pattern
    while (names.get(name) !== name) name = names.get(name)!
    return name
  }
  for (const [index, one] of sorted.entries()) {
    for (let next = index + 1; sorted[next]?.text.startsWith(one.text); next++) {
      const other = sorted[next]!
      if (!mayOverlap(one.pattern, other.pattern)) continue
      const [first, second] = [nameOf(one.pattern), nameOf(other.pattern)].sort()
      names.set(second!, first!)
    }
  }
  return new Map(patterns.map((pattern) => [pattern, nameOf(pattern)]))
}

/**
 * True where two patterns may own one path. Sound, not exact: it compares what is before the first wildcard, and then
 * name by name, so it may say yes for two that never meet, and never says no for two that do.
 */
export function mayOverlap(a: string, b: string): boolean {
  const [first, second] = [fixedPart(a), fixedPart(b)]
  if (first.literal && second.literal) return first.text === second.text
  if (first.literal) return fitsPath(first.text, b)
  if (second.literal) return fitsPath(second.text, a)
  if (!first.text.startsWith(second.text) && !second.text.startsWith(first.text)) return false
  return isUnusual(a) || isUnusual(b) || meet(namesOf(a), namesOf(b))
}

/** Patterns with groups or sets in them are not taken apart. */
function isUnusual(pattern: string): boolean {
  return /[[\]{}()!+@\\|]/.test(pattern)
}

function namesOf(pattern: string): readonly string[] {
  const path = pattern.startsWith('./') ? pattern.slice(2) : pattern
  return (path.endsWith('/') ? `${path}**` : path).split('/')
}

/** Whether two lists of names, in which `**` stands for any number, may be names of one path. */
function meet(a: readonly string[], b: readonly string[]): boolean {
  // Row by row, from the ends: whether what is left of the one may be what is left of the other.
  let below: boolean[] = []
  for (let i = a.length; i >= 0; i--) {
    const row: boolean[] = []
    for (let j = b.length; j >= 0; j--) {
      const [one, other] = [a[i], b[j]]
      if (one === undefined && other === undefined) row[j] = true
      else if (one?.includes('**')) row[j] = below[j]! || (other !== undefined && row[j + 1]!)
      else if (other?.includes('**')) row[j] = row[j + 1]! || (one !== undefined && below[j]!)
      else row[j] = one !== undefined && other !== undefined && mayBeOne(one, other) && below[j + 1]!
    }
    below = row
  }
  return below[0]!
}

/** Whether two names may be the same: they begin and end alike as far as both are written out. */
function mayBeOne(a: string, b: string): boolean {
  const [headA, headB] = [a.split(/[*?]/)[0]!, b.split(/[*?]/)[0]!]
  const [tailA, tailB] = [a.split(/[*?]/).at(-1)!, b.split(/[*?]/).at(-1)!]
  const [isPlainA, isPlainB] = [headA === a, headB === b]
  if (isPlainA && isPlainB) return a === b
  if (isPlainA) return a.startsWith(headB) && a.endsWith(tailB)
  if (isPlainB) return b.startsWith(headA) && b.endsWith(tailA)
  const begins = headA.startsWith(headB) || headB.startsWith(headA)
  return begins && (tailA.endsWith(tailB) || tailB.endsWith(tailA))
}

function fixedPart(pattern: string): { text: string; literal: boolean } {
  const path = pattern.startsWith('./') ? pattern.slice(2) : pattern
  if (path.endsWith('/')) return { text: path, literal: false }
  const wild = path.search(/[*?[\]{}()!+@\\]/)
  return wild === -1 ? { text: path, literal: true } : { text: path.slice(0, wild), literal: false }
}
