/*
 * Who starts next where slots are few. Every scope has its limit; a job needs a slot of its own scope and of every
 * scope around it, taken together or not at all. The most urgent first: longest way to the end, then source order.
 * Q1 A job is taken at most once; a dropped one never.
 * Q2 `used` of a queue is the number of slots taken in it and below, never more than `limit`.
 * Q3 Each add, drop, take and release costs O(log n) in each scope on the way up.
 */

export interface Job {
  readonly rank: number
  readonly order: readonly number[]
  readonly start: () => void
  /** What is told when the job does not start within its turn. */
  readonly wait: () => void
  state: 'queued' | 'taken' | 'dropped'
}

export interface ReadyQueue {
  readonly parent: ReadyQueue | undefined
  limit: number
  used: number
  readonly heap: Entry[]
  /** The most urgent entry by which the parent knows this queue. */
  offered: Job | undefined
}

type Entry = { readonly job: Job; readonly queue: ReadyQueue | undefined }

export function createQueue(limit: number, parent: ReadyQueue | undefined): ReadyQueue {
  return { parent, limit, used: 0, heap: [], offered: undefined }
}

export function addJob(queue: ReadyQueue, job: Job): void {
  push(queue.heap, { job, queue: undefined })
  offer(queue)
}

/** Gives back one slot in the queue and in all around it. */
export function releaseSlot(queue: ReadyQueue): void {
  for (let at: ReadyQueue | undefined = queue; at; at = at.parent) at.used -= 1
  for (let at: ReadyQueue | undefined = queue; at; at = at.parent) offer(at)
}

/** Counts a slot that is in use already: what an earlier owner left running. */
export function occupySlot(queue: ReadyQueue): void {
  for (let at: ReadyQueue | undefined = queue; at; at = at.parent) at.used += 1
}

/** Takes the most urgent job that has a slot everywhere, with its slots; undefined where none can start. */
export function takeJob(root: ReadyQueue): Job | undefined {
  const way: ReadyQueue[] = []
  let at = root
  for (;;) {
    const top = open(at) ? peek(at) : undefined
    if (top === undefined) {
      const parent = way.pop()
      if (parent === undefined) return undefined
      at = parent
      continue
    }
    pop(at.heap)
    if (top.queue === undefined) {
      top.job.state = 'taken'
      occupySlot(at)
      for (let up: ReadyQueue | undefined = at; up; up = up.parent) offer(up)
      return top.job
    }
    if (top.queue.offered === top.job) top.queue.offered = undefined
    way.push(at)
    at = top.queue
  }
}

function open(queue: ReadyQueue): boolean {
  return queue.used < queue.limit
}

/** Lets the parent know of the most urgent job here, unless it knows of it already. */
function offer(queue: ReadyQueue): void {
  const { parent } = queue
  if (parent === undefined || !open(queue)) return
  const top = peek(queue)
  if (top === undefined || (queue.offered !== undefined && compare(queue.offered, top.job) <= 0)) return
  queue.offered = top.job
  push(parent.heap, { job: top.job, queue })
  offer(parent)
}

function peek(queue: ReadyQueue): Entry | undefined {
  for (;;) {
    const top = queue.heap[0]
    if (top === undefined) return undefined
    if (top.queue === undefined && top.job.state !== 'queued') pop(queue.heap)
    else return top
  }
}

function compare(a: Job, b: Job): number {
  if (a.rank !== b.rank) return b.rank - a.rank
  for (let i = 0; i < a.order.length && i < b.order.length; i++)
    if (a.order[i] !== b.order[i]) return a.order[i]! - b.order[i]!
  return a.order.length - b.order.length
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1
  while (at > 0) {
    const up = (at - 1) >> 1
    if (compare(heap[up]!.job, entry.job) <= 0) break
    heap[at] = heap[up]!
    at = up
  }
  heap[at] = entry
}

function pop(heap: Entry[]): void {
  const last = heap.pop()!
  if (heap.length === 0) return
  let at = 0
  for (;;) {
    let down = 2 * at + 1
    if (down >= heap.length) break
    if (down + 1 < heap.length && compare(heap[down + 1]!.job, heap[down]!.job) < 0) down += 1
    if (compare(last.job, heap[down]!.job) <= 0) break
    heap[at] = heap[down]!
    at = down
  }
  heap[at] = last
}
