import type { ReportGate, ReportIssue, ReportOutput } from '../../model/generated/outputs.types.ts'
import { formatDuration } from '../../util/duration.ts'
import { counted } from '../terminal/words.ts'
import { type Block, type Line, type Page, shortened, shown } from './page.ts'
import { contributions } from './run-contributions.ts'
import { escalation, handoffs, nextSteps } from './run-handovers.ts'
import { readable } from './steps.ts'
import { moment, toneOf } from './words.ts'

/** Characters of one value. */
const LONGEST = 20_000

type Section = NonNullable<ReportOutput['sections']>[number]

/** What stands in each section, in the order of a report whose coordinator says nothing of it. */
const SECTIONS: { readonly [section in Section]: (report: ReportOutput) => readonly Block[] } = {
  summary,
  gates,
  deliverables,
  contributions,
  issues: (report) => [
    ...issues(report.issues),
    ...undone(report),
    ...report.escalations.flatMap(escalation),
    ...handoffs(report.handoffs),
    ...notes(report),
  ],
  next_steps: (report) => nextSteps(report.nextSteps),
}
const ALL = Object.keys(SECTIONS) as Section[]

/**
 * The report of a run as a page, with the sections that it is to have. What was not done is said in any case.
 * `most`: rows of one table, items of one list; what is more is counted.
 */
export function runPage(report: ReportOutput, most = 500): Page {
  const { sections = ALL } = report
  return {
    title: `${report.pipeline} ${report.run}`,
    badge: { badge: report.status, tone: toneOf(report.status) },
    blocks: shortened(
      [
        ...sections.flatMap((section) => SECTIONS[section](report)),
        ...(sections.includes('issues') ? [] : undone(report)),
      ],
      most,
      report.run,
    ),
  }
}

function summary(report: ReportOutput): readonly Block[] {
  const { gates: judged, counts } = report
  const open = report.endedAt === undefined ? ' so far' : ''
  const rows: [string, Line][] = [
    [
      'Status',
      [{ badge: report.status, tone: toneOf(report.status) }, report.reason === undefined ? '' : ` ${report.reason}`],
    ],
    ['Duration', [`${formatDuration(report.durationMs)}${open}, at work for ${formatDuration(report.workedMs)}`]],
    ['Gates', [judged.total === 0 ? 'none' : `${judged.passed}/${judged.total} passed`]],
    [
      'Steps',
      [
        Object.entries(counts)
          .map(([status, count]) => `${count} ${status}`)
          .join(', ') || 'no step ran',
      ],
    ],
    ['Issues', [weights(report.issues)]],
    ['Started', [`${moment(report.createdAt)} by ${report.startedBy}`]],
    [report.endedAt === undefined ? 'As of' : 'Ended', [moment(report.asOf)]],
    ['Plan', [{ code: report.planHash.slice(0, 12) }, `, opsflow ${report.version}`]],
  ]
  if (report.cause) rows.push(['Asked for by', [{ code: report.cause.signal }, ` to ${report.cause.coordinator}`]])
  for (const [name, value] of Object.entries(report.inputs))
    if (value !== null && value !== '') rows.push([`Input ${name}`, inputLine(value)])
  const description: Block[] =
    report.description === undefined ? [] : [{ kind: 'paragraph', line: [report.description] }]
  return [...description, { kind: 'facts', rows }]
}

function inputLine(value: unknown): Line {
  return typeof value === 'string' ? shown(cut(value, 200)) : [{ code: cut(JSON.stringify(value), 200) }]
}

function weights(all: readonly ReportIssue[]): string {
  const parts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = all.filter((issue) => issue.severity === severity).length
    return count === 0 ? [] : [counted(count, severity === 'info' ? 'note' : severity)]
  })
  return parts.join(', ') || 'none'
}

function gates({ gates: { passed, total, verdicts } }: ReportOutput): readonly Block[] {
  if (total === 0) return []
  return [
    { kind: 'heading', text: `Gates ${passed}/${total}` },
    {
      kind: 'table',
      columns: [
        { title: 'Gate' },
        { title: 'Verdict' },
        { title: 'Level' },
        { title: 'Succeeded', isNumber: true },
        { title: 'What was found' },
      ],
      rows: verdicts.map((gate) => ({
        cells: [
          [{ code: readable(gate.path) }],
          [{ badge: gate.status === 'pending' ? 'not judged' : gate.status, tone: toneOf(gate.status) }],
          [gate.level],
          [gate.share === undefined ? '' : `${Math.round(gate.share * 100)} %`],
          [found(gate)],
        ],
      })),
    },
  ]
}

