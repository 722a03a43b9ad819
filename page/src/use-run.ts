import { useEffect, useState } from 'react'
import type { PlanPicture, RunChange, RunHead, StepPicture } from '../../src/server/api.ts'
import { ask, Refused } from './ask.ts'

/** A run as it was told last. */
export interface KnownRun {
  readonly head: RunHead
  readonly plan: PlanPicture | undefined
  readonly steps: ReadonlyMap<string, StepPicture>
}

/** Puts a change onto what was known. */
export function changed(known: KnownRun | undefined, change: RunChange): KnownRun {
  const { fresh, head, plan, steps } = change
  const before = fresh || known === undefined ? new Map<string, StepPicture>() : known.steps
  const after = steps.length === 0 ? before : new Map([...before, ...steps.map((step) => [step.path, step] as const)])
  return { head, plan: fresh ? plan : (known?.plan ?? plan), steps: after }
}

/** Follows a run: all of it first, then what changes. The browser connects again by itself. */
export function useRun(run: string): { readonly known: KnownRun | undefined; readonly problem: string | undefined } {
  const [known, setKnown] = useState<KnownRun>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    const address = `/api/runs/${encodeURIComponent(run)}`
    const source = new EventSource(`${address}/follow`)
    source.addEventListener('change', (event) => {
      setProblem(undefined)
      setKnown((before) => changed(before, JSON.parse(event.data) as RunChange))
    })
    source.addEventListener('error', () => {
      // Why, an event source does not tell.
      ask(`${address}/logs`).then(
        () => setProblem(undefined),
        (error: Error) => {
          setProblem(error.message)
          if (error instanceof Refused && source.readyState === EventSource.CLOSED) source.close()
        },
      )
    })
    return () => source.close()
  }, [run])
  return { known, problem }
}
