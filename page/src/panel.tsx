import { type ReactNode, useEffect, useRef } from 'react'
import type { GatePicture, StepPicture } from '../../src/server/api.ts'
import { decisionText, waitingText } from '../../src/views/terminal/words.ts'
import { Logs } from './log.tsx'
import { Status, spanText, useNow, Values } from './words.tsx'

/** What is known of one step or gate, and what it printed. */
export function Panel({
  actions,
  does,
  gate,
  onClose,
  path,
  run,
  step,
}: {
  readonly run: string
  readonly path: string
  readonly does: string | undefined
  readonly step: StepPicture | undefined
  readonly gate: GatePicture | undefined
  /** What can be done with it. */
  readonly actions: ReactNode
  readonly onClose: () => void
}) {
  const title = useRef<HTMLHeadingElement>(null)
  const moving = step?.status === 'running' || step?.status === 'waiting'
  const now = useNow(moving)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is another panel to a reader
  useEffect(() => {
    title.current?.focus({ preventScroll: true })
  }, [path])
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // A dialog above it takes it for itself.
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) onClose()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [onClose])
  return (
    <aside className="panel" aria-labelledby="panel-title">
      <header>
        <h2 id="panel-title" ref={title} tabIndex={-1}>
          {path}
        </h2>
        <button type="button" className="quiet" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      {does && <p className="does">{does}</p>}
      {step && (
        <p className="facts">
          <Status status={step.status} /> <span>{spanText(step.startedAt, step.endedAt, now)}</span>
          {step.attempts > 1 && <span>attempt {step.attempts}</span>}
          {step.late && <span className="status warn">late</span>}
          {step.items !== undefined && <span>{step.items} items</span>}
        </p>
      )}
      {!step && !gate && <p className="dim">Nothing happened to it yet.</p>}
      {step?.waitingFor && <p>{waitingText(step.waitingFor, now)}</p>}
      {step && step.status !== 'succeeded' && (step.message ?? step.reason) && <p>{step.message ?? step.reason}</p>}
      {step?.hint && (
        <p className="hint">
          <strong>hint</strong>: {step.hint}
        </p>
      )}
      {step?.decision && (
        <p>
          {decisionText(step.decision)}
          {step.decision.comment && `: ${step.decision.comment}`}
        </p>
      )}
      {actions}
      {gate && <GateFacts gate={gate} />}
      {step?.checks && <Checks checks={step.checks} />}
      {step?.outputs && <Values values={step.outputs} />}
      {step && <Logs key={`${path} ${step.attempts}`} run={run} path={path} moving={moving} />}
      {gate && gate.checks.length > 0 && <Logs key={path} run={run} path={path} moving={gate.status === 'pending'} />}
    </aside>
  )
}

export function GateFacts({ gate }: { readonly gate: GatePicture }) {
  return (
    <>
      <p className="facts">
        <Status status={gate.status} /> <span>{gate.level}</span>
        {gate.share !== undefined && <span>{Math.round(gate.share * 100)} % succeeded</span>}
        {gate.failing.length > 0 && <span>failing: {gate.failing.join(', ')}</span>}
      </p>
      {gate.decided && (
        <p>
          decided by {gate.decided.by.name}: {gate.decided.reason}
        </p>
      )}
      {gate.checks.length > 0 && <Checks checks={gate.checks} />}
    </>
  )
}

function Checks({ checks }: { readonly checks: GatePicture['checks'] }) {
  return (
    <ul className="checks" aria-label="Checks">
      {checks.map((check) => (
        <li key={check.id}>
          <Status status={check.status} /> {check.id}{' '}
          {check.level === 'advisory' && <span className="dim">(advisory)</span>}{' '}
          {check.message && <span className="dim">{check.message}</span>}
        </li>
      ))}
    </ul>
  )
}
