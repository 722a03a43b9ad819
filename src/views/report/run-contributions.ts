import type { ReportDeed, ReportOutput, ReportStep } from '../../model/generated/outputs.types.ts'
import { formatDuration } from '../../util/duration.ts'
import type { Block, Column, Line, Piece, Row } from './page.ts'
import { readable } from './steps.ts'
import { moment, toneOf } from './words.ts'

/** Who did what: agents, phases, people, steps. */
export function contributions(report: ReportOutput): readonly Block[] {
  const { agents, people, phases, steps } = report.contributions
  const blocks: Block[] = [{ kind: 'heading', text: 'Contributions' }]
  const counted = (first: string): Column[] => [
    ...[{ title: first }, { title: 'Steps', isNumber: true }, { title: 'Succeeded', isNumber: true }],
    ...[
      { title: 'Failed', isNumber: true },
      { title: 'Worked', isNumber: true },
    ],
  ]
  const counts = (sum: {
    readonly steps: number
    readonly succeeded: number
    readonly failed: number
    readonly workedMs: number
  }) => [`${sum.steps}`, `${sum.succeeded}`, `${sum.failed}`, formatDuration(sum.workedMs)].map((text): Line => [text])
  if (agents.length > 0)
    blocks.push(
      { kind: 'subheading', line: ['Agents'] },
      table(
        [...counted('Agent'), { title: 'Retries', isNumber: true }, { title: 'Timeouts', isNumber: true }],
        agents.map((each) => ({
          cells: [[{ code: each.agent }], ...counts(each), [`${each.retries}`], [`${each.timeouts}`]],
        })),
      ),
    )
  if (phases.length > 0)
    blocks.push(
      { kind: 'subheading', line: ['Phases'] },
      table(
        counted('Phase'),
        phases.map((each) => ({ cells: [[each.phase], ...counts(each)] })),
      ),
    )
  if (people.length > 0)
    blocks.push(
      { kind: 'subheading', line: ['People'] },
      { kind: 'list', items: people.map((deed) => ({ line: deedLine(deed) })) },
    )
  if (steps.length > 0)
    blocks.push(
      { kind: 'subheading', line: ['Steps'] },
      table(
        [
          { title: 'Step' },
          { title: 'Status' },
          { title: 'By' },
          { title: 'Attempts', isNumber: true },
          { title: 'Took', isNumber: true },
        ],
        steps.map((step) => stepRow(step, report)),
      ),
    )
  return blocks.length > 1 ? blocks : []
}

const DID: Readonly<Record<ReportDeed['did'], string>> = {
  started: 'started the run',
  resumed: 'resumed the run',
  reopened: 'opened the ended run again',
  replanned: 'went on by another plan',
  cancelled: 'cancelled the run',
  approved: 'approved',
  rejected: 'rejected',
  answered: 'answered',
  sent: 'sent the signal that was waited for by',
  bypassed: 'bypassed',
  rerun: 'had run again',
}

function deedLine({ by, at, did, path, text, afterMs }: ReportDeed): Line {
  const what: Piece[] = path === undefined ? [] : [' ', { code: readable(path) }]
  const after = afterMs === undefined ? '' : ` after ${formatDuration(afterMs)}`
  return [{ strong: by }, ` ${DID[did]}`, ...what, `${after}, ${moment(at)}`, text === undefined ? '' : `: ${text}`]
}

function stepRow(step: ReportStep, { createdAt, durationMs }: ReportOutput): Row {
  const by =
    step.agent === undefined ? (step.kind ?? '') : `${step.agent}${step.task === undefined ? '' : `, ${step.task}`}`
  const outcome = step.outcome === undefined || step.outcome === step.status ? '' : ` ${step.outcome}`
  const tone = toneOf(step.status)
  const from = (step.startedAt ?? 0) - createdAt
  return {
    cells: [
      [{ code: readable(step.path) }],
      [{ badge: step.status, tone }, outcome],
      [by],
      [step.attempts === 0 ? '' : `${step.attempts}`],
      [step.durationMs === undefined ? '' : formatDuration(step.durationMs)],
    ],
    ...(step.durationMs === undefined || durationMs === 0
      ? {}
      : { bar: { from: from / durationMs, to: (from + step.durationMs) / durationMs, tone } }),
  }
}

function table(columns: readonly Column[], rows: readonly Row[]): Block {
  return { kind: 'table', columns, rows }
}
