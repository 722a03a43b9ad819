import type { RunEvent } from '../events/events.ts'
import { gateKeyOf, splitCheck } from '../events/path.ts'

/**
 * Counts the working time of every scope from the events alone, live and on resume alike: the time in which at least
 * one attempt, repair or check of it ran. Waiting for people, signals, locks, slots and timers does not count, nor does
 * the time in which nobody owned the run, nor what a jump of the clock adds. A run that is opened again has all its time
 * again.
 */
export interface WorkClock {
  feed(event: RunEvent): void
  /** Milliseconds worked in the scope up to `now`. */
  workedMs(scope: string, now: number): number
  isWorking(scope: string): boolean
  /** Scopes that began or ceased to work since this was last asked. */
  takeChanged(): readonly string[]
  /** Counts a scope among the changed. */
  touch(scope: string): void
}

interface Count {
  active: number
  since: number
  total: number
}

export function createWorkClock(): WorkClock {
  const scopes = new Map<string, Count>()
  const active = new Set<string>()
  const changed = new Set<string>()
  let last = 0

  const begin = (key: string, at: number): void => {
    if (active.has(key)) return
    active.add(key)
    for (const scope of scopesOf(key)) {
      const count = scopes.get(scope) ?? { active: 0, since: 0, total: 0 }
      scopes.set(scope, count)
      if (count.active === 0) {
        count.since = at
        changed.add(scope)
      }
      count.active += 1
    }
  }
  const end = (key: string, at: number): void => {
    if (!active.delete(key)) return
    for (const scope of scopesOf(key)) {
      const count = scopes.get(scope)
      if (count === undefined) continue
      count.active -= 1
      if (count.active > 0) continue
      count.total += Math.max(0, at - count.since)
      changed.add(scope)
    }
  }

  return {
    feed(event) {
      switch (event.type) {
        case 'attempt-started':
          begin(event.path, event.at)
          break
        case 'attempt-ended':
          end(event.path, event.at)
          break
        case 'pipeline-started':
          end(event.path, event.at)
          scopes.delete(event.path)
          break
        case 'recover-started':
          begin(`${event.path}/recover:`, event.at)
          break
        case 'recover-ended':
          end(`${event.path}/recover:`, event.at)
          break
        case 'check-started':
          begin(`${event.path}/check:${event.check}`, event.at)
          break
        case 'check-ended':
          end(`${event.path}/check:${event.check}`, event.at)
          break
        case 'wait-opened': {
          const check = splitCheck(event.path)
          if (check) end(event.path, event.at)
          break
        }
        case 'clock-jumped':
          for (const [scope, count] of scopes) {
            if (count.active === 0) continue
            count.since += event.byMs
            changed.add(scope)
          }
          break
        case 'run-reopened':
          scopes.clear()
          break
        case 'run-opened':
          for (const key of [...active]) end(key, last)
          break
      }
      last = event.at
    },
    workedMs(scope, now) {
      const count = scopes.get(scope)
      return count === undefined ? 0 : count.total + (count.active > 0 ? Math.max(0, now - count.since) : 0)
    },
    isWorking: (scope) => (scopes.get(scope)?.active ?? 0) > 0,
    takeChanged() {
      const taken = [...changed]
      changed.clear()
      return taken
    },
    touch: (scope) => void changed.add(scope),
  }
}

/** The scopes that hold what runs under this path, outermost first. */
function scopesOf(path: string): string[] {
  const check = splitCheck(path)
  const of = check ? check.of : path.endsWith('/recover:') ? path.slice(0, -9) : path
  const holder = gateKeyOf(of) ?? of
  const found = ['']
  for (let at = holder.indexOf('/'); at >= 0; at = holder.indexOf('/', at + 1)) found.push(holder.slice(0, at))
  return found
}
