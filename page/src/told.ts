import { useEffect, useState } from 'react'
import type { RunHead, Told } from '../../src/server/api.ts'

/** Whether what was told still is so: a process runs it while it is live, and of what has ended its status says all. */
export function holds({ ok, run }: Told, { phase, status }: Pick<RunHead, 'phase' | 'status'>): boolean {
  if (!ok) return true
  return run === undefined ? phase !== 'ended' : status === 'live'
}

/** What was told last of a run, until the run comes into another status. */
export function useTold(head: RunHead | undefined): readonly [told: Told | undefined, tell: (told: Told) => void] {
  const [told, setTold] = useState<Told>()
  const status = head?.status
  useEffect(() => {
    // That a process runs it is told a little before it is seen.
    setTold((before) => (before?.run !== undefined && status === 'live' ? before : undefined))
  }, [status])
  return [told !== undefined && head !== undefined && holds(told, head) ? told : undefined, setTold]
}
