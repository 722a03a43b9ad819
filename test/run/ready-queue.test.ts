import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addJob,
  createQueue,
  type Job,
  occupySlot,
  type ReadyQueue,
  releaseSlot,
  takeJob,
} from '../../src/run/ready-queue.ts'

const job = (rank: number, ...order: number[]): Job => ({
  rank,
  order,
  start: () => undefined,
  wait: () => undefined,
  state: 'queued',
})
const drain = (root: ReadyQueue): Job[] => {
  const taken: Job[] = []
  for (let next = takeJob(root); next !== undefined; next = takeJob(root)) taken.push(next)
  return taken
}

/** What a queue must do, slowly: of all jobs whose queues have a slot all the way up, the most urgent. */
function model(queues: readonly ReadyQueue[]) {
  const jobs: { job: Job; queue: ReadyQueue }[] = []
  const used = new Map<ReadyQueue, number>()
  const way = (queue: ReadyQueue): ReadyQueue[] => (queue.parent ? [queue, ...way(queue.parent)] : [queue])
  const change = (queue: ReadyQueue, by: number): void => {
    for (const each of way(queue)) used.set(each, (used.get(each) ?? 0) + by)
  }
  const before = (a: Job, b: Job): number =>
    b.rank - a.rank ||
    a.order.map((part, at) => part - (b.order[at] ?? -1)).find((by) => by !== 0) ||
    a.order.length - b.order.length
  return {
    add: (queue: ReadyQueue, each: Job) => void jobs.push({ job: each, queue }),
    change,
    take(): Job | undefined {
      const open = jobs.filter(
        ({ job: each, queue }) => each.state === 'queued' && way(queue).every((at) => (used.get(at) ?? 0) < at.limit),
      )
      const [best] = open.sort((a, b) => before(a.job, b.job))
      if (best) change(best.queue, 1)
      return best?.job
    },
    used: () => queues.map((queue) => used.get(queue) ?? 0),
  }
}

describe('promise 24b: who starts next', () => {
  it('is the one with the longest way, then the first in the source, the outer before the inner', () => {
    const root = createQueue(99, undefined)
    const jobs = [job(1, 2), job(5, 9), job(1, 1, 4), job(1, 1), job(7, 3), job(1, 1, 2)]
    for (const each of jobs) addJob(root, each)
    expect(drain(root).map(({ rank, order }) => [rank, ...order])).toEqual([
      [7, 3],
      [5, 9],
      [1, 1],
      [1, 1, 2],
      [1, 1, 4],
      [1, 2],
    ])
    expect(root.used).toBe(6)
  })

  it('is taken with a slot in its scope and in all around it; one that is full lets others pass', () => {
    const root = createQueue(3, undefined)
    const inner = createQueue(1, root)
    for (const each of [job(9, 1), job(8, 2)]) addJob(inner, each)
    for (const each of [job(7, 3), job(6, 4)]) addJob(root, each)
    expect(drain(root).map(({ rank }) => rank)).toEqual([9, 7, 6])
    expect([root.used, inner.used]).toEqual([3, 1])
    releaseSlot(inner)
    expect([root.used, inner.used]).toEqual([2, 0])
    expect(drain(root).map(({ rank }) => rank)).toEqual([8])
  })

  it('is nobody who was dropped, and nobody twice', () => {
    const root = createQueue(2, undefined)
    const [first, second] = [job(2, 1), job(1, 2)]
    addJob(root, first)
    addJob(root, second)
    first.state = 'dropped'
    expect(drain(root)).toEqual([second])
    expect(second.state).toBe('taken')
    expect(root.used).toBe(1)
  })

  it('is as a slow model says, whatever is added, dropped, taken and given back', () => {
    const step = fc.record({
      what: fc.constantFrom('add', 'add', 'add', 'take', 'take', 'drop', 'give back', 'occupy'),
      queue: fc.nat(4),
      rank: fc.nat(3),
      order: fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }),
      pick: fc.nat(9),
    })
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
        fc.array(step, { maxLength: 40 }),
        (limits, steps) => {
          const root = createQueue(limits[0]!, undefined)
          const [a, b] = [createQueue(limits[1]!, root), createQueue(limits[2]!, root)]
          const queues = [root, a, b, createQueue(limits[3]!, a), createQueue(limits[4]!, a)]
          const slow = model(queues)
          const [waiting, held]: [Job[], ReadyQueue[]] = [[], []]
          const home = new Map<Job, ReadyQueue>()
          for (const [at, { what, queue, rank, order, pick }] of steps.entries()) {
            const of = queues[queue]!
            if (what === 'add') {
              const each = job(rank, ...order, at)
              home.set(each, of)
              waiting.push(each)
              addJob(of, each)
              slow.add(of, each)
            } else if (what === 'take') {
              const expected = slow.take()
              expect(takeJob(root)).toBe(expected)
              if (expected) held.push(home.get(expected)!)
            } else if (what === 'drop') {
              const each = waiting[pick % Math.max(1, waiting.length)]
              if (each?.state === 'queued') each.state = 'dropped'
            } else if (what === 'occupy') {
              occupySlot(of)
              slow.change(of, 1)
              held.push(of)
            } else if (held.length > 0) {
              const [back] = held.splice(pick % held.length, 1)
              releaseSlot(back!)
              slow.change(back!, -1)
            }
            expect(queues.map(({ used }) => used)).toEqual(slow.used())
          }
        },
      ),
      { numRuns: 150, seed: 7 },
    )
  })
})
