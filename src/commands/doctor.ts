/**
 * `opsflow doctor`: takes the folder that a person stands in; gives a finding for each thing that runs need, each that is
 * not well with its remedy. Promises:
 * 1. Nothing is changed: what it writes to try something is gone when it ends, and no state folder is made.
 * 2. What cannot be looked at does not hide the rest.
 * 3. No value of a secret is printed.
 */

import type { DoctorOutput } from '../model/generated/outputs.types.ts'
import { jsonText } from '../views/json.ts'
import { harmless } from '../views/terminal/harmless.ts'
import { makeStyle, type Style, wantsColour } from '../views/terminal/style.ts'
import { unheardIn } from '../views/terminal/unheard.ts'
import { counted } from '../views/terminal/words.ts'
import { type Finding, fault } from './doctor/finding.ts'
import { lookAtEditors, lookAtFiles, lookAtSecrets } from './doctor/project.ts'
import { lookAtState } from './doctor/state.ts'
import { lookAtSupervisor } from './doctor/supervisor.ts'
import { lookAtGit, lookAtNode } from './doctor/tools.ts'
import type { ExitCode, Io } from './io.ts'
import { loadProject } from './project.ts'

export interface DoctorOptions {
  readonly json?: boolean
  readonly strict?: boolean
}

/** Looks at everything that a run needs here. Exit 0 when all is well, 1 with an error, with `strict` also with a warning. */
export async function doctor(options: DoctorOptions, io: Io): Promise<ExitCode> {
  const project = await loadProject(io)
  const looks: readonly (readonly [Finding['id'], () => Look])[] = [
    ['node', () => lookAtNode(io)],
    ['git', () => lookAtGit(project.root, io)],
    ['state', () => lookAtState(project.stateDir, io)],
    ['project', () => lookAtFiles(project, io)],
    ['secrets', () => lookAtSecrets(project, io)],
    ['editor-schemas', () => lookAtEditors(project, io)],
    ['supervisor', () => lookAtSupervisor(io)],
  ]
  const findings = (await Promise.all(looks.map(([id, look]) => guarded(id, look)))).flat()
  const having = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length
  const [errors, warnings] = [having('error'), having('warning')]
  const output: DoctorOutput = { format: 1, version: io.version, errors, warnings, findings }
  io.stdout.write(
    options.json
      ? `${jsonText(output)}\n`
      : unheardIn(io.env, harmless(textOf(output, makeStyle(wantsColour(io.stdout, io.env))))),
  )
  return errors > 0 || (options.strict === true && warnings > 0) ? 1 : 0
}

type Look = Promise<Finding | readonly Finding[]> | readonly Finding[]

async function guarded(id: Finding['id'], look: () => Look): Promise<Finding | readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    return fault(id, `this could not be looked at: ${(error as Error).message}`, 'mend what the message names')
  }
}

function textOf({ errors, findings, version, warnings }: DoctorOutput, style: Style): string {
  const marks = { ok: style.good('✓'), info: style.dim('·'), warning: style.warn('!'), error: style.bad('✗') }
  const width = Math.max(...findings.map(({ id }) => id.length))
  const lines = findings.map(({ id, status, message, remedy }) => {
    const first = `${marks[status]} ${id.padEnd(width)}  ${message}`
    return remedy === undefined ? first : `${first}\n  ${' '.repeat(width)}  remedy: ${remedy}`
  })
  const sum = errors + warnings === 0 ? 'all is well' : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`
  return `opsflow ${version}\n\n${lines.join('\n')}\n\n${sum}\n`
}
