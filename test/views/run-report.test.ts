import { describe, expect, test } from 'vitest'
import type { RunEvent } from '../../src/events/events.ts'
import type { ReportOutput } from '../../src/model/generated/outputs.types.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { html } from '../../src/views/report/html.ts'
import { markdown } from '../../src/views/report/markdown.ts'
import { createOverview } from '../../src/views/report/overview.ts'
import { runPage } from '../../src/views/report/run-page.ts'
import { runReport } from '../../src/views/report/run-report.ts'
import { type ControlledRun, controlled } from '../support/controlled-port.ts'
import { check, gate, planOf } from '../support/plans.ts'

function reportOf(events: readonly RunEvent[], plan: Plan): ReportOutput {
  return runReport(events, plan, { liveness: 'free', nowMs: events.at(-1)!.at })
}

const RETRY = { attempts: 3, only: [], backoffMs: 1000, factor: 1, maxMs: 1000, jitter: 0 } as const
const AGENT = { agent: 'builder', task: 'compile' }

/** What an attempt that failed says of itself. */
const RESET = { status: 'failed', reason: 'exit', message: 'exited with 7', durationMs: 20 } as const
const SLOW = { status: 'timed-out', reason: 'timeout', message: 'timed out after 1s', durationMs: 1000 } as const

async function fail(run: ControlledRun, path: string, outcome: object = RESET): Promise<void> {
  await (await run.started(path)).fail(outcome)
}

async function succeed(run: ControlledRun, path: string, outputs = {}): Promise<void> {
  await (await run.started(path)).succeed(outputs)
}

