import { setTimeout as delay } from 'node:timers/promises'
import { StoreError } from '../ports/store.ts'
import { decisionText } from '../views/terminal/words.ts'
import { type Answered, answeredMeanwhile } from './answered.ts'
import type { ExitCode, Io } from './io.ts'
import { stateOf, withRun } from './open-run.ts'
import { refuseSecrets, secretsHere } from './secrets.ts'
import { WorldError } from './usage-error.ts'

const POLL_MS = 50
/** How long a live owner is given to take the request before the command says that nobody does. */
const PATIENCE_MS = 10_000

/**
 * `opsflow cancel RUN [--kill]`: asks the run's owner to end it, and waits until the record says that it took the
 * request. A run that nobody owns is opened here for as long as that takes.
 */
export async function cancel(
  options: { readonly id: string; readonly kill?: boolean; readonly reason?: string },
  io: Io,
): Promise<ExitCode> {
  let reason = options.reason ?? 'opsflow cancel'
  const hard = options.kill === true
  const todo = await withRun(
    options.id,
    io,
    async ({ store, run, reader, events, state, damage }): Promise<'done' | 'asked' | 'open'> => {
      if (state.phase === 'ended') throw new WorldError(`run \`${run}\` has ended already: ${state.outcome}`)
      if (options.reason !== undefined && damage === undefined)
        await refuseSecrets({ 'the reason': reason }, reader.plan(), () => secretsHere(io))
      if (reader.liveness() !== 'live') {
        if (damage !== undefined) throw new StoreError('damaged', damage, 'nobody runs it, and it cannot go on')
        // What people decided since is not done any more, and still on record.
        reason += answeredMeanwhile(reader, events, state, reader.liveness()).map(answerText).join('')
        return 'open'
      }
      const row = store.put(run, { by: io.user, kind: 'cancel', target: '', data: { reason, hard } })
      if (damage !== undefined)
        throw new WorldError(
          `${damage}; its owner is asked to end it, and whether it does cannot be seen in the record`,
          `end the owner itself: opsflow resume ${run} --take-over`,
        )
      const until = performance.now() + PATIENCE_MS
      for (;;) {
        const now = stateOf(reader.events().events)
        if (now.phase === 'ended' || (now.cancel !== undefined && now.cancel.at >= row.at)) break
        // It died with the request unread: whoever opens the run finds it.
        if (reader.liveness() !== 'live') return 'asked'
        if (performance.now() > until)
          throw new WorldError(
            `the owner of \`${run}\` did not take the request within ${PATIENCE_MS / 1000} s; it stays recorded`,
            `end the owner itself: opsflow resume ${run} --take-over`,
          )
        await delay(POLL_MS)
      }
      io.stdout.write(`cancelled ${run}; follow its end: opsflow watch ${run}\n`)
      return 'done'
    },
    { damage: 'told' },
  )
  if (todo === 'done') return 0
  const { resume } = await import('./resume.ts')
  const cancel = todo === 'open' ? { cancel: { by: io.user, reason, hard } } : {}
  const exit = await resume({ id: options.id, detach: true, ...cancel }, io)
  return exit === 130 ? 0 : exit
}

function answerText({ decision, path }: Answered): string {
  const { comment, values } = decision
  const more = [comment, values && JSON.stringify(values)].filter((text) => text !== undefined)
  return `; \`${path}\` was ${decisionText(decision)}${more.length === 0 ? '' : ` (${more.join(', ')})`}`
}
