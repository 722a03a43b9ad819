import type { OverviewMeasures, OverviewOutput, OverviewSpread } from '../../model/generated/outputs.types.ts'
import { measureText, parseTarget } from '../../policy/targets.ts'
import { formatDuration } from '../../util/duration.ts'
import type { Block, Column, Line, Page, Row } from './page.ts'
import { moment, toneOf } from './words.ts'

/** The overview of many runs as a page. */
export function overviewPage(overview: OverviewOutput): Page {
  const { total, pipelines, signals, agents, targets, failures, unread, since, until, pipeline } = overview
  const good = succeeded(total)
  const of = pipeline === undefined ? 'Runs' : `Runs of ${pipeline}`
  const range = since === undefined ? `until ${moment(until)}` : `${moment(since)} to ${moment(until)}`
  return {
    title: of,
    badge: { badge: `${good} of ${total.runs} succeeded`, tone: good === total.runs ? 'good' : 'warn' },
    blocks: [
      ...summary(total, range),
      ...section(
        'By pipeline',
        'Pipeline',
        pipelines.map(({ pipeline: name, measures }) => [name, measures]),
      ),
      ...section(
        'By signal',
        'Signal',
        signals.map(({ signal, measures }) => [signal, measures]),
      ),
      ...byAgent(agents),
      ...targetsOf(targets),
      ...mostFailures(failures),
      ...notRead(unread),
    ],
  }
}

function summary(total: OverviewMeasures, range: string): readonly Block[] {
  if (total.runs === 0) return [{ kind: 'paragraph', line: [`No run began in this time: ${range}`] }]
  const { passed, failed, bypassed } = total.gates
  const rows: [string, Line][] = [
    ['Began', [range]],
    ['Runs', [`${total.runs}`]],
    [
      'Outcomes',
      Object.entries(total.outcomes).flatMap(([outcome, count], i) => [
        i === 0 ? '' : ', ',
        { badge: `${count} ${outcome}`, tone: toneOf(outcome) },
      ]),
    ],
    ['Duration', [spread(total.duration)]],
    ['At work', [spread(total.worked)]],
    [
      'Gate pass rate',
      [
        rate(total),
        passed + failed + bypassed === 0 ? '' : ` (${passed} passed, ${failed} failed, ${bypassed} bypassed)`,
      ],
    ],
    ['Timeouts', [`${total.timeouts}`]],
    ['Retries', [`${total.retries}`]],
  ]
  return [{ kind: 'facts', rows }]
}

/** Also with failures that were allowed; which they are stands in the outcomes. */
function succeeded({ outcomes }: OverviewMeasures): number {
  return (outcomes.succeeded ?? 0) + (outcomes['succeeded-with-failures'] ?? 0)
}

function spread({ count, p50, p95, max }: OverviewSpread): string {
  if (p50 === null || p95 === null || max === null) return 'none ended by itself'
  return `p50 ${formatDuration(p50)}, p95 ${formatDuration(p95)}, at most ${formatDuration(max)} (of ${count})`
}

function rate({ gates: { passRate } }: OverviewMeasures): string {
  return passRate === null ? 'none judged' : measureText('gate_pass_rate', passRate)
}

function number(title: string): Column {
  return { title, isNumber: true }
}

function duration(ms: number | null): Line {
  return [ms === null ? '' : formatDuration(ms)]
}

function section(
  heading: string,
  title: string,
  rows: readonly (readonly [string, OverviewMeasures])[],
): readonly Block[] {
  if (rows.length === 0) return []
  const names = ['Runs', 'Succeeded', 'p50', 'p95', 'Gates', 'Timeouts', 'Retries']
  return [
    { kind: 'heading', text: heading },
    {
      kind: 'table',
      columns: [{ title }, ...names.map(number)],
      rows: rows.map(
        ([name, measures]): Row => ({
          cells: [
            [{ code: name }],
            [`${measures.runs}`],
            [`${succeeded(measures)}`],
            duration(measures.duration.p50),
            duration(measures.duration.p95),
            [measures.gates.passRate === null ? '' : rate(measures)],
            [`${measures.timeouts}`],
            [`${measures.retries}`],
          ],
        }),
      ),
    },
  ]
}

function byAgent(agents: OverviewOutput['agents']): readonly Block[] {
  if (agents.length === 0) return []
  const names = ['Steps', 'Succeeded', 'Failed', 'p50', 'p95', 'Timeouts', 'Retries']
  return [
    { kind: 'heading', text: 'By agent' },
    {
      kind: 'table',
      columns: [{ title: 'Agent' }, ...names.map(number)],
      rows: agents.map(
        (agent): Row => ({
          cells: [
            [{ code: agent.agent }],
            ...[agent.steps, agent.succeeded, agent.failed].map((count): Line => [`${count}`]),
            duration(agent.duration.p50),
            duration(agent.duration.p95),
            [`${agent.timeouts}`],
            [`${agent.retries}`],
          ],
        }),
      ),
    },
  ]
}

function targetsOf(targets: OverviewOutput['targets']): readonly Block[] {
  if (targets.length === 0) return []
  const met = targets.filter(({ verdict }) => verdict === 'met').length
  return [
    { kind: 'heading', text: `Targets: ${met} of ${targets.length} met` },
    {
      kind: 'table',
      columns: [{ title: 'Measure' }, { title: 'Coordinator' }, number('Target'), number('Is'), { title: 'Verdict' }],
      rows: targets.map(({ coordinator, measure, target, actual, verdict }): Row => {
        const parsed = parseTarget(measure, target)
        return {
          cells: [
            [{ code: measure }],
            [coordinator],
            [target],
            [actual === null || !parsed.ok ? '' : measureText(parsed.target.measure, actual)],
            [{ badge: verdict === 'unmeasured' ? 'not measured' : verdict, tone: toneOf(verdict) }],
          ],
        }
      }),
    },
  ]
}

function mostFailures(failures: OverviewOutput['failures']): readonly Block[] {
  if (failures.length === 0) return []
  return [
    { kind: 'heading', text: 'What failed most often' },
    {
      kind: 'table',
      columns: [
        { title: 'Step' },
        { title: 'Pipeline' },
        number('Times'),
        { title: 'The last time' },
        { title: 'Run' },
      ],
      rows: failures.map(
        ({ step, pipeline, count, message, lastRun }): Row => ({
          cells: [[{ code: step }], [{ code: pipeline }], [`${count}`], [message ?? ''], [{ code: lastRun }]],
        }),
      ),
    },
  ]
}

function notRead(unread: readonly string[]): readonly Block[] {
  if (unread.length === 0) return []
  return [
    { kind: 'heading', text: 'Not counted' },
    { kind: 'paragraph', line: ['These runs cannot be read:'] },
    { kind: 'list', items: unread.map((run) => ({ line: [{ code: run }] })) },
  ]
}
