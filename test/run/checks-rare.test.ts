import { describe, expect, it } from 'vitest'
import type { CheckPlan } from '../../src/plan/plan.ts'
import { ALICE, type ControlledOptions, type ControlledRun, controlled } from '../support/controlled-port.ts'
import { check, gate, planOf, type StepDraft } from '../support/plans.ts'

const BOB = { name: 'bob', uid: 1001 }
const BAD = '${{ inputs.list[3] }}'
const inputs = { list: { type: 'array' as const }, name: { type: 'string' as const } }
const given: ControlledOptions = { inputs: { list: [], name: 'app.tgz' } }
const outputs = { size: { type: 'integer' as const } }
const ask = (more: Partial<CheckPlan> = {}) => check('person', { judge: { kind: 'ask', from: [] }, ...more })
const holds = (text: string, more: Partial<CheckPlan> = {}) =>
  check('small', { judge: { kind: 'require', require: text }, ...more })

/** Step `a` has made its attempt, and its checks begin. */
async function checked(checks: readonly CheckPlan[], more: StepDraft = {}): Promise<ControlledRun> {
  const run = await controlled(
    planOf({ inputs, steps: { a: { checks, outputs, ...more }, last: { needs: [{ step: 'a', on: 'completed' }] } } }),
    given,
  )
  await (await run.started('a')).succeed({ size: 30 })
  return run
}
const said = (run: ControlledRun) =>
  run.events.flatMap((event) => (event.type === 'check-ended' ? [[event.check, event.status, event.message]] : []))
const why = (run: ControlledRun) => run.state().steps.get('a')?.message

describe('promise 9b: a check that fails says what it found', () => {
  it('a condition', async () => {
    const run = await checked([holds('outputs.size < 10')])
    expect(said(run)).toEqual([['small', 'failed', '`outputs.size < 10` does not hold']])
    expect(why(run)).toBe('check `small` failed: `outputs.size < 10` does not hold')
  })

  it('a condition that cannot be told', async () => {
    const run = await checked([holds('inputs.list[3] == 1')])
    expect(said(run)).toEqual([['small', 'failed', expect.stringMatching(/list/)]])
  })

  it('a condition that holds says nothing', async () => {
    const run = await checked([holds('outputs.size == 30')])
    expect(said(run)).toEqual([['small', 'passed', undefined]])
    expect(run.events.find((event) => event.type === 'check-ended')).not.toHaveProperty('message')
    expect(run.running()).toEqual(['last'])
  })

  it('a file that is not there, by its name; the test for it is one of ours', async () => {
    const file = check('there', { judge: { kind: 'file', file: 'out/${{ inputs.name }}' } })
    const run = await checked([file])
    const test = await run.started('a/check:there')
    expect(test.request).toMatchObject({ body: { argv: ['test', '-e', 'out/app.tgz'] } })
    await test.fail()
    expect(said(run)).toEqual([['there', 'failed', '`out/app.tgz` is not there']])
    const other = await checked([file])
    await (await other.started('a/check:there')).fail({ reason: 'spawn', message: 'no such program' })
    expect(said(other)).toEqual([['there', 'failed', 'no such program']])
  })

  it('a file whose name cannot be had', async () => {
    const run = await checked([check('there', { judge: { kind: 'file', file: BAD } })])
    expect(said(run)).toEqual([['there', 'failed', expect.stringMatching(/./)]])
    expect(run.running()).toEqual(['last'])
  })

  it.each([
    [{ message: 'two faults' }, 'two faults'],
    [{}, 'exit'],
  ])('a program that ended with %j', async (outcome, message) => {
    const run = await checked([check('tidy')])
    await (await run.started('a/check:tidy')).fail(outcome)
    expect(said(run)).toEqual([['tidy', 'failed', message]])
    expect(why(run)).toBe(`check \`tidy\` failed: ${message}`)
  })

  it('a program that cannot be started, since a text of it cannot be read', async () => {
    const judge = {
      kind: 'step' as const,
      action: { kind: 'run' as const, script: 'x', shell: 'sh' as const },
      with: {},
      env: { X: BAD },
    }
    const run = await checked([check('tidy', { judge }), check('other')])
    expect(said(run)).toEqual([['tidy', 'failed', expect.stringMatching(/^env `X`: ./)]])
    expect(run.running()).toEqual(['a/check:other'])
  })

  it('the first of several, all of them by name', async () => {
    const run = await checked([check('one'), check('two', { level: 'advisory' }), check('three')])
    for (const id of ['one', 'two', 'three']) await (await run.started(`a/check:${id}`)).fail({ message: id })
    expect(said(run).map(([id]) => id)).toEqual(['one', 'two', 'three'])
    expect(why(run)).toBe('check `one` failed: one')
  })
})

describe('a check with a condition', () => {
  it.each([
    ['true', ['a/check:tidy'], []],
    ['false', ['last'], [['tidy', 'skipped', undefined]]],
    ['inputs.list[3] == 1', ['last'], [['tidy', 'failed', expect.stringMatching(/list/)]]],
  ])('that is %s', async (when, running, verdicts) => {
    const run = await checked([check('tidy', { when })])
    expect(run.running()).toEqual(running)
    expect(said(run)).toEqual(verdicts)
  })
})

