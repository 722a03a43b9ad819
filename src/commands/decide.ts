import type { WaitSpec } from '../events/events.ts'
import { gatePath } from '../events/path.ts'
import type { CheckState, RunState } from '../events/state.ts'
import { parseInput } from '../model/inputs.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { InboxRow } from '../ports/store.ts'
import { judge, type RowVerdict } from '../run/judge.ts'
import { parseDuration } from '../util/duration.ts'
import type { Json } from '../util/json.ts'
import type { ExitCode, Io } from './io.ts'
import { findPath, type OpenRun, withRun } from './open-run.ts'
import { UsageError, WorldError } from './usage-error.ts'

/**
 * `approve`, `reject`, `answer`, `bypass`, `note`: words of a person for a run that another process may own. Each puts a
 * row into the run's inbox and tells at once what became of it, by the same `judge` that the owner uses.
 */

interface DecideOptions {
  readonly id: string
  readonly comment?: string
  readonly resume?: boolean
}

/** What waits for a person, by the path that rows name. */
function openQuestions(state: RunState): ReadonlyMap<string, WaitSpec> {
  const open = new Map<string, WaitSpec>()
  const addChecks = (of: string, checks: ReadonlyMap<string, CheckState>): void => {
    for (const [id, check] of checks)
      if (check.wait && check.status === 'running') open.set(`${of}/check:${id}`, check.wait)
  }
  for (const { path, status, wait, checks } of state.steps.values()) {
    if (wait && wait.decision === undefined && status === 'waiting' && wait.spec.kind !== 'signal')
      open.set(path, wait.spec)
    addChecks(path, checks)
  }
  for (const [key, gate] of state.gates) {
    const path = gatePath(key.slice(0, Math.max(0, key.lastIndexOf('/'))), gate.gate)
    if (gate.wait) open.set(path, gate.wait)
    addChecks(path, gate.checks)
  }
  return open
}

function findQuestion(
  open: OpenRun,
  written: string,
  kinds: readonly WaitSpec['kind'][],
): { path: string; wait: WaitSpec } {
  const questions = openQuestions(open.state)
  const fitting = [...questions].filter(([, wait]) => kinds.includes(wait.kind)).map(([path]) => path)
  const named = fitting.find((path) => path === written || path.endsWith(`gate:${written}`))
  if (named !== undefined) return { path: named, wait: questions.get(named)! }
  try {
    const path = findPath(written, fitting, 'open question')
    return { path, wait: questions.get(path)! }
  } catch (error) {
    const step = [...open.state.steps.values()].find(
      ({ path }) => path === written || path.split('/').at(-1) === written,
    )
    if (step === undefined || fitting.length > 1) throw error
    throw new WorldError(
      `\`${step.path}\` waits for no decision: it is ${step.status}`,
      `see \`opsflow show ${open.run}\``,
    )
  }
}

const TOLD: Readonly<Record<RowVerdict, ExitCode>> = { taken: 0, decided: 1, late: 1, 'not-allowed': 1 }

async function decide(
  options: DecideOptions,
  target: string,
  kinds: readonly WaitSpec['kind'][],
  makeRow: (wait: WaitSpec) => Pick<InboxRow, 'kind' | 'data'>,
  io: Io,
): Promise<ExitCode> {
  const exit = await withRun(options.id, io, async (open): Promise<ExitCode | 'resume'> => {
    const { path, wait } = findQuestion(open, target, kinds)
    const asked = lastAsked(open, path)
    const put = open.store.put(open.run, { by: io.user, target: path, ...makeRow(wait) })
    const rows = open.reader.inbox().filter((row) => row.target === path && row.at >= asked)
    const verdict = judge(wait, rows, put.at).rows.find(({ row }) => row === put.row)
    if (verdict === undefined || TOLD[verdict.verdict] !== 0) {
      throw new WorldError(
        `\`${path}\`: ${verdict?.message ?? 'it is not asked any more'}`,
        `see \`opsflow show ${open.run}\``,
      )
    }
    io.stdout.write(`${verdict.message}: ${path} of ${open.run}\n`)
    if (open.reader.liveness() === 'live') return 0
    if (options.resume) return 'resume'
    io.stdout.write(`nobody runs it now; go on with: opsflow resume ${open.run}\n`)
    return 0
  })
  if (exit !== 'resume') return exit
  const { resume } = await import('./resume.ts')
  return resume({ id: options.id }, io)
}

