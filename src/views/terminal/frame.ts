/**
 * The moving part of a run's view: a line a step, the gates, and a bar. Takes what is known and the size of the window;
 * gives lines that fit into it.
 *
 * 1. Pure: the same in gives the same lines.
 * 2. No line reaches the last column, whatever programs print and however they call things.
 * 3. Where there is more than fits, what needs a person comes first, then what is held up, then what runs, longest first;
 *    the rest is counted.
 */
import { prefixOf } from '../../events/path.ts'
import type { GateState, RunState, StepState } from '../../events/state.ts'
import type { Plan } from '../../plan/plan.ts'
import { formatDuration } from '../../util/duration.ts'
import { unreachable } from '../../util/unreachable.ts'
import type { Estimate } from './estimate.ts'
import { fitEnd, lineOf, oneLine, type Piece, pad, textWidth } from './fit.ts'
import { type Holders, heldText } from './show.ts'
import type { Style } from './style.ts'
import { type Coming, type Survey, survey } from './survey.ts'
import { mark, waitingText } from './words.ts'

/** All that a frame is made of. */
export interface Board {
  readonly state: RunState
  readonly plan: Plan | undefined
  readonly estimate: Estimate | undefined
  /** Epoch milliseconds. */
  readonly nowMs: number
  readonly columns: number
  readonly rows: number
  readonly style: Style
  /** The last line that an attempt has printed. */
  readonly lastLine: (path: string, attempt: number) => string | undefined
  readonly holders: Holders
}

const LEAST_STEPS = 3
const MOST_STEPS = 30
const MOST_COMING = 8
/** Where there is not room for all: so many that queue, and so many to come. */
const MOST_QUEUED = 3
/** Below this there is no room for a bar. */
const BAR_COLUMNS = 50

/** The lines of one frame, at most as many as the window has rows but one. */
export function frameLines(board: Board): readonly string[] {
  const { state, rows } = board
  const seen = survey(state, board.plan, MOST_COMING)
  const gates = gatesLine(board)
  const room = Math.min(MOST_STEPS, Math.max(LEAST_STEPS, Math.floor(rows * 0.6)), rows - 3 - gates.length)
  const lines = [...(room > 0 ? stepLines(seen, room, board) : []), ...gates, barLine(seen, board)]
  return lines.slice(-Math.max(1, rows - 1))
}

/** One line of the list, before its name has a width. */
interface Row {
  readonly rank: number
  /** Among equals the larger ones are shown. */
  readonly weight: number
  readonly kind: 'running' | 'waiting' | 'slot' | 'coming'
  readonly mark: Piece
  readonly name: string
  readonly time: string
  readonly note: string
  readonly loud: boolean
}

function stepLines(seen: Survey, room: number, board: Board): readonly string[] {
  const { style, columns } = board
  const rows = [
    ...heldGates(board),
    ...(board.state.waitingFor === undefined ? [] : [runRow(board)]),
    ...seen.active.map((step) => activeRow(step, board)),
    ...seen.coming.map((coming) => comingRow(coming, style)),
  ]
  const hidden = seen.counts.coming - seen.coming.length
  const isAll = rows.length <= room && hidden === 0
  const chosen = isAll ? rows : choose(rows, Math.max(1, room - 1))
  const nameWidth = Math.min(
    Math.max(8, Math.floor(columns * 0.4)),
    Math.max(0, ...chosen.map((row) => textWidth(row.name))),
  )
  const timeWidth = Math.max(0, ...chosen.map((row) => row.time.length))
  const lines = chosen.map((row) => {
    const name = pad(fitEnd(row.name, nameWidth), nameWidth)
    const paint = row.kind === 'coming' ? style.dim : String
    const times: readonly Piece[] = timeWidth === 0 ? [] : [[`  ${pad(row.time, timeWidth)}`, style.dim]]
    const note = row.note === '' && row.kind === 'running' ? lastLineOf(row.name, board) : row.note
    const notes: readonly Piece[] = note === '' ? [] : ['  ', [note, row.loud ? String : style.dim]]
    return lineOf(['  ', row.mark, ' ', [name, paint], ...times, ...notes], columns - 1)
  })
  return isAll ? lines : [...lines, lineOf(['    ', [moreText(rows, chosen, hidden), style.dim]], columns - 1)]
}

