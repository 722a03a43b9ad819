import { useEffect, useState } from 'react'
import { formatDuration } from '../../src/util/duration.ts'

export type Tone = 'good' | 'bad' | 'warn' | 'live' | 'dim'

const TONES: { readonly [status: string]: Tone } = {
  succeeded: 'good',
  passed: 'good',
  approved: 'good',
  failed: 'bad',
  'timed-out': 'bad',
  stalled: 'bad',
  interrupted: 'bad',
  unreadable: 'bad',
  escalated: 'bad',
  rejected: 'bad',
  error: 'bad',
  faulty: 'bad',
  running: 'live',
  live: 'live',
  waiting: 'warn',
  warning: 'warn',
  parked: 'warn',
  held: 'warn',
  bypassed: 'warn',
  partial: 'warn',
  'succeeded-with-failures': 'warn',
  cancelled: 'warn',
  ending: 'warn',
}
const MARKS: { readonly [tone in Tone]: string } = { good: '✓', bad: '✗', warn: '…', live: '▸', dim: '·' }
const OWN_MARKS: { readonly [status: string]: string } = {
  cancelled: '■',
  skipped: '○',
  held: '‖',
  bypassed: '»',
  warning: '!',
  partial: '!',
  'succeeded-with-failures': '!',
}

export function toneOf(status: string): Tone {
  return TONES[status] ?? 'dim'
}

export function markOf(status: string): string {
  return OWN_MARKS[status] ?? MARKS[toneOf(status)]
}

/** A status as sign, colour and word: none of them alone. */
export function Status({ status }: { readonly status: string }) {
  return (
    <span className={`status ${toneOf(status)}`}>
      <span aria-hidden="true">{markOf(status)}</span> {status}
    </span>
  )
}

/** The time now, again each second while something goes on. */
export function useNow(moving: boolean): number {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    if (!moving) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [moving])
  return now
}

export function spanText(from: number | undefined, to: number | undefined, now: number): string {
  return from === undefined ? '' : formatDuration(Math.max(0, (to ?? now) - from))
}

/** A value of a run as text: strings as they are, all else as JSON. */
function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, undefined, 1) ?? '')
}

export function Values({
  values,
  labels = {},
}: {
  readonly values: { readonly [name: string]: unknown }
  readonly labels?: { readonly [name: string]: string }
}) {
  const shown = Object.entries(values).filter(([, value]) => value !== null && value !== undefined)
  if (shown.length === 0) return null
  return (
    <dl className="values">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{Object.hasOwn(labels, name) ? labels[name] : name}</dt>
          <dd>{valueText(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

export function Problem({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p className="problem" role="alert">
      {text}
    </p>
  )
}

/** What stands at an address that leads to nothing. */
export function Nowhere() {
  return (
    <>
      <h1>Nothing is here</h1>
      <p>
        No part of the page has this address. Go to <a href="#/runs">Runs</a>.
      </p>
    </>
  )
}
