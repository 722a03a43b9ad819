import { describe, expect, it } from 'vitest'
import { controlled, statuses } from '../support/controlled-port.ts'
import { check, gate, planOf } from '../support/plans.ts'

const BOB = { name: 'bob', uid: 1001 }
const agent = (needs: string[] = []) => ({ agent: 'worker', needs })

describe('gates', () => {
  // a, b --> (quality) --> ship
  const steps = {
    a: { agent: 'worker' },
    b: { agent: 'worker' },
    ship: {
      needs: [
        { step: 'a', on: 'completed' as const },
        { step: 'b', on: 'completed' as const },
      ],
    },
  }
  const quality = gate('quality', { of: ['a', 'b'], success: 0.8, before: ['ship'] })

  it('promise 10a: judge once when every step of `of` has ended; a passing one lets its steps start', async () => {
    const run = await controlled(planOf({ steps, gates: [{ ...quality, success: 0.5 }] }))
    await (await run.started('a')).fail()
    expect(run.state().gates.get('quality')).toBeUndefined()
    await (await run.started('b')).succeed()
    expect(run.state().gates.get('quality')).toMatchObject({ status: 'passed', share: 0.5 })
    await (await run.started('ship')).succeed()
    expect((await run.result).state.outcome).toBe('partial')
  })

  it('promise 10e: with bypass never, the steps before which a failed gate stands are skipped at once', async () => {
    const run = await controlled(planOf({ steps, gates: [quality] }))
    await (await run.started('a')).fail()
    await (await run.started('b')).succeed()
    const { state } = await run.result
    expect(state.gates.get('quality')).toMatchObject({ status: 'failed', failing: ['a'] })
    expect(state.steps.get('ship')).toMatchObject({ status: 'skipped', reason: 'gate' })
    expect(state.outcome).toBe('failed')
  })

  it('promises 10d, 21a: a held gate waits for a bypass that names who, why, and over which plan; only the named role may', async () => {
    const run = await controlled(planOf({ steps, gates: [{ ...quality, bypass: { by: ['ARCHITECT'] } }] }))
    await (await run.started('a')).fail()
    await (await run.started('b')).succeed()
    expect(run.state().gates.get('quality')?.status).toBe('held')
    await run.row('bypass', 'gate:quality', { reason: 'I want it' })
    expect(run.state().gates.get('quality')?.status).toBe('held')
    await run.row('bypass', 'gate:quality', { reason: 'known flake', expires: 99_999 }, BOB)
    expect(run.events.find((event) => event.type === 'gate-decided')).toMatchObject({
      status: 'bypassed',
      by: BOB,
      reason: 'known flake',
      expiresAt: 99_999,
      planHash: 'hash',
    })
    await (await run.started('ship')).succeed()
    expect((await run.result).state.outcome).toBe('partial')
  })

  it('a rejected gate skips its steps', async () => {
    const run = await controlled(planOf({ steps, gates: [{ ...quality, bypass: { by: ['ARCHITECT'] } }] }))
    await (await run.started('a')).fail()
    await (await run.started('b')).succeed()
    await run.row('reject', 'gate:quality', { comment: 'no' }, BOB)
    expect((await run.result).state.steps.get('ship')?.status).toBe('skipped')
  })

  it('promise 21a: a bypass that is over before its steps could start is asked for again', async () => {
    const held = { ...quality, bypass: { by: ['ARCHITECT'] } }
    const slow = { needs: ['a', 'b', 'c'].map((step) => ({ step, on: 'completed' as const })) }
    const run = await controlled(planOf({ steps: { ...steps, c: {}, ship: slow }, gates: [held] }))
    await (await run.started('a')).fail()
    await (await run.started('b')).succeed()
    await run.row('bypass', 'gate:quality', { reason: 'now', expires: run.now() + 1000 }, BOB)
    await run.advance(1000)
    await (await run.started('c')).succeed()
    expect([run.running(), run.state().gates.get('quality')?.status]).toEqual([[], 'held'])
    await run.row('bypass', 'gate:quality', { reason: 'still', expires: run.now() + 1000 }, BOB)
    expect(run.running()).toEqual(['ship'])
  })

  it('promise 25a: a step says once that it waits for a gate, also when that is held', async () => {
    const run = await controlled(planOf({ steps, gates: [{ ...quality, bypass: { by: ['ARCHITECT'] } }] }))
    await (await run.started('a')).fail()
    await (await run.started('b')).succeed()
    expect(run.state().gates.get('quality')?.status).toBe('held')
    expect(run.events.filter((event) => event.type === 'step-waiting' && event.path === 'ship')).toHaveLength(1)
  })

  it('a check named `paths` is judged where the gate asks for changed files', async () => {
    const paths = gate('g', { of: ['a'], before: ['ship'], paths: ['x/**'], checks: [check('paths')] })
    const run = await controlled(planOf({ steps: { a: {}, ship: {} }, gates: [paths] }))
    await (await run.started('a')).succeed()
    await (await run.started('gate:g/check:changed-paths')).succeed({ files: ['x/1'] })
    await (await run.started('gate:g/check:paths')).fail()
    expect((await run.result).state.steps.get('ship')?.status).toBe('skipped')
  })

  it('promise 10e: a step that one gate bars is skipped at once, and no other gate is held for it', async () => {
    const held = gate('quality', { of: ['a'], success: 1, before: ['ship'], bypass: { by: ['ARCHITECT'] } })
    const barring = gate('final', { of: ['a'], success: 1, before: ['ship'] })
    const run = await controlled(planOf({ steps: { a: agent(), ship: {} }, gates: [held, barring] }))
    await (await run.started('a')).fail()
    const { state } = await run.result
    expect(['quality', 'final'].map((id) => state.gates.get(id)?.status)).toEqual(['failed', 'failed'])
    expect(state.gates.get('quality')?.wait).toBeUndefined()
    expect(state.steps.get('ship')).toMatchObject({ status: 'skipped', reason: 'gate' })
  })

  it('promise 10e: where nothing of `before` could start, a failed gate is not held', async () => {
    const needs = { a: agent(), ship: { needs: ['a'] } }
    const held = gate('quality', { of: ['a'], success: 1, before: ['ship'], bypass: { by: ['ARCHITECT'] } })
    const run = await controlled(planOf({ steps: needs, gates: [held] }))
    await (await run.started('a')).fail()
    const { state } = await run.result
    expect(state.gates.get('quality')?.status).toBe('failed')
    expect(statuses(state)).toEqual({ a: 'failed', ship: 'skipped' })
  })

  it('promise 10c: skipped by its own when leaves the denominator, lost upstream counts as failed, nothing to count fails', async () => {
    const shares = { a: agent(), b: { ...agent(), when: '1 == 2' }, c: agent(['a']) }
    const end = gate('quality', { of: ['a', 'b', 'c'], success: 0.5 })
    const run = await controlled(planOf({ steps: shares, gates: [end] }))
    await (await run.started('a')).fail()
    expect((await run.result).state.gates.get('quality')).toMatchObject({
      status: 'failed',
      share: 0,
      failing: ['a', 'c'],
    })
    const none = await controlled(planOf({ steps: { a: {} }, gates: [gate('quality', { of: ['a'], success: 0.5 })] }))
    await (await none.started('a')).succeed()
    expect((await none.result).state).toMatchObject({ outcome: 'failed' })
  })

  it('must_pass names steps that no share makes up for', async () => {
    const end = gate('quality', { of: ['a', 'b'], success: 0.5, mustPass: ['a'] })
    const run = await controlled(planOf({ steps: { a: agent(), b: agent() }, gates: [end] }))
    await (await run.started('a')).fail()
    await (await run.started('b')).succeed()
    expect((await run.result).state.outcome).toBe('failed')
  })

  it('collect evidence by checks; a failed advisory gate holds nothing back', async () => {
    const before = gate('safe', { of: ['a'], before: ['ship'], level: 'advisory', checks: [check('scan')] })
    const run = await controlled(planOf({ steps: { a: {}, ship: { needs: ['a'] } }, gates: [before] }))
    await (await run.started('a')).succeed()
    expect(run.running()).toEqual(['gate:safe/check:scan'])
    await (await run.started('gate:safe/check:scan')).fail()
    await (await run.started('ship')).succeed()
    const { state } = await run.result
    expect(state.outcome).toBe('succeeded')
    expect(state.gates.get('safe')).toMatchObject({ status: 'failed', failing: ['scan'] })
  })

  it('promise 11a: the gates of a sub-pipeline judge it', async () => {
    const inner = { steps: { one: {} }, gates: [gate('g', { of: ['one'], checks: [check('c')] })] }
    const run = await controlled(
      planOf({ steps: { sub: { action: { kind: 'pipeline', pipeline: 'inner' } } } }, { inner }),
    )
    await (await run.started('sub/one')).succeed()
    await (await run.started('sub/gate:g/check:c')).fail()
    const { state } = await run.result
    expect(state.gates.get('sub/g')?.status).toBe('failed')
    expect(state.steps.get('sub')).toMatchObject({ status: 'failed', outcome: 'failed' })
  })
})

