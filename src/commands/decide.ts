import type { WaitSpec } from '../events/events.ts'
import { openQuestions, type Question } from '../events/questions.ts'
import { checkValues, parseInput } from '../model/inputs.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { InboxRow } from '../ports/store.ts'
import { judge, type RowVerdict } from '../run/judge.ts'
import { parseDuration } from '../util/duration.ts'
import type { Json } from '../util/json.ts'
import { nearest } from '../util/nearest.ts'
import { harmless } from '../views/terminal/harmless.ts'
import { questionText } from '../views/terminal/questions.ts'
import type { ExitCode, Io } from './io.ts'
import { type OpenRun, withRun } from './open-run.ts'
import { refuseSecrets, secretsHere } from './secrets.ts'
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

/** The open question that a person means: by its path, or by the last part of it, a gate and a check by their names. */
function findQuestion(open: OpenRun, written: string, kinds: readonly WaitSpec['kind'][]): Question {
  const { run, state } = open
  if (state.phase === 'ended') throw new WorldError(`run \`${run}\` has ended: ${state.outcome}`, seeShow(run))
  const questions = openQuestions(state)
  const exact = questions.filter(({ path }) => path === written)
  const found = exact.length > 0 ? exact : questions.filter(({ path }) => nameOf(path) === written)
  const fitting = found.filter(({ wait }) => kinds.includes(wait.kind))
  if (fitting.length > 1) {
    const paths = fitting.map(({ path }) => `\`${path}\``).join(', ')
    throw new UsageError(`\`${written}\` may be several: ${paths}`, 'write the whole path')
  }
  if (fitting[0] !== undefined) return fitting[0]
  if (found[0] !== undefined)
    throw new WorldError(`\`${found[0].path}\` waits for ${WANTED[found[0].wait.kind]}`, questionText(run, found[0]))
  throw notAsked(open, written, questions)
}

const WANTED: Readonly<Record<WaitSpec['kind'], string>> = {
  approval: 'an approval',
  answer: 'an answer',
  bypass: 'a bypass',
  interrupted: 'a word on whether it runs again',
  signal: 'a signal',
}

/** `round/gate:quality` is called `quality`, `build/check:lint` is called `lint`, `round@2/ask` is called `ask`. */
function nameOf(path: string): string {
  return path
    .split('/')
    .at(-1)!
    .replace(/^(?:gate|check):/, '')
    .replace(/@\d+$/, '')
}

/** Why nothing is asked under that name: it was decided, it is not the time, it is not there. */
function notAsked(open: OpenRun, written: string, questions: readonly Question[]): Error {
  const { run, state, reader, liveness } = open
  const step = state.steps.get(written) ?? [...state.steps.values()].findLast(({ path }) => nameOf(path) === written)
  const decided = step?.wait?.decision
  if (step && decided?.verdict === 'expired')
    return new WorldError(
      `\`${step.path}\`: it is too late: the deadline was ${new Date(decided.at).toISOString()}`,
      seeShow(run),
    )
  if (step && decided) {
    const by = decided.by === undefined ? '' : ` by ${decided.by.name}`
    return new WorldError(`\`${step.path}\`: it was ${decided.verdict} before${by}`, seeShow(run))
  }
  const gate = [...state.gates.values()].findLast((one) => one.decided !== undefined && one.gate === nameOf(written))
  if (step === undefined && gate?.decided) {
    const verdict = gate.status === 'bypassed' ? 'bypassed' : 'rejected'
    return new WorldError(`gate \`${gate.gate}\`: it was ${verdict} before by ${gate.decided.by.name}`, seeShow(run))
  }
  if (step?.status === 'running' && state.phase === 'running' && liveness !== 'live')
    return new WorldError(
      `\`${step.path}\` waits for no decision: it was running when its runner died`,
      `go on: opsflow resume ${run}`,
    )
  if (step) return new WorldError(`\`${step.path}\` waits for no decision: it is ${step.status}`, seeShow(run))
  const known = Object.values(reader.plan().pipelines).flatMap(({ steps, gates }) => [...steps, ...gates])
  const name = nameOf(written)
  if (known.some(({ id }) => id === name))
    return new WorldError(`\`${written}\` asks nothing, or nothing yet`, seeShow(run))
  const near = nearest(
    name,
    known.map(({ id }) => id),
  )
  const asked = questions.map(({ path }) => `\`${path}\``).join(', ')
  const hint = near ? `did you mean \`${near}\`?` : asked === '' ? 'it asks nothing now' : `it asks: ${asked}`
  return new UsageError(`there is no step or gate \`${written}\` in run \`${run}\``, hint)
}

