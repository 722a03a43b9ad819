/**
 * Gates of a coordinator, which judge every pipeline that it starts, at the end of the run. A pipeline's own gate of the same
 * name takes the place of the inherited one, at no lower level and for no smaller share. Who may bypass it is its own to say: a
 * bypass is on record, with person and reason.
 */
import { shareOf } from './body.ts'
import { tell } from './report.ts'
import { child, entries, items, keyAt, type Source, textOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'

/** What blocks, and what is only reported. */
export function levelOf(gate: Source | undefined): 'mandatory' | 'advisory' {
  return textOf(child(gate, 'level')) === 'advisory' ? 'advisory' : 'mandatory'
}

/** A gate of many pipelines can name no step of one of them. */
export function checkInheritable(session: Session, coordinator: Source): void {
  for (const [id, gate] of entries(child(coordinator, 'gates'))) {
    for (const key of ['of', 'before', 'must_pass']) {
      const named = child(gate, key)
      if (named === undefined) continue
      tell(
        session,
        'plan/gate-scope',
        keyAt(named),
        `\`${key}\` names steps of one pipeline, and \`${id}\` judges every pipeline of the coordinator`,
        { hint: `write \`${id}\` with its \`${key}\` into \`gates\` of the pipeline that has these steps` },
      )
    }
  }
}

/** The gates that a pipeline gets from its coordinator: only the one that was asked for, not what it runs in turn. */
export function inheritedGates(session: Session, pipeline: Source, hasAgents: boolean): readonly [string, Source][] {
  if (session.coordinator === undefined || session.open.length > 1) return []
  const own = child(pipeline, 'gates')
  return entries(child(session.coordinator, 'gates')).flatMap(([id, gate]): [string, Source][] => {
    const mine = child(own, id)
    if (mine !== undefined) {
      checkNotWeaker(session, id, mine, gate)
      return []
    }
    // A share of agents says nothing of a pipeline without any.
    const counts = child(gate, 'success') !== undefined && items(child(gate, 'checks')).length === 0
    return counts && !hasAgents ? [] : [[id, gate]]
  })
}

function checkNotWeaker(session: Session, id: string, mine: Source, inherited: Source): void {
  const weaker = (at: Source, what: string, hint: string) =>
    tell(session, 'plan/gate-weaker', valueAt(at), `the gate \`${id}\` ${what} than the coordinator's`, {
      hint,
      related: [{ message: 'what the coordinator asks for', at: keyAt(inherited) }],
    })
  const level = child(mine, 'level')
  if (level && levelOf(mine) === 'advisory' && levelOf(inherited) === 'mandatory')
    weaker(level, 'is of a lower level', 'say `level: mandatory`, or give it a name of its own')
  const [share, wanted] = [child(mine, 'success'), shareOf(child(inherited, 'success'))]
  if (wanted !== undefined && (shareOf(share) ?? 0) < wanted)
    weaker(share ?? mine, 'asks for a smaller share', `say at least \`success: ${Math.round(wanted * 100)}%\``)
}