describe('finally', () => {
  it('promise 12a: sees the outcome as before it, run.failed and all steps', async () => {
    const env = { O: '${{ run.outcome }}', F: '${{ run.failed }}', S: '${{ steps.a.status }}' }
    const run = await controlled(planOf({ steps: { a: {} }, finally: { last: { env } } }))
    await (await run.started('a')).fail()
    expect((await run.started('last')).request.env).toEqual({ O: 'failed', F: '["a"]', S: 'failed' })
    await (await run.started('last')).succeed()
    expect((await run.result).state.outcome).toBe('failed')
  })

  it('promise 12b: its own failure turns succeeded into succeeded-with-failures and changes nothing else', async () => {
    const run = await controlled(planOf({ steps: { a: {} }, finally: { last: {} } }))
    await (await run.started('a')).succeed()
    await (await run.started('last')).fail()
    expect((await run.result).state.outcome).toBe('succeeded-with-failures')
  })

  it('ends at its own timeout', async () => {
    const run = await controlled(
      planOf({ steps: { a: {} }, finally: { last: {}, after: { needs: ['last'] } }, finallyTimeoutMs: 5000 }),
    )
    await (await run.started('a')).succeed()
    await run.advance(5000)
    expect(run.aborted('last')).toBe('soft')
    await (await run.started('last')).fail({ status: 'cancelled' })
    expect(statuses((await run.result).state)).toEqual({ a: 'succeeded', last: 'timed-out', after: 'cancelled' })
  })
})

