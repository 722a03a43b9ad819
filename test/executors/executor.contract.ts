import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../../src/events/outcome.ts'
import type { DispatchBody } from '../../src/ports/executor.ts'
import { readJournal } from '../../src/supervisor/journal.ts'
import { type Bench, dispatchOf, isAlive, openBench } from '../support/supervised.ts'
import { BUSY_MS } from '../support/waiting.ts'

/** What the suite must know of one kind of step to hold it to the promises of `Executor`. */
export interface KindUnderTest {
  readonly name: string
  /** Prepares what the bodies need; returns what undoes it. */
  setUp(bench: () => Bench): Promise<() => Promise<void>>
  succeeds(): DispatchBody
  fails(): { readonly body: DispatchBody; readonly reason: string }
  /** Runs until it is ended from outside. */
  hangs(): DispatchBody
  /** Its options for the bench. */
  readonly options?: Parameters<typeof openBench>[0]
}

/** The promises E1 to E4 of `Executor`, for one kind of step. */
export function executorContract(kind: KindUnderTest): void {
  describe(`the executor contract over ${kind.name} steps`, () => {
    let bench: Bench
    let tearDown: () => Promise<void>
    beforeAll(async () => {
      bench = openBench(kind.options)
      tearDown = await kind.setUp(() => bench)
    })
    afterAll(async () => {
      await tearDown()
      await bench.close()
    })

    /** Starts a dispatch and counts how often it is told to be done. */
    const startCounted = (token: string, body: DispatchBody, more = {}) => {
      const outcomes: Outcome[] = []
      const first = new Promise<Outcome>((resolve) => {
        bench.executor.start(token, dispatchOf(token, body, more), (outcome) => {
          outcomes.push(outcome)
          resolve(outcome)
        })
      })
      return { outcomes, first }
    }

    test('E1: done is called exactly once for a success', async () => {
      const { outcomes, first } = startCounted('well#1', kind.succeeds())
      expect(await first).toMatchObject({ status: 'succeeded' })
      await bench.run('fence_a#1', 'true')
      expect(outcomes).toHaveLength(1)
    })

    test('E1: done is called exactly once for a failure, with its reason and its duration', async () => {
      const { body, reason } = kind.fails()
      const { outcomes, first } = startCounted('badly#1', body)
      const outcome = await first
      expect(outcome).toMatchObject({ status: 'failed', reason })
      expect(outcome.message).toBeTruthy()
      expect(outcome.durationMs).toBeGreaterThan(0)
      await bench.run('fence_b#1', 'true')
      expect(outcomes).toHaveLength(1)
    })

    test('promise 13b: E2: a timeout ends it within timeout, grace, a tenth and 100 ms', async () => {
      const [timeoutMs, graceMs] = [1500, 300]
      const startedAt = performance.now()
      const outcome = await bench.run('late#1', kind.hangs(), { timeoutMs, graceMs })
      expect(outcome.status).toBe('timed-out')
      expect(performance.now() - startedAt).toBeLessThan((timeoutMs + graceMs) * 1.1 + 100 + BUSY_MS)
    })

    test('E3: abort ends it as cancelled, and may be said twice, after the end and for what never was', async () => {
      const { outcomes, first } = startCounted('ended#1', kind.hangs())
      bench.executor.abort('ended#1', false)
      bench.executor.abort('ended#1', false)
      expect(await first).toMatchObject({ status: 'cancelled' })
      bench.executor.abort('ended#1', true)
      bench.executor.abort('never#1', true)
      await bench.run('fence_c#1', 'true')
      expect(outcomes).toHaveLength(1)
    })

    test('E3: a hard abort does not wait for the grace', async () => {
      const startedAt = performance.now()
      const { first } = startCounted('killed#1', kind.hangs(), { graceMs: 60_000 })
      bench.executor.abort('killed#1', true)
      expect(await first).toMatchObject({ status: 'cancelled' })
      expect(performance.now() - startedAt).toBeLessThan(5000)
    })

    test('promise 13c: E4: nothing it started is alive when done is called', async () => {
      const { first } = startCounted('swept#1', kind.hangs(), { graceMs: 100 })
      const child = await vi.waitFor(() => {
        const found = readJournal(bench.runDir).find(({ token }) => token === 'swept#1')
        expect(found).toBeDefined()
        return found
      })
      expect(isAlive(child?.pid ?? 0)).toBe(true)
      bench.executor.abort('swept#1', false)
      await first
      expect(isAlive(child?.pid ?? 0)).toBe(false)
      expect(readJournal(bench.runDir)).toEqual([])
    })
  })
}
