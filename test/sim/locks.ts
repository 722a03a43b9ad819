/** The locks of one simulated store: all keys of a request at once, first come first served among those that can. */
export interface Locks {
  request(owner: string, keys: readonly string[], granted: () => void): void
  release(owner: string): void
  /** A dead owner's locks are free, its requests forgotten. */
  releaseAll(prefix: string): void
  holders(): ReadonlyMap<string, string>
}

export function createLocks(): Locks {
  const held = new Map<string, string>()
  let queue: { owner: string; keys: readonly string[]; granted: () => void }[] = []
  const settle = (): void => {
    const taken = new Set(held.keys())
    const left: typeof queue = []
    for (const request of queue) {
      if (request.keys.some((key) => taken.has(key))) {
        for (const key of request.keys) taken.add(key)
        left.push(request)
        continue
      }
      for (const key of request.keys) {
        taken.add(key)
        held.set(key, request.owner)
      }
      request.granted()
    }
    queue = left
  }
  const release = (fits: (owner: string) => boolean): void => {
    for (const [key, owner] of held) if (fits(owner)) held.delete(key)
    queue = queue.filter((request) => !fits(request.owner))
    settle()
  }
  return {
    request: (owner, keys, granted) => {
      queue.push({ owner, keys: [...keys].sort(), granted })
      settle()
    },
    release: (owner) => release((candidate) => candidate === owner),
    releaseAll: (prefix) => release((candidate) => candidate.startsWith(prefix)),
    holders: () => held,
  }
}