/** The rows that matter most, in the order in which they stood; a few of those that only queue. */
function choose(rows: readonly Row[], room: number): readonly Row[] {
  const few = (kind: Row['kind']) => rows.filter((row) => row.kind === kind).slice(0, MOST_QUEUED)
  const busy = rows.filter(({ kind }) => kind !== 'slot' && kind !== 'coming')
  const best = [...busy.toSorted((a, b) => a.rank - b.rank || b.weight - a.weight), ...few('slot'), ...few('coming')]
  const chosen = new Set(best.slice(0, room))
  return rows.filter((row) => chosen.has(row))
}

function moreText(rows: readonly Row[], chosen: readonly Row[], hidden: number): string {
  const left = (kind: Row['kind']) =>
    rows.filter((row) => row.kind === kind).length - chosen.filter((row) => row.kind === kind).length
  const counts = [
    [left('running'), 'running'],
    [left('waiting'), 'waiting'],
    [left('slot'), 'waiting for a free slot'],
    [left('coming') + hidden, 'to come'],
  ] as const
  const parts = counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]))
  return `and ${parts.join(', ')}`
}

function lastLineOf(path: string, { state, lastLine }: Board): string {
  const step = state.steps.get(path)
  return step === undefined ? '' : oneLine(lastLine(path, step.attempts) ?? '')
}

function activeRow(step: StepState, board: Board): Row {
  const { style, nowMs, state } = board
  const weight = step.startedAt === undefined ? 0 : nowMs - step.startedAt
  const time = step.startedAt === undefined ? '' : clock(weight)
  const base = { name: step.path, weight, time, mark: markOf(step, style) }
  if (step.status === 'waiting' && step.waitingFor) {
    const { kind } = step.waitingFor
    const note = oneLine(waitingText(step.waitingFor, nowMs) + heldText(step.waitingFor, state.run, board.holders))
    const rank = kind === 'approval' || kind === 'answer' ? 0 : 1
    return { ...base, kind: kind === 'slot' ? 'slot' : 'waiting', rank, note, loud: rank === 0 }
  }
  const holds = holdsText(step, state)
  const doing = doingText(step)
  const words = [step.attempts > 1 ? `attempt ${step.attempts}` : '', step.late ? 'late' : '', holds, doing]
  return {
    ...base,
    kind: 'running',
    // How far a list has come says more than any one of it.
    rank: step.items !== undefined ? 1 : holds === '' ? 2 : 3,
    note: words.filter((word) => word !== '').join(', '),
    loud: step.late,
  }
}

function markOf(step: StepState, style: Style): Piece {
  return step.status === 'waiting' ? ['…', style.warn] : mark('running', style)
}

/** What a step consists of, where it is more than one thing. */
function holdsText(step: StepState, state: RunState): string {
  if (step.items !== undefined) {
    const ended = step.items.filter(({ key }) => state.steps.get(`${step.path}[${key}]`)?.endedAt !== undefined)
    return `${ended.length} of ${step.items.length} ${step.items.length === 1 ? 'item' : 'items'}`
  }
  if (step.iteration > 0) return `pass ${step.iteration}`
  const scope = state.scopes.get(step.path)
  return scope === undefined ? '' : `(${scope.pipeline})`
}

/** What goes on beside its program. */
function doingText(step: StepState): string {
  if (step.recovering !== undefined) return `repairing \`${step.recovering}\``
  const checks = [...step.checks].filter(([, check]) => check.status === 'running')
  const asked = checks.find(([, check]) => check.wait !== undefined)
  if (asked) return `check \`${asked[0]}\` waits for a person`
  return checks.length === 0 ? '' : `check ${checks.map(([id]) => `\`${id}\``).join(', ')}`
}

function comingRow({ path, needs, gates, last }: Coming, style: Style): Row {
  const held = gates.map((gate) => `gate ${gate}`)
  const waits = [...needs, ...held].join(', ')
  const note = waits === '' ? (last ? 'at the end' : '') : `needs ${waits}`
  return { rank: 4, weight: 0, kind: 'coming', mark: mark('pending', style), name: path, time: '', note, loud: false }
}

/** The run itself, before it may start anything. */
function runRow({ state, nowMs, style, holders }: Board): Row {
  const what = state.waitingFor!
  const note = oneLine(waitingText(what, nowMs) + heldText(what, state.run, holders))
  const base = { weight: 0, name: 'the run', time: clock(nowMs - state.createdAt), note }
  return { ...base, rank: 0, kind: 'waiting', mark: ['…', style.warn], loud: true }
}

/** Gates that wait for a person. */
function heldGates({ state, style }: Board): readonly Row[] {
  return [...state.gates].flatMap(([key, gate]) => {
    const asked = [...gate.checks].find(([, check]) => check.status === 'running' && check.wait !== undefined)
    if (gate.wait === undefined && asked === undefined) return []
    const note =
      gate.wait === undefined ? `check \`${asked![0]}\` waits for a person` : `held: ${oneLine(gate.wait.prompt)}`
    const base = { rank: 0, weight: 0, kind: 'waiting' as const, time: '', loud: true }
    return [{ ...base, mark: ['◆', style.warn] as const, name: key, note }]
  })
}