function seeShow(run: string): string {
  return `see \`opsflow show ${run}\``
}

const TOLD: Readonly<Record<RowVerdict, ExitCode>> = { taken: 0, decided: 1, late: 1, 'not-allowed': 1 }

async function decide(
  options: DecideOptions,
  target: string,
  kinds: readonly WaitSpec['kind'][],
  makeRow: (wait: WaitSpec, nowMs: number) => Pick<InboxRow, 'kind' | 'data'>,
  io: Io,
): Promise<ExitCode> {
  const exit = await withRun(options.id, io, async (open): Promise<ExitCode | 'resume'> => {
    const { path, wait } = findQuestion(open, target, kinds)
    const asked = lastAsked(open, path)
    // As the row will have it: never before the record, though the clock was set back.
    const said = makeRow(wait, Math.max(Date.now(), open.state.lastAt))
    await refuseSecrets({ 'the decision': said.data }, open.reader.plan(), () => secretsHere(io))
    const put = open.store.put(open.run, { by: io.user, target: path, ...said })
    const rows = open.reader.inbox().filter((row) => row.target === path && row.at >= asked)
    const verdict = judge(wait, rows, put.at).rows.find(({ row }) => row === put.row)
    if (verdict === undefined || TOLD[verdict.verdict] !== 0) {
      throw new WorldError(
        `\`${path}\`: ${verdict?.message ?? 'it is not asked any more'}`,
        seeShow(open.run),
        'people',
      )
    }
    io.stdout.write(harmless(`${verdict.message}: ${path} of ${open.run}\n`))
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

/** The fields of an answer, each read as its schema says. Everything wrong with them at once. */
export function answerValues(
  wait: WaitSpec,
  words: readonly (readonly [string, string])[],
): { readonly [name: string]: Json } {
  const schemas = (wait.answer ?? {}) as unknown as { readonly [name: string]: ValueSchema }
  const found = new Map<string, Json>()
  const problems = new Map<string, string>()
  for (const [name, text] of words) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
    const parsed = schema === undefined ? { ok: true as const, value: text } : parseInput(schema, text)
    if (parsed.ok) found.set(name, parsed.value)
    else problems.set(name, `field \`${name}\`: ${parsed.message}`)
  }
  const values = Object.fromEntries(found)
  for (const { path, message, hint } of checkValues(schemas, values, 'field')) {
    const name = String(path[0])
    if (!problems.has(name)) problems.set(name, hint === undefined ? message : `${message} (${hint})`)
  }
  if (problems.size === 0) return values
  throw new UsageError([...problems.values()].join('\n  and '), 'give each as `name=value`')
}

/** `opsflow bypass RUN GATE --reason … --expires …` */
export function bypass(
  options: DecideOptions & { readonly gate: string; readonly reason: string; readonly expires: string },
  io: Io,
): Promise<ExitCode> {
  const ms = parseDuration(options.expires)
  if (ms === undefined || ms === 0)
    throw new UsageError(`\`${options.expires}\` is no duration`, 'write it as `1h` or `3d`', 'gates')
  return decide(
    options,
    options.gate,
    ['bypass'],
    (_, nowMs) => ({ kind: 'bypass', data: { reason: options.reason, expires: nowMs + ms } }),
    io,
  )
}

/** `opsflow note RUN TEXT`: into the record, by whoever owns the run. */
export function note(options: { readonly id: string; readonly text: string }, io: Io): Promise<ExitCode> {
  return withRun(options.id, io, async ({ store, run, reader, state }): Promise<ExitCode> => {
    if (options.text.trim() === '') throw new UsageError('the note is empty')
    if (state.phase === 'ended') throw new WorldError(`run \`${run}\` has ended: its record is closed`)
    await refuseSecrets({ 'the note': options.text }, reader.plan(), () => secretsHere(io))
    store.put(run, { by: io.user, kind: 'note', target: '', data: { text: options.text } })
    io.stdout.write(
      reader.liveness() === 'live'
        ? `noted on ${run}\n`
        : `noted; it enters the record of ${run} when the run goes on\n`,
    )
    return 0
  })
}