function found({ failing, checks, decided }: ReportGate): string {
  const told = new Set(checks.filter(({ status }) => status === 'failed').map(({ id }) => id))
  const parts = failing.filter((name) => !told.has(name)).map((name) => `\`${readable(name)}\` failed it`)
  for (const { id, status, message } of checks)
    if (status === 'failed') parts.push(`check \`${id}\`${message ? `: ${message}` : ' failed'}`)
  const passed = checks.filter(({ status }) => status === 'passed').length
  if (passed > 0) parts.push(`${passed} of ${checks.length} checks passed`)
  if (decided) {
    const until = decided.expiresAt === undefined ? '' : `, until ${moment(decided.expiresAt)}`
    parts.push(`${decided.by} on ${moment(decided.at)}${until}: ${decided.reason}`)
  }
  return parts.join('; ')
}

function deliverables({ deliverables: all, endedAt }: ReportOutput): readonly Block[] {
  if (all.length === 0) return []
  const given = all.filter(({ value }) => value !== null)
  const lines = given.map(({ name, label, value }) => ({ name: label ?? name, value, isLong: isLong(value) }))
  const missing = all.filter(({ value }) => value === null).map(({ name, label }) => label ?? name)
  const blocks: Block[] = [{ kind: 'heading', text: 'Deliverables' }]
  const short = lines.filter(({ isLong: long }) => !long)
  if (short.length > 0)
    blocks.push({
      kind: 'list',
      items: short.map(({ name, value }) => ({ line: [{ strong: `${name}:` }, ' ', ...shown(value)] })),
    })
  for (const { name, value, isLong: long } of lines)
    if (long) blocks.push({ kind: 'subheading', line: [name] }, { kind: 'text', text: cut(asText(value), LONGEST) })
  if (missing.length > 0)
    blocks.push({
      kind: 'paragraph',
      line: [`${endedAt === undefined ? 'Not there yet' : 'Not delivered'}: ${missing.join(', ')}`],
    })
  return blocks
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
}

function isLong(value: unknown): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 200 || text.trimEnd().includes('\n')
}

const SEVERITY = {
  error: { badge: 'error', tone: 'bad' },
  warning: { badge: 'warning', tone: 'warn' },
  info: { badge: 'note', tone: 'plain' },
} as const

function issues(all: readonly ReportIssue[]): readonly Block[] {
  if (all.length === 0) return []
  const items = all.map(({ severity, path, message, hint, tail, count }) => ({
    line: [
      SEVERITY[severity],
      ' ',
      ...(path === undefined ? [] : [{ code: readable(path) }, ': ']),
      `${message}${count > 1 ? ` (${count} times)` : ''}${hint === undefined ? '' : `; hint: ${hint}`}`,
    ],
    ...(tail === undefined ? {} : { below: tail }),
  }))
  return [
    { kind: 'heading', text: 'Issues' },
    { kind: 'list', items },
  ]
}

function undone({ undone: all, endedAt }: ReportOutput): readonly Block[] {
  if (all.length === 0) return []
  const items = all.map(({ path, status, why }) => ({
    line: [
      { code: readable(path) },
      `: ${status === 'pending' ? 'did not begin' : status}${why === undefined ? '' : `, ${why}`}`,
    ] satisfies Line,
  }))
  return [
    { kind: 'heading', text: endedAt === undefined ? 'Not done yet' : 'Not done' },
    { kind: 'list', items },
  ]
}

function notes({ notes: all }: ReportOutput): readonly Block[] {
  if (all.length === 0) return []
  const items = all.map(({ by, at, text }) => ({ line: [{ strong: by }, `, ${moment(at)}: ${text}`] }))
  return [
    { kind: 'heading', text: 'Notes' },
    { kind: 'list', items },
  ]
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most).toWellFormed()}… and ${text.length - most} more characters`
}
