import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '../../events/outcome.ts'
import type { DispatchBody } from '../../ports/executor.ts'
import type { Report } from '../../supervisor/protocol.ts'
import { makeFolders } from '../../util/make-folder.ts'
import type { Kind } from '../kind.ts'
import { outcomeOfExit, withEvidence } from '../outcome.ts'
import {
  checkOutputs,
  type Found,
  MAX_OUTPUT_BYTES,
  parseOutputText,
  parseStdout,
  readOutputFile,
  type Schemas,
  tooLarge,
} from '../outputs.ts'

type ShellBody = Extract<DispatchBody, { kind: 'shell' }>

/** The kernel takes no single argument of 128 KiB or more: a longer script goes through a file. */
const LONGEST_ARGUMENT = 100_000

const SHELLS = { sh: ['/bin/sh', '-e'], bash: ['bash', '-eo', 'pipefail'] } as const

/** Commands and scripts. Ends well with exit code 0 and outputs that fit what is declared. */
export const shell: Kind<ShellBody> = {
  prepare(body, dispatch, context) {
    const collect = hasOutputs(dispatch.outputs)
      ? { collect: { from: 'stdout' as const, maxBytes: MAX_OUTPUT_BYTES } }
      : {}
    if ('argv' in body) return { argv: body.argv, ...collect }
    const command = SHELLS[body.shell]
    if (fitsArgument(body.script)) return { argv: [...command, '-c', body.script], ...collect }
    const file = join(context.scratch, 'script')
    makeFolders(context.scratch)
    writeFileSync(file, body.script, { mode: 0o600 })
    return { argv: [...command, file], ...collect }
  },
  waiting(body, argv) {
    // bash may read a file of the step's own (`BASH_ENV`) before its first word.
    if ('argv' in body || body.shell !== 'sh' || !fitsArgument(body.script)) return undefined
    // On the line of the script, so that its lines keep their numbers.
    return [...argv.slice(0, -1), `read _||exit;exec</dev/null;${body.script}`]
  },
  cleanUp(body, context) {
    if ('script' in body && !fitsArgument(body.script)) rmSync(join(context.scratch, 'script'), { force: true })
  },
  judge(_body, dispatch, report, context) {
    const { durationMs } = report
    if (report.exit !== 0) return withEvidence(outcomeOfExit(report), dispatch, context.log)
    if (!hasOutputs(dispatch.outputs)) return { status: 'succeeded', exit: 0, durationMs }
    const found = findOutputs(report, context.output, dispatch.outputs)
    const checked = found.ok ? checkOutputs(found.values, dispatch.outputs) : found
    if (checked.ok) return { status: 'succeeded', exit: 0, outputs: checked.outputs, durationMs }
    const outcome: Outcome = { status: 'failed', reason: 'outputs', message: checked.message, exit: 0, durationMs }
    return withEvidence(outcome, dispatch, context.log)
  },
}

const fitsArgument = (script: string): boolean => Buffer.byteLength(script) < LONGEST_ARGUMENT
const hasOutputs = (outputs: Schemas): boolean => Object.keys(outputs).length > 0

/** `$OPSFLOW_OUTPUT` where something was written to it, else stdout. */
function findOutputs(report: Report, file: string, schemas: Schemas): Found {
  const written = readOutputFile(file)
  if (written !== undefined)
    return 'text' in written ? parseOutputText(written.text, schemas) : { ok: false, message: written.problem }
  if (report.overflow === true) return { ok: false, message: tooLarge('stdout') }
  return parseStdout(report.collected ?? '', schemas)
}
