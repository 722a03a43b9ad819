import type { RunEvent } from '../events/events.ts'
import { attemptToken, checkPath, recoverPath } from '../events/path.ts'
import { filesBelow } from '../util/files-below.ts'
import { logName } from '../util/log-name.ts'

/**
 * Logs of attempts that no event started: the record has lost its end, since an attempt is recorded before it starts.
 * No checksum can see that, because what is left is whole. `logs` must have been listed before the events were read: of a
 * live run, whose next attempt may start in between, the events then know them all.
 */
export function logsWithoutEvent(logs: readonly string[], events: readonly RunEvent[]): readonly string[] {
  if (logs.length === 0) return []
  const known = new Set(events.flatMap((event) => tokensOf(event).map(logName)))
  return logs.filter((log) => !known.has(log))
}

function tokensOf(event: RunEvent): readonly string[] {
  switch (event.type) {
    case 'attempt-started':
      return [attemptToken(event.path, event.attempt)]
    case 'check-started': {
      const path = checkPath(event.path, event.check)
      // One that is for some files asks first which have changed.
      const { attempt, delivery } = event
      return [attemptToken(path, attempt, delivery), attemptToken(`${path}:paths`, attempt, delivery)]
    }
    case 'recover-started':
      return [attemptToken(recoverPath(event.path, event.failure), event.attempt, event.delivery)]
    default:
      return []
  }
}

/** Paths below a folder of logs, sorted. */
export function listLogs(folder: string): readonly string[] {
  return filesBelow(folder)
    .filter((path) => path.endsWith('.log'))
    .sort()
}
