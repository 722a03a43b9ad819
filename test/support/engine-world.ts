import { onTestFinished } from 'vitest'
import { type RunHandle, type RunOptions, startRun } from '../../src/engines/embedded/engine.ts'
import type { RunEvent } from '../../src/events/events.ts'
import type { Outcome } from '../../src/events/outcome.ts'
import { compile } from '../../src/plan/compile.ts'
import type { Executor, Token } from '../../src/ports/executor.ts'
import { type OwnedRun, openStore, type Store } from '../../src/store/store.ts'
import { fakeClock } from './fake-clock.ts'
import { projectOf } from './project-of.ts'
import { ALICE, temporaryFolder } from './store.ts'

export const NEW = { type: 'new', inputs: {}, startedBy: ALICE, version: '0.0.0', root: '/', approve: [] } as const

/**
 * A run of a pipeline in this process, with an executor and a clock that the test moves. Where there are more runs of it,
 * what they start has their name before it: `r2:a#1`.
 */
export async function world(
  text: string,
  more: { readonly runs?: readonly string[]; readonly config?: string; readonly coordinator?: string } = {},
) {
  const config = more.config === undefined ? {} : { 'opsflow.config.yaml': more.config }
  const asked =
    more.coordinator === undefined ? {} : { 'ops.yaml': `coordinator: OPS\nsignals: {}\n${more.coordinator}` }
  const options = more.coordinator === undefined ? {} : { coordinator: 'OPS' }
  const compiled = compile(projectOf({ 'p.yaml': text, ...config, ...asked }), 'p', options)
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ message }) => message).join('\n'))
  const clock = fakeClock()
  const store: Store = openStore(temporaryFolder(), () => clock.wallMs())
  onTestFinished(() => store.close())
  for (const run of ['r1', ...(more.runs ?? [])]) store.create(compiled.value, run)
  const running = new Map<Token, (outcome: Outcome) => void>()
  const starts: Token[] = []
  let closed = 0
  const end = (token: Token, outcome: Outcome = { status: 'succeeded', durationMs: 7 }): void => {
    const done = running.get(token)
    running.delete(token)
    done?.(outcome)
  }
  const executorOf = (run: string): Executor => {
    const nameOf = (token: Token): Token => (run === 'r1' ? token : `${run}:${token}`)
    return {
      start(token, _, done) {
        starts.push(nameOf(token))
        running.set(nameOf(token), done)
      },
      abort: (token) => end(nameOf(token), { status: 'cancelled', durationMs: 1 }),
      send: () => undefined,
      close: async () => {
        closed++
      },
    }
  }
  const events: RunEvent[] = []
  const owned = new Map<string, OwnedRun>()
  const begin = async (start: RunOptions['start'], park = false, run = 'r1'): Promise<RunHandle> => {
    const mine = await store.own(run, { pid: process.pid, by: ALICE })
    owned.set(run, mine)
    onTestFinished(() => mine.release())
    const { ledger, locks } = mine
    const onEvents = (more: readonly RunEvent[]): void => void (run === 'r1' && events.push(...more))
    return startRun({ ledger, locks, executor: executorOf(run), clock, start, park, onEvents })
  }
  const release = (durations?: ReadonlyMap<string, number>, run = 'r1'): void => owned.get(run)?.release(durations)
  return { clock, store, starts, end, events, begin, release, closed: () => closed }
}
