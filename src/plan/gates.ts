import { shareOf } from './body.ts'
import { compileChecks } from './checks.ts'
import { checkCondition, type Place } from './expressions.ts'
import { ancestors, type Graph } from './graph.ts'
import { levelOf } from './inherited-gates.ts'
import { checkRoles } from './names.ts'
import { resolvePermissions } from './permissions.ts'
import type { GatePlan } from './plan.ts'
import { tell, unknown } from './report.ts'
import { knowing, type Reader } from './scope.ts'
import { child, entries, items, keyAt, placeOf, type Source, sourceOf, textsOf, valueAt } from './source.ts'
import type { GateDraft, StepDraft, Unit } from './unit.ts'

/** Names the gates of a pipeline; their nodes follow those of the steps. */
export function draftGates(
  pipeline: Source,
  firstNode: number,
  inherited: readonly (readonly [string, Source])[],
): Map<string, GateDraft> {
  const own = entries(child(pipeline, 'gates'))
  const drafts = [...own, ...inherited].map(([id, source], index): [string, GateDraft] => [
    id,
    { id, node: firstNode + index, source, inherited: index >= own.length, before: [], of: [] },
  ])
  return new Map(drafts)
}

/**
 * Finds what each gate holds up and what it judges. Without `of` that is every step before the `before` steps, or, where
 * there is none, all steps of the pipeline (promise 10). `needs` is the graph of needs alone, without gates.
 */
export function resolveGates(unit: Unit, needs: Graph): void {
  const steps = [...unit.steps.values()]
  for (const gate of unit.gates.values()) {
    gate.before = namedSteps(unit, child(gate.source, 'before'), 'holds up')
    const of = child(gate.source, 'of')
    if (of !== undefined) gate.of = namedSteps(unit, of, 'judges')
    else if (gate.before.length === 0) gate.of = steps.filter((step) => step.section === 'steps')
    else {
      const found = new Set(gate.before.flatMap((step) => [...ancestors(needs, step.node)]))
      gate.of = steps.filter((step) => found.has(step.node))
    }
  }
}

function namedSteps(unit: Unit, list: Source | undefined, verb: string): StepDraft[] {
  return items(list).flatMap((item) => {
    const id = item.value as string
    const step = unit.steps.get(id)
    if (step === undefined) {
      unknown(unit.session, 'plan/unknown-step', valueAt(item), id, unit.steps.keys(), 'step')
      return []
    }
    if (step.section === 'steps') return [step]
    tell(unit.session, 'plan/across-finally', valueAt(item), `\`${id}\` runs in \`finally\`, which no gate ${verb}`, {
      related: [{ message: `\`${id}\` is declared here`, at: keyAt(step.source) }],
      hint: `take it out here, or move \`${id}\` into \`steps\``,
    })
    return []
  })
}

/** The plan of one gate; its checks may read the steps that it judges and all before them. */
export function compileGate(place: Place, unit: Unit, gate: GateDraft): GatePlan {
  const { source } = gate
  const atEnd = gate.before.length === 0
  const reader: Reader = { node: gate.node, moment: atEnd ? 'end' : 'step', env: unit.env }
  const judged = new Set(gate.of)
  const mustPass = namedSteps(unit, child(source, 'must_pass'), 'judges')
  for (const item of items(child(source, 'must_pass'))) {
    const step = unit.steps.get(item.value as string)
    if (step === undefined || step.section === 'finally' || judged.has(step)) continue
    tell(
      unit.session,
      'plan/gate-scope',
      valueAt(item),
      `the gate \`${gate.id}\` does not judge \`${step.id}\`: ${scopeReason(gate)}`,
      {
        hint: child(source, 'of')
          ? `add \`${step.id}\` to \`of\``
          : `let \`${gate.before[0]?.id}\` need \`${step.id}\`, or list both in \`of\``,
      },
    )
  }
  const counts = gate.of.some(isAgent)
  if (!gate.inherited) checkShare(unit, gate)
  const when = checkCondition(place, child(source, 'when'), reader)
  const { agents } = unit.session.project
  const levels = [agents && sourceOf(agents.document), unit.session.coordinator, unit.source]
  const permissions = resolvePermissions(unit.session, levels)
  const bypass = child(source, 'bypass')
  const by = child(bypass, 'by')
  checkRoles(unit.session, by)
  return {
    id: gate.id,
    level: levelOf(source),
    when,
    paths: textsOf(child(source, 'paths')),
    of: gate.of.map((step) => step.id),
    success: gate.inherited && !counts ? undefined : shareOf(child(source, 'success')),
    mustPass: mustPass.filter((step) => judged.has(step)).map((step) => step.id),
    before: gate.before.map((step) => step.id),
    bypass: by === undefined ? 'never' : { by: textsOf(by) },
    checks: compileChecks(place, [
      { source: child(source, 'checks'), reader: knowing(reader, when), permissions, cwd: child(unit.source, 'cwd') },
    ]),
    permissions,
    at: placeOf(source),
  }
}

function isAgent({ kind, section }: StepDraft): boolean {
  return kind === 'agent' && section === 'steps'
}

/** A share counts agent steps: where there is none to count, the gate could only fail. */
function checkShare(unit: Unit, gate: GateDraft): void {
  const success = child(gate.source, 'success')
  if (success === undefined || gate.of.some(isAgent)) return
  // a name in `of` that leads nowhere was told, and may have meant an agent
  const of = items(child(gate.source, 'of'))
  if (of.some((item) => !unit.steps.has(item.value as string))) return
  const others = [...unit.steps.values()].filter(isAgent).map(({ id }) => `\`${id}\``)
  const named = others.length === 0 || others.length > 8 ? '' : ` (${others.join(', ')})`
  tell(
    unit.session,
    'plan/gate-share',
    valueAt(success),
    `the gate \`${gate.id}\` has no share to count: \`success\` counts agent steps, and it judges none, so it would always fail`,
    {
      hint:
        others.length === 0
          ? 'judge the steps by `must_pass` or `checks` in place of `success`'
          : `name agent steps${named} in \`of\`, or judge by \`must_pass\` or \`checks\` in place of \`success\``,
    },
  )
}

function scopeReason(gate: GateDraft): string {
  if (child(gate.source, 'of')) return 'it is not in `of`'
  return `it does not come before ${gate.before.map((step) => `\`${step.id}\``).join(' or ')}`
}
