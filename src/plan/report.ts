import type { Code } from '../diagnostics/codes.ts'
import { type Location, report } from '../diagnostics/diagnostic.ts'
import { nearest } from '../util/nearest.ts'
import type { Session } from './unit.ts'

type Extra = Parameters<typeof report>[3]

/** Adds a fault to what the compile found. */
export function tell(session: Session, code: Code, at: Location, message: string, extra: Extra = {}): void {
  session.problems.push(report(code, at, message, extra))
}

/** `did you mean ...?`, or what there is where little enough; undefined where neither helps. */
export function hintFor(written: string, names: Iterable<string>, what: string): { hint: string } | undefined {
  const all = [...names]
  const near = nearest(written, all)
  if (near !== undefined) return { hint: `did you mean \`${near}\`?` }
  if (all.length === 0) return { hint: `there are no ${what}` }
  return all.length <= 8 ? { hint: `${what}: ${all.map((name) => `\`${name}\``).join(', ')}` } : undefined
}

/** An error about a name that leads nowhere. */
export function unknown(
  session: Session,
  code: Code,
  at: Location,
  written: string,
  names: Iterable<string>,
  what: string,
  where = '',
): void {
  const known = [...names]
  const left = (comparisons.get(session) ?? MOST_COMPARISONS) - known.length
  comparisons.set(session, left)
  // a file with thousands of wrong names among thousands would be compared for minutes, and nobody reads that many hints
  const hint = left >= 0 || known.length <= 8 ? hintFor(written, known, `${what}s`) : undefined
  tell(session, code, at, `there is no ${what} \`${written}\`${where}`, hint)
}

const MOST_COMPARISONS = 100_000
const comparisons = new WeakMap<Session, number>()
