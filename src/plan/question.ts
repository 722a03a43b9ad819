import { NO_FIELDS, NO_ITEMS } from '../util/json.ts'
import type { StepPlan } from './plan.ts'

/** The role of anyone at all. */
export const ANYONE = 'human'

type Said = 'id' | 'section' | 'action' | 'at'

/** A step that no file has and that only asks somebody: what its maker says of it, and nothing of what a step can do. */
export function questionStep({
  id,
  section,
  action,
  at,
  ...own
}: Pick<StepPlan, Said> & Partial<Omit<StepPlan, Said>>): StepPlan {
  return {
    id,
    section,
    action,
    needs: NO_ITEMS,
    gates: NO_ITEMS,
    quorum: undefined,
    when: undefined,
    timeoutMs: undefined,
    graceMs: 0,
    dueMs: undefined,
    onTimeout: 'fail',
    stall: undefined,
    failures: NO_FIELDS,
    retry: undefined,
    allowFailure: false,
    effects: 'none',
    interrupted: 'rerun',
    foreach: undefined,
    repeat: undefined,
    mutex: undefined,
    isolation: undefined,
    owns: NO_ITEMS,
    outputs: NO_FIELDS,
    checks: NO_ITEMS,
    env: NO_FIELDS,
    cwd: undefined,
    with: NO_FIELDS,
    agent: undefined,
    task: undefined,
    phase: undefined,
    permissions: { allow: NO_ITEMS, deny: NO_ITEMS, ask: NO_FIELDS },
    ...own,
    at,
  }
}

/** An id that no step of the pipeline has yet; it is taken then. */
export function freeId(ids: Set<string>, wanted: string): string {
  let id = wanted
  while (ids.has(id)) id += '_'
  ids.add(id)
  return id
}
