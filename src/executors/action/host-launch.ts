import type { Outcome } from '../../events/outcome.ts'
import type { Dispatch } from '../../ports/executor.ts'
import { entryFile } from '../../supervisor/client.ts'
import type { Launch, Report } from '../../supervisor/protocol.ts'
import { isTooDeep, MOST_NESTED } from '../../util/json.ts'
import type { KindContext } from '../kind.ts'
import { outcomeOfExit, withEvidence } from '../outcome.ts'
import { checkOutputs, MAX_OUTPUT_BYTES, tooLarge } from '../outputs.ts'
import type { HostAnswer, HostRequest } from './protocol.ts'

let file: string | undefined

/** The program of the action host. */
export function hostFile(): string {
  file ??= entryFile(import.meta.url, './host.ts', 'action-host.js')
  return file
}

/** How a host is started for one request. */
export function hostLaunch(node: string, request: HostRequest): Pick<Launch, 'argv' | 'input' | 'collect'> {
  return {
    argv: [node, hostFile()],
    input: JSON.stringify(request),
    // One byte more than the outputs may have, and room for what stands around them.
    collect: { from: 'result', maxBytes: MAX_OUTPUT_BYTES + 64 * 1024 },
  }
}

/** What a host's end means. Its answer comes from a process that ran others' code: read as data, bounded and checked. */
export function judgeHost(dispatch: Dispatch, report: Report, context: KindContext): Outcome {
  const { durationMs } = report
  const failed = (reason: string, message: string, more: object = {}): Outcome =>
    withEvidence({ status: 'failed', reason, message, durationMs, ...more }, dispatch, context.log)

  if (report.overflow === true) return failed('outputs', tooLarge('the answer'))
  const answer = parseAnswer(report.collected ?? '')
  if (answer === undefined) {
    const { exit } = report
    return withEvidence(
      exit === 0
        ? { ...outcomeOfExit(report), reason: 'action', message: 'ended without an answer' }
        : outcomeOfExit(report),
      dispatch,
      context.log,
    )
  }
  if (!answer.ok) {
    const hint = answer.hint === undefined ? '' : ` (${answer.hint})`
    const retry = answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }
    return failed(reasonOf(answer.reason), clipped(`${answer.message}${hint}`), retry)
  }
  if (isTooDeep(answer.outputs)) return failed('outputs', `the answer is nested more than ${MOST_NESTED} deep`)
  if (Buffer.byteLength(JSON.stringify(answer.outputs)) > MAX_OUTPUT_BYTES)
    return failed('outputs', tooLarge('the answer'))
  if (Object.keys(dispatch.outputs).length === 0) return { status: 'succeeded', outputs: answer.outputs, durationMs }
  const checked = checkOutputs(new Map(Object.entries(answer.outputs)), dispatch.outputs)
  if (!checked.ok) return failed('outputs', checked.message)
  return { status: 'succeeded', outputs: checked.outputs, durationMs }
}

const LONGEST_MESSAGE = 4096

/** The host runs others' code, which may write anything: the words of an answer are bounded like its outputs. */
function clipped(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message
}

function reasonOf(said: string): string {
  return /^[a-z][a-z0-9-]{0,63}$/.test(said) ? said : 'action'
}

function parseAnswer(text: string): HostAnswer | undefined {
  try {
    const answer = JSON.parse(text) as HostAnswer
    const isAnswer = answer.ok
      ? isObject(answer.outputs)
      : typeof answer.reason === 'string' && typeof answer.message === 'string'
    return isAnswer ? answer : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