describe('the report of a run', () => {
  test('counts what agents did, how often they tried and what it took', async () => {
    const plan = planOf({ steps: { a: { ...AGENT, retry: RETRY, phase: 'make' }, b: { ...AGENT, needs: ['a'] } } })
    const run = await controlled(plan)
    await fail(run, 'a')
    await run.advance(1000)
    await fail(run, 'a', SLOW)
    await run.advance(1000)
    await succeed(run, 'a')
    await fail(run, 'b')
    await run.result
    const { contributions, issues, retries, timeouts, counts, status } = reportOf(run.events, plan)
    expect({ retries, timeouts, counts, status }).toEqual({
      ...{ retries: 2, timeouts: 1, counts: { succeeded: 1, failed: 1 }, status: 'failed' },
    })
    const worked = run.events.reduce(
      (sum, event) => sum + (event.type === 'attempt-ended' ? event.outcome.durationMs : 0),
      0,
    )
    expect(contributions.agents).toEqual([
      { agent: 'builder', steps: 2, succeeded: 1, failed: 1, retries: 2, timeouts: 1, workedMs: worked },
    ])
    expect(contributions.phases).toMatchObject([{ phase: 'make', steps: 1, succeeded: 1, failed: 0 }])
    expect(issues.map(({ kind, severity, path, message }) => [kind, severity, path, message])).toEqual([
      ['failure', 'error', 'b', 'exited with 7'],
      ['retry', 'info', 'a', 'tried again after: exited with 7'],
      ['timeout', 'info', 'a', 'tried again after: timed out after 1s'],
    ])
  })

  test('names what failed where it failed, not once more in all that holds it, and allows what was allowed', async () => {
    const plan = planOf(
      {
        steps: {
          sub: { action: { kind: 'pipeline', pipeline: 'inner' } },
          each: {
            foreach: { items: ['x/y', 'z'], key: '${{ item }}', needs: undefined, maxParallel: undefined },
            allowFailure: true,
          },
        },
      },
      { inner: { steps: { deep: {} } } },
    )
    const run = await controlled(plan)
    await fail(run, 'sub/deep')
    await fail(run, 'each[x%2Fy]')
    await succeed(run, 'each[z]')
    await run.result
    const { issues, undone } = reportOf(run.events, plan)
    expect(issues.map(({ path, severity }) => [path, severity])).toEqual([
      ['sub/deep', 'error'],
      ['each[x%2Fy]', 'warning'],
    ])
    expect(undone.map(({ path }) => path)).toEqual(['each', 'each[x%2Fy]', 'sub', 'sub/deep'])
  })

  test('counts the timeout of a pipeline once, not in what it ended', async () => {
    const plan = planOf({ timeoutMs: 5000, steps: { a: {}, b: {}, c: { needs: ['a'] } } })
    const run = await controlled(plan)
    await run.advance(5000)
    for (const path of run.running()) await fail(run, path, { status: 'cancelled', durationMs: 5000 })
    await run.result
    const { timeouts, issues, undone } = reportOf(run.events, plan)
    expect(timeouts).toBe(1)
    expect(issues.filter(({ kind, path }) => kind === 'timeout' && path === undefined)).toHaveLength(1)
    expect(undone.map(({ path }) => path).toSorted()).toEqual(['a', 'b', 'c'])
  })

  test('says n of m gates, those that were never judged among them, and who bypassed one', async () => {
    const plan = planOf({
      gates: [
        gate('fine', { of: ['a'], mustPass: ['a'], before: ['b'] }),
        gate('held', { before: ['b'], bypass: { by: ['ARCHITECT'] }, checks: [check('clean')] }),
        gate('last', { of: ['c'], mustPass: ['c'], before: ['d'] }),
      ],
      steps: { a: {}, b: { needs: ['a'] }, c: { needs: ['b'] }, d: { needs: ['c'] } },
    })
    const run = await controlled(plan)
    await succeed(run, 'a')
    await fail(run, 'gate:held/check:clean', { status: 'failed', message: 'a secret', durationMs: 1 })
    const before = reportOf(run.events, plan)
    expect(before.gates).toMatchObject({ passed: 1, total: 3 })
    expect(before.gates.verdicts.map(({ path, status }) => [path, status])).toEqual([
      ['fine', 'passed'],
      ['held', 'held'],
      ['last', 'pending'],
    ])
    expect(before.issues).toMatchObject([
      { kind: 'gate', severity: 'error', message: 'the gate is held: `clean`, a secret' },
    ])
    expect(before.nextSteps[0]).toEqual({
      text: expect.stringMatching(/^bypass the gate `held` \(/) as string,
      command: `opsflow bypass ${before.run} gate:held --reason … --expires …`,
    })
    await run.row('bypass', 'gate:held', { reason: 'known', expires: run.now() + 3_600_000 }, { name: 'bob' })
    const after = reportOf(run.events, plan)
    expect(after.issues.filter(({ kind }) => kind === 'bypass')).toMatchObject([
      { severity: 'warning', path: 'held', message: 'bypassed by bob, for 1h: known' },
    ])
    expect(after.contributions.people.filter(({ did }) => did === 'bypassed')).toMatchObject([
      { by: 'bob', path: 'gate:held', text: 'known' },
    ])
  })

  test('keeps what failed before somebody opened the run again, and who did', async () => {
    const plan = planOf({ steps: { a: {}, b: { needs: ['a'] } } })
    const first = await controlled(plan)
    await fail(first, 'a')
    await first.result
    const second = await controlled(plan, {
      start: { type: 'reopen', events: first.events, by: { name: 'bob' }, steps: undefined },
      atMs: first.now() + 60_000,
    })
    await succeed(second, 'a')
    await succeed(second, 'b')
    await second.result
    const { status, issues, contributions, undone, workedMs } = reportOf(second.events, plan)
    expect(status).toBe('succeeded')
    expect(undone).toEqual([])
    expect(issues).toMatchObject([
      { kind: 'failure', severity: 'info', path: 'a', message: 'failed: exited with 7; then it was run again' },
    ])
    expect(contributions.people.map(({ by, did }) => [by, did])).toEqual([
      ['alice', 'started'],
      ['bob', 'reopened'],
    ])
    expect(workedMs).toBeLessThan(60_000)
  })

  test('of a run that asks, is late and is answered by nobody says so, hands it up and names what can be done', async () => {
    const ask = { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } as const
    const plan = planOf({
      steps: {
        a: {},
        go: { needs: ['a'], action: ask, timeoutMs: 9000, dueMs: 5000, onTimeout: 'escalate' },
        b: { needs: ['go'] },
      },
    })
    const run = await controlled(plan)
    await succeed(run, 'a')
    const asking = reportOf(run.events, plan)
    expect(asking.nextSteps.map(({ command }) => command?.split(' ')[1])).toEqual(['approve', 'reject', 'resume'])
    await run.advance(5000)
    const late = reportOf(run.events, plan)
    expect(late.issues).toMatchObject([{ kind: 'late', path: 'go' }])
    expect(late.escalations[0]!.options.map(({ command }) => command?.split(' ')[1])).toEqual(['approve', 'reject'])
    await run.advance(9000)
    await run.result
    const { status, escalations, timeouts } = reportOf(run.events, plan)
    expect({ status, timeouts }).toEqual({ status: 'escalated', timeouts: 1 })
    expect(escalations.at(-1)).toMatchObject({ path: 'go', from: 'main', to: 'human', done: ['a'] })
    expect(escalations.at(-1)!.options[0]!.command).toMatch(/^opsflow retry \S+ --step go$/)
  })

  test('of what was handed up and then decided says who did, and offers nothing more', async () => {
    const ask = { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } as const
    const plan = planOf({ steps: { go: { action: ask, dueMs: 5000 } } })
    const run = await controlled(plan)
    await run.advance(5000)
    await run.row('approve', 'go', {}, { name: 'bob' })
    await run.result
    const { status, escalations } = reportOf(run.events, plan)
    expect(status).toBe('succeeded')
    expect(escalations.map(({ options }) => options)).toEqual([[{ text: 'nothing more: bob approved it' }]])
  })

  test('tells how things stood when another person took over', async () => {
    const plan = planOf({ steps: { a: {}, b: {}, c: { needs: ['a', 'b'] } } })
    const run = await controlled(plan)
    await succeed(run, 'a')
    await fail(run, 'b')
    await run.result
    const at = run.now()
    const opened = (epoch: number, name: string): RunEvent => ({
      ...{ type: 'run-opened', seq: run.events.length + epoch, at, epoch, pid: 1, boot: 'b', start: 1, by: { name } },
    })
    const { handoffs } = reportOf([...run.events, opened(2, 'alice'), opened(3, 'bob')], plan)
    expect(handoffs).toEqual([
      {
        ...{ kind: 'people', at, from: 'alice', to: 'bob', state: 'failed', done: ['a'], remaining: ['b', 'c'] },
        findings: ['`b` failed: exited with 7'],
      },
    ])
  })

  test('tells which agent took over from which, and whose step', async () => {
    const plan = planOf({
      steps: {
        outline: { agent: 'planner', task: 'outline', outputs: { text: { type: 'string' } } },
        write: {
          agent: 'writer',
          task: 'write',
          needs: ['outline'],
          with: { of: '${{ steps.outline.outputs.text }}' },
        },
      },
    })
    const cause = { coordinator: 'COORD', signal: 'OPS:WRITE', id: '1' }
    const run = await controlled(plan, { cause })
    await succeed(run, 'outline', { text: 'one' })
    await succeed(run, 'write')
    await run.result
    const report = reportOf(run.events, plan)
    expect(report.cause).toEqual({ coordinator: 'COORD', signal: 'OPS:WRITE' })
    expect(report.handoffs).toMatchObject([
      {
        kind: 'agents',
        from: 'planner',
        to: 'writer',
        source: 'outline',
        made: { text: 'one' },
        path: 'write',
        done: ['outline'],
      },
    ])
  })

  test('tells to whom a run was delegated and how it stood, and misses no question that was never put', async () => {
    const plan = planOf({ steps: { a: {}, b: { needs: ['a'] } } })
    const run = await controlled(plan)
    await succeed(run, 'a')
    const at = run.now()
    const sent: RunEvent = {
      ...{
        type: 'signal-sent',
        seq: run.events.length + 1,
        at,
        path: 'escalate_x',
        id: 'r1:9',
        source: 'COORD',
        target: 'OTHER',
      },
      ...{ signal: 'COORD:HANDOFF', payload: { step: 'escalate_x' } },
    }
    const rule = { escalation: { when: 'true', to: 'OTHER', fields: [] } } as object
    const { handoffs, undone } = reportOf(
      [...run.events, sent],
      planOf({ steps: { a: {}, b: { needs: ['a'] }, escalate_x: rule } }),
    )
    expect(handoffs).toEqual([
      {
        ...{ kind: 'delegation', at, from: 'COORD', to: 'OTHER', path: 'escalate_x', state: 'escalated' },
        ...{ done: ['a'], remaining: ['b'], findings: [] },
      },
    ])
    expect(undone.map(({ path }) => path)).toEqual(['b'])
  })

  test('promise 1e: of an ended run is the same whenever it is made', async () => {
    const plan = planOf({ steps: { a: {} } })
    const run = await controlled(plan)
    await succeed(run, 'a')
    await run.result
    const made = [1, 2].map((day) =>
      runReport(run.events, plan, { liveness: 'free', nowMs: run.now() + day * 86_400_000 }),
    )
    expect(made[0]).toEqual(made[1])
  })

  test.each([
    ['live', 'live', 'watch'],
    ['interrupted', 'interrupted', 'resume'],
  ] as const)('of a run that is %s names the command that goes on', async (liveness, status, verb) => {
    const plan = planOf({ steps: { a: {} } })
    const run = await controlled(plan)
    const at = run.events.at(-1)!.at
    const report = runReport(run.events, plan, { liveness, nowMs: at + 60_000 })
    expect(report).toMatchObject({ status, durationMs: at + 60_000 - report.createdAt })
    // Nothing works on what nobody owns.
    expect(report.workedMs).toBe(liveness === 'live' ? 60_000 : 0)
    expect(report.nextSteps.map(({ command }) => command)).toEqual([`opsflow ${verb} ${report.run}`])
  })
})

/** A report whose every free text says this. */
function saying(report: ReportOutput, text: string): ReportOutput {
  const FREE =
    /^(?:message|text|hint|tail|why|description|label|value|by|path|agent|task|phase|issue|reason|from|to|run|name)$/
  const replace = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((each) => replace(each, key))
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replace(each, name)]))
    return typeof value === 'string' && FREE.test(key) ? text : value
  }
  return replace(report) as ReportOutput
}

