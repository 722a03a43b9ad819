import type { Json } from '../util/json.ts'
import { checkValueText, MAX_VAR_DEPTH, type Place } from './expressions.ts'
import { findCycles, makeGraph, sortGraph } from './graph.ts'
import { referencesIn } from './references.ts'
import { tell } from './report.ts'
import { child, entries, keyAt, type Source } from './source.ts'
import type { Unit, VarDraft } from './unit.ts'

/** What each var reads, before anything is checked: names only. */
export function draftVars(pipeline: Source): Map<string, VarDraft> {
  const drafts = new Map<string, VarDraft>()
  for (const [name, source] of entries(child(pipeline, 'vars'))) {
    const draft: VarDraft = { name, source, steps: new Set(), gates: new Set(), vars: new Set(), depth: 0 }
    eachText(source, (text) => {
      for (const { path } of referencesIn(text, 'template')) {
        const [root, of] = path
        if (of === undefined) continue
        if (root === 'steps') draft.steps.add(of)
        if (root === 'gates') draft.gates.add(of)
        if (root === 'vars') draft.vars.add(of)
      }
    })
    drafts.set(name, draft)
  }
  return drafts
}

function eachText(source: Source, visit: (text: string) => void): void {
  const walk = (value: Json): void => {
    if (typeof value === 'string') visit(value)
    else if (value !== null && typeof value === 'object') for (const inner of Object.values(value)) walk(inner as Json)
  }
  walk(source.value)
}

/** Vars so that each stands after those it reads, with all they read carried over; circles of vars are told. */
export function orderVars(unit: Unit): readonly VarDraft[] {
  const drafts = [...unit.vars.values()]
  const index = new Map(drafts.map((draft, at) => [draft.name, at]))
  const edges = drafts.flatMap((draft, to) =>
    [...draft.vars].flatMap((name) => {
      const from = index.get(name)
      return from === undefined ? [] : [{ from, to }]
    }),
  )
  const graph = makeGraph(
    drafts.map((draft) => draft.name),
    edges,
  )
  const sorted = sortGraph(graph)
  for (const cycle of findCycles(graph, sorted)) {
    // edges lead from what is read to its reader; people read it the other way round
    const members = [cycle[0]!, ...cycle.slice(1).reverse()].map((at) => drafts[at]!)
    const names = [...members, members[0]!].map((member) => `\`${member.name}\``)
    tell(
      unit.session,
      'plan/cycle',
      keyAt(members[0]!.source),
      `vars read each other in a circle: ${names.join(' reads ')}`,
      {
        related: members.slice(1).map((member) => ({ message: `\`${member.name}\``, at: keyAt(member.source) })),
      },
    )
  }
  const ordered = [...sorted.order].map((at) => drafts[at]!)
  for (const draft of ordered) {
    for (const name of draft.vars) {
      const read = unit.vars.get(name)
      for (const step of read?.steps ?? []) draft.steps.add(step)
      for (const gate of read?.gates ?? []) draft.gates.add(gate)
      draft.depth = Math.max(draft.depth, 1 + (read?.depth ?? 0))
    }
    if (draft.depth !== MAX_VAR_DEPTH + 1) continue
    const message = `\`${draft.name}\` reads vars that read vars, more than ${MAX_VAR_DEPTH} deep`
    tell(unit.session, 'expr/refused', keyAt(draft.source), message, { hint: 'compute it in a step' })
  }
  return ordered
}

/** Checks the texts of all vars where they stand; whether a reader may read them is judged at the reader. */
export function checkVars(place: Place, unit: Unit): void {
  for (const draft of unit.vars.values())
    checkValueText(place, draft.source, { node: undefined, moment: 'end', env: unit.env })
}
