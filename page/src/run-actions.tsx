import type { RunHead, Told } from '../../src/server/api.ts'
import { ActButton, AskingButton, ToldText } from './act.tsx'
import { useTold } from './told.ts'

/** What the terminal can do with a run as it is now. */
export function Actions({ head, onTold }: { readonly head: RunHead; readonly onTold: (told: Told) => void }) {
  const { goOn, phase, run } = head
  if (goOn === undefined && phase === 'ended') return null
  return (
    <div className="actions">
      {goOn === 'resume' && (
        <>
          <span>{phase === 'ended' ? 'Its `finally` was left out by a kill.' : 'Nobody runs it now.'}</span>
          <ActButton word="Go on" what={{ verb: 'resume', run }} onTold={onTold} />
        </>
      )}
      {goOn === 'retry' && <RetryButton run={run} onTold={onTold} />}
      {phase !== 'ended' && (
        <AskingButton
          word="Cancel the run"
          what={(form) => {
            return { verb: 'cancel', run, reason: String(form.get('reason')), kill: form.get('kill') !== null }
          }}
          onTold={onTold}
        >
          <p>All of it that runs is ended, then its `finally` steps run.</p>
          <label className="which">
            <span>Reason, for the record</span>
            <input name="reason" />
          </label>
          <label>
            <input type="checkbox" name="kill" /> At once, without `finally`
          </label>
        </AskingButton>
      )}
      {goOn !== undefined && (
        <code>
          opsflow {goOn} {run}
        </code>
      )}
    </div>
  )
}

/** What came of it is said here: on a phone nothing else can be seen. */
export function StepActions({
  failed,
  head,
  step,
}: {
  readonly head: RunHead
  readonly step: string
  readonly failed: boolean
}) {
  const { run } = head
  const [told, setTold] = useTold(head)
  return (
    <>
      {failed && (
        <p>
          <RetryButton run={run} step={step} onTold={setTold} />
        </p>
      )}
      <ToldText run={run} told={told} />
    </>
  )
}

/** Opens a run again: all that failed, or one step. */
function RetryButton({
  onTold,
  run,
  step,
}: {
  readonly run: string
  readonly step?: string
  readonly onTold: (told: Told) => void
}) {
  return (
    <AskingButton
      word={step === undefined ? 'Run again what did not succeed' : 'Run this step again'}
      of={step}
      what={() => ({ verb: 'retry', run, step })}
      onTold={onTold}
    >
      <p>
        {step === undefined
          ? 'The run is opened again: its failed steps, and what follows them, get a new attempt.'
          : 'The run is opened again: this step, and what follows it, gets a new attempt.'}
      </p>
    </AskingButton>
  )
}
