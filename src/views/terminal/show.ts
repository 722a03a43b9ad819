import type { WaitingFor } from '../../events/events.ts'
import { parentPath, tokenText } from '../../events/path.ts'
import { openQuestions } from '../../events/questions.ts'
import type { RunState, StepState } from '../../events/state.ts'
import type { Liveness } from '../../ports/store.ts'
import { formatDuration } from '../../util/duration.ts'
import { own } from '../../util/own.ts'
import { short, tailLines } from './event-lines.ts'
import { questionText } from './questions.ts'
import type { Style } from './style.ts'
import { answeredText, clockText, countText, mark, reasonText, runStatus, waitingText } from './words.ts'

/** A process that outlived both the runner and its supervisor. */
interface Left {
  readonly pid: number
  readonly token: string | undefined
}

/** Who changed the plan of the run: they may not decide where the starter may not. */
function broughtBy({ plannedBy }: RunState): string {
  return plannedBy.length === 0 ? '' : `, plans brought by ${plannedBy.map(({ name }) => name).join(', ')}`
}

/** Who holds a lock now: runs, and where it is one, the step. */
export type Holders = (key: string) => readonly { readonly run: string; readonly path: string }[]

/** What `show` prints: the state of a run, and what can be done about it. `nowMs`: epoch milliseconds. */
export function showLines(
  state: RunState,
  liveness: Liveness,
  nowMs: number,
  style: Style,
  left: readonly Left[] = [],
  holders: Holders = () => [],
  isWhole = true,
): readonly string[] {
  const spent = formatDuration((state.endedAt ?? nowMs) - state.createdAt)
  const lines = [
    `${style.strong(state.pipeline)}  run ${style.strong(state.run)}  ${runStatus({ ...state, liveness }, style)}  ${style.dim(spent)}`,
    style.dim(
      `  started by ${state.startedBy.name} at ${clockText(state.createdAt)}, plan ${state.planHash.slice(0, 12)}${broughtBy(state)}`,
    ),
  ]
  for (const [name, value] of Object.entries(state.inputs))
    if (value !== null) lines.push(style.dim(`  ${name}: ${short(value)}`))
  if (state.cancel) lines.push(`  ${style.warn('cancelled')} by ${state.cancel.by.name}: ${state.cancel.reason}`)
  if (state.waitingFor)
    lines.push(
      `  ${style.warn('…')} ${waitingText(state.waitingFor, nowMs)}${heldText(state.waitingFor, state.run, holders)}`,
    )
  lines.push('')
  const width = Math.min(40, Math.max(0, ...[...state.steps.keys()].map((path) => path.length)))
  const dead = isWhole && liveness === 'interrupted' && state.phase === 'running'
  const unknown = !isWhole && liveness !== 'live' && liveness !== 'ending'
  for (const step of inTreeOrder(state))
    lines.push(
      ...((dead || unknown) && step.status === 'running' && answeredText(step) === undefined
        ? [dead ? diedLine(step, width, style) : unknownLine(step, width, style)]
        : stepLines(step, state, width, nowMs, style, holders)),
    )
  for (const [path, gate] of state.gates) {
    const share = gate.share === undefined ? '' : `  ${Math.round(gate.share * 100)} % succeeded`
    const by = gate.decided ? `  by ${gate.decided.by.name}: ${gate.decided.reason}` : ''
    lines.push(
      `  ◆ ${path.padEnd(width)}  gate ${gate.status}${share}${gate.failing.length > 0 ? `  ${gate.failing.join(', ')}` : ''}${by}`,
    )
  }
  for (const note of state.notes)
    lines.push(style.dim(`  note by ${note.by.name} at ${clockText(note.at)}: ${note.text}`))
  lines.push('', countText(state))
  for (const [name, value] of Object.entries(state.outputs))
    if (value !== null) lines.push(`  ${own(state.labels, name) ?? name}: ${short(value)}`)
  for (const { pid, token } of left) {
    const of = token === undefined ? '' : ` of ${tokenText(token)}`
    lines.push(style.warn(`  still alive: pid ${pid}${of}; the run's next command ends it`))
  }
  return unknown ? lines : [...lines, ...adviceLines(state, liveness, style)]
}

