import { kindOf } from '../model/kind.ts'
import { parseTarget } from '../policy/targets.ts'
import type { AskedTarget } from '../views/report/overview.ts'
import type { Io } from './io.ts'
import { loadProject } from './project.ts'

/**
 * What the coordinators of the project ask of their runs. A report is made of the record and needs no sound file: what
 * cannot be read here is said, and only its targets are left out.
 */
export async function targetsHere(io: Io): Promise<readonly AskedTarget[]> {
  const { coordinators, files } = await loadProject(io)
  const found: AskedTarget[] = []
  const leaveOut = (path: string) =>
    io.stderr.write(`opsflow: targets in \`${path}\` are not judged: it has faults, see \`opsflow lint\`\n`)
  for (const { checked, document } of files)
    if (checked === undefined && document && kindOf(document) === 'coordinator') leaveOut(document.file.path)
  for (const { value, document } of coordinators.values()) {
    let isSound = true
    for (const [key, text] of Object.entries(value.report?.targets ?? {})) {
      const parsed = parseTarget(key, text)
      if (parsed.ok) found.push({ coordinator: value.coordinator, key, text, target: parsed.target })
      else isSound = false
    }
    if (!isSound) leaveOut(document.file.path)
  }
  return found
}