describe('a check that a person answers', () => {
  it('asks in its own words or by its name, of whom it names, until its time is over', async () => {
    const wait = (run: ControlledRun) =>
      run.events.flatMap((event) => (event.type === 'wait-opened' ? [event.wait] : []))[0]
    const plain = await checked([ask()])
    expect(wait(plain)).toMatchObject({
      kind: 'approval',
      prompt: 'does `person` hold?',
      from: [],
      persons: [],
      self: true,
      startedBy: ALICE,
    })
    expect(wait(plain)).not.toHaveProperty('deadlineMs')
    const timed = await checked([
      ask({ title: 'Is it nice?', timeoutMs: 5000, judge: { kind: 'ask', from: ['ARCHITECT'] } }),
    ])
    expect(wait(timed)).toMatchObject({
      prompt: 'Is it nice?',
      from: ['ARCHITECT'],
      persons: ['bob'],
      deadlineMs: 6000,
    })
    await timed.advance(5000)
    expect(said(timed)).toEqual([['person', 'failed', 'nobody decided in time']])
  })

  it('has who said it and what', async () => {
    const no = await checked([ask()])
    await no.row('reject', 'a/check:person', { comment: 'ugly' }, BOB)
    expect(said(no)).toEqual([['person', 'failed', 'bob rejected it: ugly']])
    const mute = await checked([ask()])
    await mute.row('reject', 'a/check:person', {}, BOB)
    expect(said(mute)).toEqual([['person', 'failed', 'bob rejected it']])
    const yes = await checked([ask()])
    await yes.row('approve', 'a/check:person', { comment: 'fine' }, BOB)
    expect(said(yes)).toEqual([['person', 'passed', undefined]])
    expect(yes.running()).toEqual(['last'])
  })

  it('holds no slot meanwhile, and is asked last in whatever order it is written', async () => {
    const plan = planOf({ maxParallel: 1, steps: { a: { checks: [ask(), check('tidy'), holds('true')] }, b: {} } })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    expect(run.running()).toEqual(['a/check:tidy'])
    await (await run.started('a/check:tidy')).succeed()
    expect(run.running()).toEqual(['b'])
    expect(said(run).map(([id]) => id)).toEqual(['tidy', 'small'])
  })

  it('is asked no more where the step is stopped', async () => {
    const run = await checked([ask()])
    expect(run.awaited()).toHaveLength(1)
    await run.cancel()
    expect(run.awaited()).toEqual([])
    expect((await run.result).state.steps.get('a')).toMatchObject({ status: 'cancelled', reason: 'cancel' })
    expect(run.state().steps.get('a')?.checks.get('person')?.status).toBe('skipped')
  })

  it('of a gate is asked of the run, not of a step', async () => {
    const run = await controlled(
      planOf({ steps: { a: {}, ship: {} }, gates: [gate('g', { of: ['a'], before: ['ship'], checks: [ask()] })] }),
    )
    await (await run.started('a')).succeed()
    await run.row('approve', 'gate:g/check:person')
    expect(run.running()).toEqual(['ship'])
  })
})

describe('checks that are stopped', () => {
  it('are aborted, and judge nothing more', async () => {
    for (const hard of [false, true]) {
      const run = await checked([check('one'), check('two')])
      const one = await run.started('a/check:one')
      await run.cancel(hard)
      expect(run.aborted('a/check:one')).toBe(hard ? 'hard' : 'soft')
      await one.succeed()
      expect(run.running()).toEqual([])
      expect((await run.result).state.steps.get('a')).toMatchObject({ status: 'cancelled' })
    }
  })

  it('and were cut off are not made again', async () => {
    const run = await checked([check('one'), check('two')])
    const one = await run.started('a/check:one')
    await run.cancel()
    await one.fail({ status: 'interrupted' })
    expect(run.running()).toEqual([])
    expect((await run.result).state.outcome).toBe('cancelled')
  })
})

describe('a check about files', () => {
  it('that was cut off asks again; where it cannot be had, it has failed', async () => {
    const run = await checked([check('tidy', { paths: ['src/**'] }), holds('true')])
    expect(run.running()).toEqual(['a/check:tidy:paths'])
    await (await run.started('a/check:tidy:paths')).fail({ status: 'interrupted' })
    expect(run.running()).toEqual(['a/check:tidy:paths'])
    await (await run.started('a/check:tidy:paths')).fail({ message: 'no repository' })
    expect(said(run)).toEqual([
      ['tidy', 'failed', 'no repository'],
      ['small', 'passed', undefined],
    ])
    expect(
      run.events.flatMap((event) => (event.type === 'check-started' ? [[event.check, event.delivery]] : [])),
    ).toEqual([
      ['tidy', undefined],
      ['tidy', 2],
    ])
  })
})
