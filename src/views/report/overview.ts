import { kindPath } from '../../events/path.ts'
import type {
  OverviewAgent,
  OverviewFailure,
  OverviewMeasures,
  OverviewOutput,
  OverviewSpread,
  OverviewTarget,
  ReportOutput,
} from '../../model/generated/outputs.types.ts'
import { isMet, type Measure, type Target } from '../../policy/targets.ts'

/** Which runs are looked at: those that began from `since` on and before `until`. */
export interface Range {
  readonly since?: number
  readonly until: number
  readonly pipeline?: string
}

/** What a coordinator asks of its runs: the words of its file, and what they mean. */
export interface AskedTarget {
  readonly coordinator: string
  readonly key: string
  readonly text: string
  readonly target: Target
}

/**
 * Many runs at a glance. Takes their reports one after the other and keeps only what is counted; gives the overview.
 * Percentiles are of the nearest rank: each is a duration that some run really took. Cancelled runs count in everything
 * but durations, since somebody else than the work decided how long they took.
 */
export function createOverview(range: Range, targets: readonly AskedTarget[] = []) {
  const total = measure()
  const pipelines = new Map<string, Sum>()
  const signals = new Map<string, Sum>()
  const coordinators = new Map<string, Sum>()
  const agents = new Map<string, AgentSum>()
  const failures = new Map<string, { failure: OverviewFailure; at: number; count: number }>()
  const unread: string[] = []
  return {
    add(report: ReportOutput): void {
      const sums = [total, of(pipelines, report.pipeline, measure)]
      if (report.cause) {
        const { coordinator, signal } = report.cause
        sums.push(of(signals, signal, measure))
        sums.push(of(coordinators, coordinator, measure), of(coordinators, `${coordinator} ${signal}`, measure))
      }
      for (const sum of sums) count(sum, report)
      for (const each of report.contributions.agents) countAgent(of(agents, each.agent, agentSum), each, report)
      for (const { path, severity, kind, message } of report.issues)
        if (path !== undefined && severity === 'error' && kind !== 'gate') fail(report, kindPath(path), message)
    },
    unread: (run: string): void => void unread.push(run),
    result(): OverviewOutput {
      const byName = <T>(map: ReadonlyMap<string, T>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
      return {
        format: 1,
        ...(range.since === undefined ? {} : { since: range.since }),
        until: range.until,
        ...(range.pipeline === undefined ? {} : { pipeline: range.pipeline }),
        total: measuresOf(total),
        pipelines: byName(pipelines).map(([pipeline, sum]) => ({ pipeline, measures: measuresOf(sum) })),
        signals: byName(signals).map(([signal, sum]) => ({ signal, measures: measuresOf(sum) })),
        agents: byName(agents).map(
          ([agent, { took, ...sum }]): OverviewAgent => ({
            agent,
            ...sum,
            duration: spreadOf(took),
          }),
        ),
        targets: targets.map(judge),
        failures: [...failures.values()]
          .map(({ failure, count: times }) => ({ ...failure, count: times }))
          .toSorted((a, b) => b.count - a.count || (a.step < b.step ? -1 : 1))
          .slice(0, 10),
        unread,
      }
    },
  }

  function judge({ coordinator, key, text, target }: AskedTarget): OverviewTarget {
    const sum = coordinators.get(target.signal === undefined ? coordinator : `${coordinator} ${target.signal}`)
    const actual = sum === undefined ? null : actualOf(measuresOf(sum), target.measure)
    const verdict = actual === null ? 'unmeasured' : isMet(target, actual) ? 'met' : 'missed'
    return { coordinator, measure: key, target: text, actual, verdict }
  }

  function fail({ pipeline, run, createdAt }: ReportOutput, step: string, message: string): void {
    const known = of(failures, JSON.stringify([pipeline, step]), () => ({
      failure: { pipeline, step, count: 0, message, lastRun: run },
      at: createdAt,
      count: 0,
    }))
    known.count += 1
    if (createdAt < known.at) return
    known.at = createdAt
    known.failure = { ...known.failure, message, lastRun: run }
  }
}

interface Sum {
  runs: number
  readonly outcomes: Record<string, number>
  readonly took: number[]
  readonly worked: number[]
  passed: number
  failed: number
  bypassed: number
  timeouts: number
  retries: number
}

interface AgentSum {
  steps: number
  succeeded: number
  failed: number
  retries: number
  timeouts: number
  readonly took: number[]
}

function of<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}

function measure(): Sum {
  return { runs: 0, outcomes: {}, took: [], worked: [], passed: 0, failed: 0, bypassed: 0, timeouts: 0, retries: 0 }
}

function agentSum(): AgentSum {
  return { steps: 0, succeeded: 0, failed: 0, retries: 0, timeouts: 0, took: [] }
}

function count(sum: Sum, report: ReportOutput): void {
  sum.runs += 1
  sum.outcomes[report.status] = (sum.outcomes[report.status] ?? 0) + 1
  if (report.endedAt !== undefined && report.status !== 'cancelled') {
    sum.took.push(report.durationMs)
    sum.worked.push(report.workedMs)
  }
  for (const { status } of report.gates.verdicts) {
    if (status === 'passed') sum.passed += 1
    else if (status === 'bypassed') sum.bypassed += 1
    else if (status !== 'pending') sum.failed += 1
  }
  sum.timeouts += report.timeouts
  sum.retries += report.retries
}

function countAgent(sum: AgentSum, agent: ReportOutput['contributions']['agents'][number], report: ReportOutput): void {
  sum.steps += agent.steps
  sum.succeeded += agent.succeeded
  sum.failed += agent.failed
  sum.retries += agent.retries
  sum.timeouts += agent.timeouts
  for (const { agent: by, attempts, workedMs } of report.contributions.steps)
    if (by === agent.agent && attempts > 0) sum.took.push(workedMs)
}

function measuresOf(sum: Sum): OverviewMeasures {
  const { runs, outcomes, took, worked, passed, failed, bypassed, timeouts, retries } = sum
  const judged = passed + failed + bypassed
  return {
    ...{ runs, outcomes, duration: spreadOf(took), worked: spreadOf(worked) },
    gates: { passed, failed, bypassed, passRate: judged === 0 ? null : passed / judged },
    ...{ timeouts, retries },
  }
}

function actualOf(measures: OverviewMeasures, measure: Measure): number | null {
  if (measure === 'gate_pass_rate') return measures.gates.passRate
  if (measure === 'timeouts' || measure === 'retries') return measures[measure]
  const [spread, rank] = measure.split('.') as ['duration' | 'worked', 'p50' | 'p95' | 'max']
  return measures[spread][rank]
}

/** The value of the nearest rank: the smallest that so many of a hundred do not exceed. */
function spreadOf(values: readonly number[]): OverviewSpread {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
  return { count: sorted.length, p50: rank(0.5), p95: rank(0.95), max: sorted.at(-1) ?? null }
}
