import { describe, expect, it } from 'vitest'
import type { EventBody } from '../../src/events/events.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { Arrival, Port } from '../../src/ports/port.ts'
import { drive } from '../../src/run/drive.ts'
import { planOf, type Steps } from '../support/plans.ts'

/** A world in which every attempt succeeds at once. Counts what the scheduler asks of it. */
async function rush(plan: Plan) {
  let arrived: Arrival[] = [{ type: 'opened', at: 1 }]
  let widest = 0
  const events: EventBody[] = []
  const port: Port = {
    emit: (event) => void events.push(event),
    dispatch: (token) =>
      void arrived.push({
        type: 'outcome',
        token,
        at: 1,
        outcome: { status: 'succeeded', outputs: {}, durationMs: 0 },
      }),
    timer: () => undefined,
    clearTimer: () => undefined,
    wait: () => undefined,
    lock: () => undefined,
    unlock: () => undefined,
    send: () => undefined,
    abort: () => undefined,
    async next() {
      const batch = arrived
      arrived = []
      widest = Math.max(widest, batch.length)
      return batch
    },
  }
  const before = process.cpuUsage()
  const start = { type: 'new', inputs: {}, startedBy: { name: 'alice' }, version: '0', root: '/', approve: [] } as const
  const { state } = await drive({ plan, port, run: 'r', start, park: false })
  const { user, system } = process.cpuUsage(before)
  return { state, events, widest, cpuMs: (user + system) / 1000 }
}

function wide(count: number): Steps {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, {}]))
}

function chain(count: number): Steps {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, i === 0 ? {} : { needs: [`s${i - 1}`] }]))
}

describe('size', () => {
  it('runs 10,000 independent steps, never more at once than there are slots', async () => {
    const { state, widest } = await rush(planOf({ maxParallel: 8, steps: wide(10_000) }))
    expect(state.outcome).toBe('succeeded')
    expect(state.steps.size).toBe(10_000)
    expect(widest).toBe(8)
  })

  it('runs a chain of 10,000 steps', async () => {
    const { state } = await rush(planOf({ steps: chain(10_000) }))
    expect(state.outcome).toBe('succeeded')
  })

  it('skips a chain of 10,000 steps without a deep stack', async () => {
    const steps = { ...chain(10_000), s0: { when: '1 == 2' }, s1: { when: '1 == [1][3]', needs: ['s0'] } }
    const { state } = await rush(planOf({ steps }))
    expect(state.outcome).toBe('failed')
    expect(state.steps.get('s9999')?.status).toBe('skipped')
  })

  it('D4: the work for a step does not grow with the number of steps', async () => {
    await rush(planOf({ steps: wide(2000) }))
    const small = await rush(planOf({ steps: wide(2000) }))
    const large = await rush(planOf({ steps: wide(16_000) }))
    expect(large.cpuMs / 8).toBeLessThan(Math.max(small.cpuMs, 20) * 2.5)
  })
})