describe('the page of a report', () => {
  const ask = { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } as const
  const plan = planOf({
    description: 'What it is for',
    outputs: {
      made: { value: 'one\ntwo', deliverable: 'Made' },
      link: { value: 'https://example.org/', deliverable: 'Link' },
    },
    gates: [gate('fine', { of: ['a'], mustPass: ['a'] })],
    steps: {
      a: { ...AGENT, phase: 'make' },
      go: { needs: ['a'], action: ask, timeoutMs: 9000, onTimeout: 'escalate' },
      b: { needs: ['go'] },
    },
  })

  async function failed(): Promise<ReportOutput> {
    const run = await controlled(plan, { inputs: { to: 'staging' } })
    await fail(run, 'a', { ...RESET, tail: 'the end' })
    await run.result
    return reportOf(run.events, plan)
  }

  test('has a part for each thing there is to say, in the order in which a person asks', async () => {
    const run = await controlled(plan)
    await succeed(run, 'a')
    await run.advance(9000)
    await run.result
    const text = markdown(runPage(reportOf(run.events, plan)))
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      ...['Gates 1/1', 'Deliverables', 'Contributions', 'Issues', 'Not done', 'Escalation', 'Next steps'],
    ])
    expect(text).toContain('### Made\n\n```text\none\ntwo\n```\n')
    expect(text).toContain('- **Link:** <https://example.org/>\n')
    expect(text).toMatch(/### What can be done, best first\n\n- ask again: `opsflow retry \S+ --step go`\n/)
  })

  test('has no element that a run has written, whatever its texts say', async () => {
    const report = await failed()
    const tags = (text: string) =>
      [...html(runPage(saying(report, text))).matchAll(/<[^<>]*>/g)].map(([tag]) => tag.replace(/ data-of="[^"]*"/, ''))
    for (const text of ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "</pre></style><b>'"])
      expect(tags(text)).toEqual(tags('text'))
  })
})

