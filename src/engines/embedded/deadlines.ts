/** Wall-clock instants by name, the nearest first: a binary heap in which a changed or cleared entry is passed over. */
export interface Deadlines {
  set(name: string, atMs: number): void
  clear(name: string): void
  /** Removes and gives all that are due, in their order. */
  due(nowMs: number): readonly { readonly name: string; readonly atMs: number }[]
  next(): number | undefined
}

interface Entry {
  readonly name: string
  readonly atMs: number
  /** Breaks ties: what was set first is due first. */
  readonly order: number
}

export function createDeadlines(): Deadlines {
  const heap: Entry[] = []
  const current = new Map<string, Entry>()
  let order = 0

  const before = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

  const push = (entry: Entry): void => {
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(entry, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = entry
  }

  const pop = (): void => {
    const last = heap.pop()!
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }

  const first = (): Entry | undefined => {
    while (heap.length > 0 && current.get(heap[0]!.name) !== heap[0]) pop()
    return heap[0]
  }

  return {
    set(name, atMs) {
      const entry = { name, atMs, order: order++ }
      current.set(name, entry)
      push(entry)
    },
    clear: (name) => void current.delete(name),
    due(nowMs) {
      const found: Entry[] = []
      for (let entry = first(); entry !== undefined && entry.atMs <= nowMs; entry = first()) {
        found.push(entry)
        current.delete(entry.name)
      }
      return found
    },
    next: () => first()?.atMs,
  }
}
