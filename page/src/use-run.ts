import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import type { PlanPicture, RunChange, RunHead, StepPicture } from '../../src/server/api.ts'
import { ask } from './ask.ts'

/** A run as it was told last. */
export interface KnownRun {
  readonly head: RunHead
  readonly plan: PlanPicture | undefined
  readonly steps: ReadonlyMap<string, StepPicture>
}

/** Puts a change onto what was known. */
function changed(known: KnownRun | undefined, change: RunChange): KnownRun {
  const { fresh, head, plan, steps } = change
  const before = fresh || known === undefined ? new Map<string, StepPicture>() : known.steps
  const after = steps.length === 0 ? before : new Map([...before, ...steps.map((step) => [step.path, step] as const)])
  return { head, plan: fresh ? plan : (known?.plan ?? plan), steps: after }
}

/** Between two drawings; more changes than that nobody can read. */
const CALM_MS = 150

/** Follows a run: all of it first, then what changes. The browser connects again by itself. */
export function useRun(run: string): { readonly known: KnownRun | undefined; readonly problem: string | undefined } {
  const [known, setKnown] = useState<KnownRun>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    const address = `/api/runs/${encodeURIComponent(run)}`
    const source = new EventSource(`${address}/follow`)
    let waiting: RunChange[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    let drawnAt = Number.NEGATIVE_INFINITY
    const draw = (): void => {
      timer = undefined
      const changes = waiting
      waiting = []
      const began = performance.now()
      setProblem(undefined)
      flushSync(() => setKnown((before) => changes.reduce<KnownRun | undefined>(changed, before)))
      // As long again for the reader's own clicks as drawing took.
      drawnAt = performance.now() + (performance.now() - began)
    }
    source.addEventListener('change', (event) => {
      waiting.push(JSON.parse(event.data) as RunChange)
      timer ??= setTimeout(draw, Math.max(0, drawnAt + CALM_MS - performance.now()))
    })
    source.addEventListener('error', () => {
      // Why, an event source does not tell.
      ask(`${address}/logs`).then(
        () => setProblem(undefined),
        (error: Error) => setProblem(error.message),
      )
    })
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [run])
  return { known, problem }
}
