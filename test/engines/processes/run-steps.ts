/**
 * Runs, or resumes, run `r1` of a store with the real engine and scheduler. Steps are lines in a file: each start of a
 * step appends its token, which outlives the process, prints it, and ends a few milliseconds later.
 */
import { appendFileSync } from 'node:fs'
import { systemClock } from '../../../src/engines/embedded/clock.ts'
import { startRun } from '../../../src/engines/embedded/engine.ts'
import type { Executor } from '../../../src/ports/executor.ts'
import { openStore } from '../../../src/store/store.ts'

const [stateDir, startsFile, order] = process.argv.slice(2) as [string, string, 'new' | 'resume']
const by = { name: 'alice' }
const executor: Executor = {
  start(token, _, done) {
    appendFileSync(startsFile, `${token}\n`)
    process.stdout.write(`start ${token}\n`)
    setTimeout(() => done({ status: 'succeeded', durationMs: 3 }), 3)
  },
  abort: () => undefined,
  send: () => undefined,
  close: async () => undefined,
}
const store = openStore(stateDir)
const owned = await store.own('r1', { pid: process.pid, by })
const isNew = order === 'new' || owned.ledger.read().length === 0
const { result } = startRun({
  ledger: owned.ledger,
  locks: owned.locks,
  executor,
  clock: systemClock,
  park: true,
  start: isNew
    ? { type: 'new', inputs: {}, startedBy: by, version: '0.0.0', root: '/', approve: [] }
    : { type: 'resume', by },
})
const { end, state } = await result
owned.release()
process.stdout.write(`${end} ${state.outcome ?? ''}\n`)