/** When the question was put last: rows from before belong to an earlier one. */
function lastAsked(open: OpenRun, path: string): number {
  const { events } = open.reader.events()
  return events.findLast((event) => event.type === 'wait-opened' && event.path === path)?.at ?? 0
}

const withComment = (comment: string | undefined): { readonly [name: string]: Json } =>
  comment === undefined ? {} : { comment }

/** `opsflow approve RUN STEP` */
export function approve(options: DecideOptions & { readonly step: string }, io: Io): Promise<ExitCode> {
  return decide(
    options,
    options.step,
    ['approval', 'interrupted'],
    (wait) => ({ kind: wait.kind === 'interrupted' ? 'rerun' : 'approve', data: withComment(options.comment) }),
    io,
  )
}

/** `opsflow reject RUN STEP|GATE` */
export function reject(options: DecideOptions & { readonly step: string }, io: Io): Promise<ExitCode> {
  return decide(
    options,
    options.step,
    ['approval', 'answer', 'bypass', 'interrupted'],
    () => ({ kind: 'reject', data: withComment(options.comment) }),
    io,
  )
}

/** `opsflow answer RUN STEP NAME=VALUE…` */
export function answer(
  options: DecideOptions & { readonly step: string; readonly values: readonly (readonly [string, string])[] },
  io: Io,
): Promise<ExitCode> {
  return decide(
    options,
    options.step,
    ['answer'],
    (wait) => ({ kind: 'answer', data: answerValues(wait, options.values) }),
    io,
  )
}

/** The fields of an answer, each read as its schema says. */
export function answerValues(
  wait: WaitSpec,
  values: readonly (readonly [string, string])[],
): { readonly [name: string]: Json } {
  const schemas = (wait.answer ?? {}) as unknown as { readonly [name: string]: ValueSchema }
  const known = Object.keys(schemas)
  return Object.fromEntries(
    values.map(([name, text]) => {
      const schema = schemas[name]
      if (schema === undefined)
        throw new UsageError(
          `the question has no field \`${name}\``,
          known.length > 0
            ? `it asks for ${known.map((field) => `\`${field}\``).join(', ')}`
            : 'it asks for nothing but yes or no',
        )
      const parsed = parseInput(schema, text)
      if (!parsed.ok) throw new UsageError(`\`${name}\`: ${parsed.message}`)
      return [name, parsed.value] as const
    }),
  )
}

/** `opsflow bypass RUN GATE --reason … --expires …` */
export function bypass(
  options: DecideOptions & { readonly gate: string; readonly reason: string; readonly expires: string },
  io: Io,
): Promise<ExitCode> {
  const ms = parseDuration(options.expires)
  if (ms === undefined || ms === 0)
    throw new UsageError(`\`${options.expires}\` is no duration`, 'write it as `1h` or `3d`')
  return decide(
    options,
    options.gate,
    ['bypass'],
    () => ({ kind: 'bypass', data: { reason: options.reason, expires: Date.now() + ms } }),
    io,
  )
}

/** `opsflow note RUN TEXT`: into the record, by whoever owns the run. */
export function note(options: { readonly id: string; readonly text: string }, io: Io): Promise<ExitCode> {
  return withRun(options.id, io, async ({ store, run, reader, state }): Promise<ExitCode> => {
    if (options.text.trim() === '') throw new UsageError('the note is empty')
    if (state.phase === 'ended') throw new WorldError(`run \`${run}\` has ended: its record is closed`)
    store.put(run, { by: io.user, kind: 'note', target: '', data: { text: options.text } })
    io.stdout.write(
      reader.liveness() === 'live'
        ? `noted on ${run}\n`
        : `noted; it enters the record of ${run} when the run goes on\n`,
    )
    return 0
  })
}
