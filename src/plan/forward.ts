import { hintFor, tell } from './report.ts'
import { child, entries, type Source, sourceOf, textOf, textsOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'

/** The entry of a signal, by its own name, else by the pattern of its namespace. Of a pattern: any of that namespace. */
function entriesFor(coordinator: Source, signal: string): readonly (readonly [string, Source])[] {
  const all = entries(child(coordinator, 'signals'))
  const space = signal.slice(0, signal.indexOf(':') + 1)
  if (signal.endsWith('*')) return all.filter(([name]) => name.startsWith(space))
  const exact = all.find(([name]) => name === signal) ?? all.find(([name]) => name === `${space}*`)
  return exact === undefined ? [] : [exact]
}

/** A forward must end at a coordinator that answers the signal and takes it from the one that passes it on. */
export function checkForward(session: Session, from: string, signal: string, forward: Source | undefined): void {
  const to = textOf(forward)
  if (forward === undefined || to === undefined) return
  const { coordinators } = session.project
  const way = [from]
  for (let [sender, target] = [from, to]; ; ) {
    const authored = coordinators.get(target)
    if (authored === undefined) {
      const where = sender === from ? '' : `, to which \`${sender}\` passes it on`
      tell(session, 'plan/route', valueAt(forward), `there is no coordinator \`${target}\`${where}`, {
        ...(hintFor(
          target,
          [...coordinators.keys()].filter((name) => name !== from),
          'coordinators',
        ) ?? {}),
      })
      return
    }
    way.push(target)
    if (way.indexOf(target) < way.length - 1) {
      const names = way.map((name) => `\`${name}\``).join(' to ')
      tell(session, 'plan/route', valueAt(forward), `\`${signal}\` is forwarded without end: ${names}`, {
        hint: 'one of them must answer it with a pipeline',
      })
      return
    }
    const found = entriesFor(sourceOf(authored.document), signal)
    if (found.length === 0) {
      tell(session, 'plan/route', valueAt(forward), `\`${target}\` does not answer \`${signal}\``, {
        hint: `add it to \`signals\` of \`${target}\`, or forward it to who does`,
        related: [{ message: 'what it answers', at: sourceOf(authored.document).document.locate(['signals'], 'key') }],
      })
      return
    }
    const open = found.filter(([, entry]) => {
      const takes = textsOf(child(entry, 'from'))
      return takes.length === 0 || takes.includes(sender)
    })
    if (open.length === 0) {
      const [name, entry] = found[0]!
      const takes = child(entry, 'from')!
      const message = `\`${target}\` does not take \`${name}\` from \`${sender}\``
      tell(session, 'plan/route', valueAt(forward), message, {
        hint: `add it there: \`from: [${[...textsOf(takes), sender].join(', ')}]\``,
        related: [{ message: 'who may send it', at: valueAt(takes) }],
      })
      return
    }
    const next = textOf(child(open[0]![1], 'forward'))
    if (open.length > 1 || next === undefined) return
    sender = target
    target = next
  }
}