/** The gates of the run and of the sub-pipelines that run now, with their verdicts. */
function gatesLine({ state, plan, style, columns }: Board): readonly string[] {
  const pieces: Piece[] = []
  for (const scope of state.scopes.values()) {
    const holder = state.steps.get(scope.path)
    if (holder !== undefined && holder.endedAt !== undefined) continue
    for (const { id } of plan?.pipelines[scope.pipeline]?.gates ?? []) {
      const key = prefixOf(scope.path) + id
      const status = state.gates.get(key)?.status ?? 'pending'
      const [symbol, paint] = verdict(status, style)
      pieces.push(['  ', String], [`${symbol} `, paint], `${key} `, [status === 'pending' ? 'to come' : status, paint])
    }
  }
  return pieces.length === 0 ? [] : [lineOf(['  ', ['gates', style.dim], ...pieces], columns - 1)]
}

function verdict(status: GateState['status'], style: Style): readonly [string, (text: string) => string] {
  switch (status) {
    case 'passed':
      return ['✓', style.good]
    case 'failed':
      return ['✗', style.bad]
    case 'held':
    case 'bypassed':
      return ['◆', style.warn]
    case 'pending':
      return ['·', style.dim]
    default:
      return unreachable(status)
  }
}

function barLine({ counts, active }: Survey, { state, estimate, nowMs, columns, style }: Board): string {
  const share = estimate?.share ?? (counts.total === 0 ? 0 : counts.ended / counts.total)
  const width = columns < BAR_COLUMNS ? 0 : Math.min(24, Math.floor(columns / 5))
  const full = Math.min(width, Math.floor(share * width))
  const bar: readonly Piece[] =
    width === 0 ? [] : ['  ', ['━'.repeat(full), style.good], ['╌'.repeat(width - full), style.dim]]
  const failed: readonly Piece[] = counts.failed === 0 ? [] : ['  ', [`${counts.failed} failed`, style.bad]]
  const skipped: readonly Piece[] = counts.skipped === 0 ? [] : ['  ', [`${counts.skipped} skipped`, style.dim]]
  const time = `  ${clock(nowMs - state.createdAt)}${leftText(active, estimate)}`
  const cancelled: readonly Piece[] = state.cancel === undefined ? [] : ['  ', ['ending', style.warn]]
  return lineOf(
    [
      ...bar,
      `  ${counts.ended}${width === 0 ? '/' : ' of '}${counts.total} steps`,
      ...failed,
      ...skipped,
      ...cancelled,
      [time, style.dim],
    ],
    columns - 1,
  )
}

/** What history says of the time to come. While all that is active waits for people, nobody knows. */
function leftText(active: readonly StepState[], estimate: Estimate | undefined): string {
  if (estimate === undefined) return ''
  const people = active.filter(({ waitingFor }) => ['approval', 'answer', 'signal'].includes(waitingFor?.kind ?? ''))
  const left = estimate.leftMs < 1000 ? '' : `about ${clock(estimate.leftMs)} left`
  if (people.length > 0) return left === '' ? '' : `, ${left.replace(/left$/, 'of work left')}`
  // What takes less than a second in all needs no word.
  return left !== '' ? `, ${left}` : estimate.share > 0.5 ? ', any moment now' : ''
}

/** Whole seconds: what changes more often would be drawn more often. */
function clock(ms: number): string {
  return ms < 1000 ? '0s' : formatDuration(Math.floor(ms / 1000) * 1000)
}
