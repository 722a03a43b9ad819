import { BUILT_IN } from '../actions/index.ts'
import type { Document } from '../document/document.ts'
import { describeActions } from '../executors/action/describe.ts'
import type { Project } from '../plan/project.ts'
import { usesIn } from '../plan/uses.ts'
import type { Io } from './io.ts'

/** What compile must know of the actions that documents name: built-ins, and users' modules, which a process of their own imports. */
export async function loadSignatures(
  documents: readonly Document[],
  root: string,
  io: Pick<Io, 'env' | 'node'>,
): Promise<Required<Pick<Project, 'actions' | 'faultyActions'>>> {
  const actions = new Map<string, NonNullable<ReturnType<Project['actions']['get']>>>()
  const faultyActions = new Map<string, string>()
  const modules: string[] = []
  for (const uses of usesIn(documents)) {
    if (!Object.hasOwn(BUILT_IN, uses)) modules.push(uses)
    else {
      const { description, inputs, outputs, effects } = await BUILT_IN[uses]!()
      actions.set(uses, { description, inputs, outputs, effects })
    }
  }
  if (modules.length > 0) {
    for (const [uses, described] of await describeActions(modules, { root, node: io.node, env: io.env })) {
      if (described.ok) actions.set(uses, described.signature)
      else faultyActions.set(uses, described.message)
    }
  }
  return { actions, faultyActions }
}

/** Names of all built-ins, for hints. */
export const BUILT_IN_NAMES: readonly string[] = Object.keys(BUILT_IN)