/** Each step before what it holds, and what it holds before the next; else in the order in which things happened. */
export function inTreeOrder(state: RunState): readonly StepState[] {
  const below = new Map<string, StepState[]>()
  for (const step of state.steps.values()) {
    const parent = parentPath(step.path)
    const known = state.steps.has(parent) ? parent : ''
    const siblings = below.get(known)
    if (siblings) siblings.push(step)
    else below.set(known, [step])
  }
  const ordered: StepState[] = []
  const open = (below.get('') ?? []).toReversed()
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    ordered.push(step)
    open.push(...(below.get(step.path) ?? []).toReversed())
  }
  return ordered
}

/** Behind what waits for a lock: who has it. Nobody may, for the moment in which it goes from one to the next. */
export function heldText(what: WaitingFor, run: string, holders: Holders): string {
  if (what.kind !== 'lock') return ''
  const names = what.keys.flatMap(holders).map((holder) => {
    const step = holder.path === '' ? '' : `step \`${holder.path}\``
    if (holder.run === run) return step || 'this run'
    return `run ${holder.run}${step && `, ${step}`}`
  })
  return names.length === 0 ? '' : `, held by ${[...new Set(names)].join('; ')}`
}

function stepLines(
  step: StepState,
  state: RunState,
  width: number,
  nowMs: number,
  style: Style,
  holders: Holders,
): readonly string[] {
  const name = `  ${mark(step.status, style)} ${step.path.padEnd(width)}`
  const spent =
    step.startedAt === undefined ? '' : formatDuration(Math.max(0, (step.endedAt ?? nowMs) - step.startedAt))
  const attempts = step.attempts > 1 ? `  attempt ${step.attempts}` : ''
  if (step.status === 'waiting' && step.waitingFor)
    return [`${name}  ${waitingText(step.waitingFor, nowMs)}${heldText(step.waitingFor, state.run, holders)}`]
  const answered = answeredText(step)
  if (answered !== undefined) return [`${name}  ${answered}`]
  if (step.status === 'running') return [`${name}  running ${spent}${attempts}${step.late ? style.warn('  late') : ''}`]
  if (step.status === 'succeeded') return [`${name}  ${style.dim(spent + attempts)}`.trimEnd()]
  const failed = step.status !== 'skipped' && step.status !== 'pending'
  return [
    `${name}  ${reasonText(step)}${attempts}  ${style.dim(spent)}`.trimEnd(),
    ...(failed ? tailLines(state, step.path, style, step.message) : []),
    ...(failed && step.hint !== undefined ? [`      ${style.strong('hint')}: ${step.hint}`] : []),
  ]
}

/** Of a run that nobody drives any more: on record it runs, but nothing does. */
function diedLine(step: StepState, width: number, style: Style): string {
  const what = step.inFlight === undefined ? 'not finished' : 'interrupted: its runner died while it ran'
  return `  ${style.warn('!')} ${step.path.padEnd(width)}  ${what}`
}

/** What became of it stands in a part of the record that cannot be read. */
function unknownLine(step: StepState, width: number, style: Style): string {
  return `  ${style.warn('!')} ${step.path.padEnd(width)}  started; what became of it is not known`
}

/** The next command, where there is one to give. */
function adviceLines(state: RunState, liveness: Liveness, style: Style): readonly string[] {
  const run = state.run
  if (state.phase === 'ended' && state.scopes.get('')?.finallySkipped)
    return [
      style.warn('  `finally` did not run: the run was killed'),
      style.dim(`  run it: opsflow resume ${run}    logs: opsflow logs ${run} STEP`),
    ]
  if (state.phase === 'ended')
    return state.outcome === 'succeeded'
      ? []
      : [style.dim(`  logs: opsflow logs ${run} STEP    again: opsflow retry ${run}`)]
  const waits = openQuestions(state).flatMap((question) => [
    // A step has said above what it asks.
    ...(state.steps.has(question.path)
      ? []
      : [`  ${mark('waiting', style)} ${question.path}  ${question.wait.prompt}`]),
    style.dim(`  ${questionText(run, question)}`),
  ])
  if (liveness === 'live') return waits
  if (liveness === 'ending') return [style.dim('  its processes are being ended; resume waits for that')]
  return [...waits, style.dim(`  go on: opsflow resume ${run}`)]
}
