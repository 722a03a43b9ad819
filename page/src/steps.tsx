import { useMemo, useState } from 'react'
import type { StepPicture } from '../../src/server/api.ts'
import { waitingText } from '../../src/views/terminal/words.ts'
import { Choice } from './choice.tsx'
import { Rows } from './rows.tsx'
import { Status, spanText, useNow } from './words.tsx'

const ROW = 34

/** Every step as a line of text, with a filter. */
export function Steps({
  onPick,
  picked,
  steps,
}: {
  readonly steps: ReadonlyMap<string, StepPicture>
  readonly picked: string | undefined
  readonly onPick: (path: string) => void
}) {
  const [text, setText] = useState('')
  const [status, setStatus] = useState('')
  const all = useMemo(() => [...steps.values()], [steps])
  const statuses = useMemo(() => [...new Set(all.map((step) => step.status))].sort(), [all])
  const rows = useMemo(
    () =>
      all.filter(
        (step) => (status === '' || step.status === status) && step.path.toLowerCase().includes(text.toLowerCase()),
      ),
    [all, status, text],
  )
  const now = useNow(all.some((step) => step.status === 'running' || step.status === 'waiting'))
  return (
    <div className="steps">
      <search className="filters">
        <label>
          <span>Find a step</span>
          <input type="search" value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <Choice all name="Status" value={status} among={statuses} set={setStatus} />
        <span className="count" role="status">
          {rows.length} of {all.length} steps
        </span>
      </search>
      <Rows
        className="lines"
        label="Steps"
        height={ROW}
        items={rows}
        keyOf={(step) => step.path}
        row={(step) => (
          <button type="button" className="line" aria-pressed={picked === step.path} onClick={() => onPick(step.path)}>
            <Status status={step.status} />
            <span className="name">{step.path}</span>
            <span className="why">
              {step.waitingFor
                ? waitingText(step.waitingFor, now)
                : step.status === 'succeeded'
                  ? ''
                  : (step.message ?? step.reason ?? '')}
            </span>
            <span className="span">{spanText(step.startedAt, step.endedAt, now)}</span>
          </button>
        )}
      />
    </div>
  )
}