describe('what binds checks', () => {
  const rails = { allow: [], deny: ['Bash(rm:*)'], ask: {} }

  it('promise 27a: the checks of a gate run under the rails of their pipeline, what the engine looks up under none', async () => {
    const safe = gate('safe', { of: ['a'], checks: [check('scan')], permissions: rails })
    const run = await controlled(planOf({ steps: { a: {} }, gates: [safe] }))
    await (await run.started('a')).succeed()
    const scan = await run.started('gate:safe/check:scan')
    expect(scan.request.permissions).toEqual(rails)
    await scan.succeed()

    const file = check('there', { judge: { kind: 'file', file: 'out.txt' } })
    const other = await controlled(planOf({ steps: { a: { permissions: rails, checks: [file] } } }))
    await (await other.started('a')).succeed()
    expect((await other.started('a/check:there')).request.permissions.deny).toEqual([])
  })

  it('a check has a folder of its own where it says so, a repair its own environment over that of the step', async () => {
    const action = { kind: 'run' as const, script: 'x', shell: 'sh' as const }
    const near = check('near', { judge: { kind: 'step', action, with: {}, env: {}, cwd: 'sub' } })
    const failures = {
      broken: {
        match: undefined,
        exit: undefined,
        hint: undefined,
        recover: { action, with: {}, env: { A: 'repair' }, timeoutMs: undefined },
      },
    }
    const retry = { attempts: 2, only: [], backoffMs: 0, factor: 1, maxMs: 0, jitter: 0 }
    const a = { cwd: 'main', env: { A: 'step', B: 'step' }, checks: [near], failures, retry }
    const run = await controlled(planOf({ steps: { a } }))
    await (await run.started('a')).fail({ failure: 'broken' })
    const repair = await run.started('a/recover:broken')
    expect([repair.request.env, repair.request.cwd]).toEqual([{ A: 'repair', B: 'step' }, 'main'])
    await repair.succeed()
    await (await run.started('a')).succeed()
    expect((await run.started('a/check:near')).request.cwd).toBe('sub')
  })
})
