import type { Decision, RunEvent } from '../../events/events.ts'
import { gateKeyOf, gatePath } from '../../events/path.ts'
import type { ReportDeed } from '../../model/generated/outputs.types.ts'

const DID: Readonly<Record<Decision['verdict'], ReportDeed['did'] | undefined>> = {
  approved: 'approved',
  rejected: 'rejected',
  answered: 'answered',
  received: 'sent',
  bypassed: 'bypassed',
  rerun: 'rerun',
  // Nobody did.
  expired: undefined,
}

/** What people did to a run, in order. Notes are told apart. */
export function createDeeds() {
  const all: ReportDeed[] = []
  const opened = new Map<string, number>()
  /** Told already that somebody opens the run again, and what for. */
  let isTold = false
  return {
    all: all as readonly ReportDeed[],
    feed(event: RunEvent): void {
      const { at } = event
      const wasTold = isTold
      isTold = event.type === 'run-reopened' || event.type === 'plan-changed'
      switch (event.type) {
        case 'run-created':
          all.push({ by: event.startedBy.name, at, did: 'started' })
          return
        case 'run-opened':
          if (event.epoch > 1 && !wasTold) all.push({ by: event.by.name, at, did: 'resumed' })
          return
        case 'run-reopened':
          all.push({ by: event.by.name, at, did: 'reopened', ...textOf(event.steps.join(', ')) })
          return
        case 'plan-changed':
          all.push({ by: event.by.name, at, did: 'replanned' })
          return
        case 'cancel-requested':
          all.push({ by: event.by.name, at, did: 'cancelled', ...textOf(event.reason) })
          return
        case 'wait-opened':
          opened.set(event.path, at)
          return
        case 'wait-decided': {
          const { decision, path } = event
          const did = DID[decision.verdict]
          // What was decided of a gate is told once, with the reason.
          if (did === undefined || decision.by === undefined || gateKeyOf(path) !== undefined) return
          const since = opened.get(path)
          all.push({
            ...{ by: decision.by.name, at: decision.at, did, path, ...textOf(decision.comment) },
            ...(since === undefined ? {} : { afterMs: Math.max(0, decision.at - since) }),
          })
          return
        }
        case 'gate-decided': {
          const path = gatePath(event.path, event.gate)
          const since = opened.get(path)
          all.push({
            ...{ by: event.by.name, at, did: event.status === 'bypassed' ? 'bypassed' : 'rejected', path },
            ...textOf(event.reason),
            ...(since === undefined ? {} : { afterMs: Math.max(0, at - since) }),
          })
          return
        }
        default:
      }
    },
  }
}

function textOf(text: string | undefined): { readonly text?: string } {
  return text === undefined || text === '' ? {} : { text }
}