describe('the overview of many runs', () => {
  async function ended(took: number, outcome?: object): Promise<ReportOutput> {
    const plan = planOf({ gates: [gate('fine', { of: ['a'], mustPass: ['a'] })], steps: { a: { ...AGENT } } })
    const run = await controlled(plan)
    await run.advance(took)
    await (outcome === undefined ? succeed(run, 'a') : fail(run, 'a', outcome))
    await run.result
    return reportOf(run.events, plan)
  }

  test('gives durations that runs really took, by the nearest rank', async () => {
    const overview = createOverview({ until: 1 })
    for (let seconds = 20; seconds >= 1; seconds--) overview.add(await ended(seconds * 1000))
    const { total, pipelines } = overview.result()
    expect(total.duration).toEqual({ count: 20, p50: 10_000, p95: 19_000, max: 20_000 })
    expect(pipelines).toEqual([{ pipeline: 'main', measures: total }])
  })

  test('counts outcomes, gates, timeouts and what failed most often', async () => {
    const overview = createOverview({ until: 1 })
    for (const outcome of [undefined, RESET, SLOW, undefined]) overview.add(await ended(1000, outcome))
    const { total, agents, failures } = overview.result()
    expect(total).toMatchObject({
      ...{ runs: 4, outcomes: { succeeded: 2, failed: 2 }, timeouts: 1, retries: 0 },
      gates: { passed: 2, failed: 2, bypassed: 0, passRate: 0.5 },
    })
    expect(agents).toMatchObject([{ agent: 'builder', steps: 4, succeeded: 2, failed: 2, timeouts: 1 }])
    expect(failures).toMatchObject([{ pipeline: 'main', step: 'a', count: 2 }])
  })

  test('leaves out of the durations what a person cancelled and what has not ended', async () => {
    const plan = planOf({ steps: { a: {} } })
    const run = await controlled(plan)
    const open = reportOf(run.events, plan)
    await run.cancel()
    await fail(run, 'a', { status: 'cancelled', durationMs: 1 })
    await run.result
    const overview = createOverview({ until: 1 })
    overview.add(open)
    overview.add(reportOf(run.events, plan))
    const { total } = overview.result()
    expect(total.outcomes).toEqual({ interrupted: 1, cancelled: 1 })
    expect(total.duration).toEqual({ count: 0, p50: null, p95: null, max: null })
  })

  test('of no runs has nothing to divide by', () => {
    expect(createOverview({ until: 1 }).result().total).toMatchObject({
      runs: 0,
      gates: { passRate: null },
      worked: { p50: null },
    })
  })
})
