import type { Dispatch } from '../ports/executor.ts'

/** Knows which dispatches shared a checkout at some time, so that a change is not blamed on the wrong one. */
export interface Overlap {
  begin(token: string, dispatch: Dispatch): void
  end(token: string): void
  /** Others that could write in the checkout of this dispatch since it began. */
  beside(token: string): readonly Dispatch[]
  /** Dispatches that could write in the project's own checkout since this one began. */
  inProject(token: string): readonly Dispatch[]
}

interface Entry {
  readonly dispatch: Dispatch
  readonly checkout: string
  readonly seen: Set<Entry>
}

const PROJECT = ''

export function createOverlap(): Overlap {
  const active = new Map<string, Entry>()
  const seenIn = (token: string, checkout: string | undefined): readonly Dispatch[] => {
    const seen = [...(active.get(token)?.seen ?? [])]
    return seen.filter((entry) => entry.checkout === checkout).map(({ dispatch }) => dispatch)
  }
  return {
    begin(token, dispatch) {
      // A request writes nowhere.
      if (dispatch.body.kind === 'http') return
      const entry: Entry = { dispatch, checkout: checkoutOf(token, dispatch), seen: new Set(active.values()) }
      for (const other of active.values()) other.seen.add(entry)
      active.set(token, entry)
    },
    end: (token) => active.delete(token),
    beside: (token) => seenIn(token, active.get(token)?.checkout),
    inProject: (token) => seenIn(token, PROJECT),
  }
}

function checkoutOf(token: string, { isolation, worktree }: Dispatch): string {
  if (isolation === undefined) return PROJECT
  return worktree === undefined ? `own:${token}` : `shared:${worktree}`
}
