import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { notYetSupported } from '../model/supported.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import { checkPresent, durationOf, runBody, schemasOf } from './body.ts'
import { checkUses, compileChecks } from './checks.ts'
import { outputTypes } from './draft.ts'
import { checkValueText, type Place } from './expressions.ts'
import { compileFailures } from './failures.ts'
import { checkNamedActions, checkPermissions } from './permissions.ts'
import type { Project } from './project.ts'
import type { Reader } from './scope.ts'
import { child, entries, type Source, sourceOf, textOf } from './source.ts'
import type { Session } from './unit.ts'

const NO_RAILS = { allow: [], deny: [], ask: {} }

/**
 * Checks what the agents file says, also of tasks that no pipeline runs yet: the names of actions and inputs, expressions,
 * rails. What a task is given stands in pipelines, and is checked there.
 */
export function checkAgents(project: Project): readonly Diagnostic[] {
  const { agents } = project
  if (agents === undefined) return []
  const session: Session = { project, problems: [], done: new Map(), open: [], coordinator: undefined }
  const file = sourceOf(agents.document)
  checkNamedActions(session)
  checkPermissions(session, file)
  for (const [, agent] of entries(child(file, 'agents'))) {
    checkPermissions(session, agent)
    for (const [name, task] of entries(child(agent, 'tasks')))
      checkTask({ session, unit: undefined }, agent, name, task)
  }
  return sortDiagnostics([...session.problems, ...notYetSupported(agents.document, 'agents')])
}

function checkTask(place: Place, agent: Source, name: string, task: Source): void {
  const uses = textOf(child(task, 'uses'))
  const signature = uses === undefined ? undefined : place.session.project.actions.get(uses)
  const own = schemasOf(child(task, 'inputs'))
  const passes = Object.keys(own).length === 0 && child(task, 'with') === undefined
  const inputs: { readonly [input: string]: ValueSchema } = passes && signature ? signature.inputs : own
  const reader: Reader = { node: undefined, moment: 'step', task: { name, inputs }, env: 'any' }
  checkPermissions(place.session, task)
  const action = runBody(place, task, 'sh', reader)
  // without a `with` of its own the action gets what the step gives
  if (action && (signature === undefined || child(task, 'with') !== undefined)) checkUses(place, task, action, reader)
  for (const [, value] of entries(child(task, 'env'))) checkValueText(place, value, { ...reader, secrets: true })
  checkPresent(place, child(task, 'cwd'), reader, 'a folder')
  checkPresent(place, child(task, 'mutex'), reader, 'the name of a lock')
  durationOf(place, child(task, 'timeout'), reader)
  compileFailures(place, new Map(entries(child(task, 'failures'))), (source, read) => read(source, reader))
  const outputs = outputTypes({ ...signature?.outputs, ...schemasOf(child(task, 'outputs')) })
  const judged: Reader = { ...reader, own: { outputs, open: uses !== undefined && signature === undefined } }
  compileChecks(place, [
    { source: child(agent, 'checks'), reader: judged, permissions: NO_RAILS, of: { agent, task: name } },
    { source: child(task, 'checks'), reader: judged, permissions: NO_RAILS },
  ])
}
