import { answers } from '../plan/answer.ts'
import { compileCoordinators } from '../plan/coordinator.ts'
import { entryFor } from '../plan/route.ts'
import { jsonText } from '../views/json.ts'
import { harmless } from '../views/terminal/harmless.ts'
import { coordinatorLines, type ListedCoordinator, listed } from '../views/terminal/signals.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import { unheardIn } from '../views/terminal/unheard.ts'
import { projectFor } from './compile-pipeline.ts'
import type { ExitCode, Io } from './io.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import { loadProject } from './project.ts'
import { faultsOf, ignored, noCoordinator, refuseNoSignal } from './signal.ts'

export interface SignalsCommand {
  /** One signal; else all. */
  readonly name?: string
  readonly json?: boolean
}

/** `opsflow signals [NAME]`: who answers what, in the order in which they are asked. */
export async function signals({ name, json }: SignalsCommand, io: Io): Promise<ExitCode> {
  if (name !== undefined) refuseNoSignal(name)
  const project = await loadProject(io)
  const compiled = compileCoordinators(await projectFor(project, io))
  if (!compiled.ok) {
    printDiagnostics(compiled.diagnostics, io)
    return 1
  }
  const all = compiled.value
  const those = all.flatMap((plan): ListedCoordinator[] => {
    if (name === undefined) return [listed(plan, Object.entries(plan.signals))]
    const entry = entryFor(plan, name)
    return entry === undefined || !answers(all, plan, name) ? [] : [listed(plan, [[name, entry]])]
  })
  if (name !== undefined && those.length === 0 && !json) return ignored(project, all, name, io)
  const faults = name === undefined || those.length === 0 ? faultsOf(project) : []
  const remedy = faults.length > 0 ? '' : ': write one into pipelines/, it starts with `coordinator: NAME`'
  if (json) io.stdout.write(`${jsonText({ coordinators: those })}\n`)
  else if (those.length === 0) io.stdout.write(`${noCoordinator(project)}${remedy}\n`)
  else {
    const style = makeStyle(wantsColour(io.stdout, io.env))
    const blocks = those.map((coordinator) => coordinatorLines(coordinator, style).join('\n'))
    io.stdout.write(unheardIn(io.env, harmless(`${blocks.join('\n\n')}\n`)))
  }
  if (faults.length > 0) printDiagnostics(faults, io)
  return (name !== undefined || faults.length > 0) && those.length === 0 ? 1 : 0
}
