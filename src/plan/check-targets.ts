import { parseTarget } from '../policy/targets.ts'
import { hintFor, tell } from './report.ts'
import { child, entries, keyAt, type Source, textOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'

/** What a coordinator's runs should come to: of something that is measured, by a signal that it answers. */
export function checkTargets(session: Session, coordinator: Source): void {
  const signals = entries(child(coordinator, 'signals')).map(([signal]) => signal)
  for (const [key, source] of entries(child(child(coordinator, 'report'), 'targets'))) {
    const parsed = parseTarget(key, textOf(source) ?? '')
    if (!parsed.ok) {
      const at = parsed.what === 'measure' ? keyAt(source) : valueAt(source)
      tell(session, 'plan/target', at, parsed.message, { hint: parsed.hint })
      continue
    }
    const { signal } = parsed.target
    if (signal === undefined || signals.includes(signal) || signals.includes(`${signal.split(':')[0]}:*`)) continue
    const message = `the coordinator does not answer \`${signal}\``
    tell(session, 'plan/target', keyAt(source), message, hintFor(signal, signals, 'signals'))
  }
}
