import { useMemo } from 'react'
import type { StepPicture } from '../../src/server/api.ts'
import { formatDuration } from '../../src/util/duration.ts'
import { Rows } from './rows.tsx'
import { markOf, spanText, toneOf, useNow } from './words.tsx'

const ROW = 30

/** When each step ran, one under the other in the order of their starts. */
export function Timeline({
  critical,
  endedAt,
  onPick,
  picked,
  startedAt,
  steps,
}: {
  readonly steps: ReadonlyMap<string, StepPicture>
  readonly critical: ReadonlySet<string>
  readonly startedAt: number
  readonly endedAt: number | undefined
  readonly picked: string | undefined
  readonly onPick: (path: string) => void
}) {
  const now = useNow(endedAt === undefined)
  const rows = useMemo(
    () =>
      [...steps.values()]
        .filter((step) => step.startedAt !== undefined)
        .toSorted((a, b) => a.startedAt! - b.startedAt! || (a.path < b.path ? -1 : 1)),
    [steps],
  )
  const end = endedAt ?? now
  const whole = Math.max(1, end - startedAt)
  const criticalMs = rows.reduce(
    (sum, { endedAt: to, path, startedAt: from }) =>
      critical.has(path) && !/[/\]@]/.test(path) ? sum + ((to ?? now) - from!) : sum,
    0,
  )
  if (rows.length === 0) return <p role="status">Nothing has started yet.</p>
  return (
    <div className="timeline">
      <p className="legend">
        <span className="key" aria-hidden="true" /> critical path: {critical.size} steps, {formatDuration(criticalMs)}{' '}
        of {formatDuration(whole)}
      </p>
      <div className="axis" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <span key={part} style={{ left: `${part * 100}%` }}>
            {formatDuration(whole * part)}
          </span>
        ))}
      </div>
      <Rows
        className="bars"
        label="Steps by their start"
        height={ROW}
        items={rows}
        keyOf={(step) => step.path}
        row={(step) => {
          const left = ((step.startedAt! - startedAt) / whole) * 100
          const width = (((step.endedAt ?? end) - step.startedAt!) / whole) * 100
          const isCritical = critical.has(step.path)
          return (
            <button
              type="button"
              className={`bar-row ${isCritical ? 'critical' : ''}`}
              aria-pressed={picked === step.path}
              onClick={() => onPick(step.path)}
            >
              <span className="name">
                <span className={`mark ${toneOf(step.status)}`} aria-hidden="true">
                  {markOf(step.status)}
                </span>{' '}
                {step.path}
                <span className="hidden">
                  , {step.status}
                  {isCritical && ', on the critical path'}
                </span>
              </span>
              <span className="track">
                <span
                  className={`bar ${toneOf(step.status)}`}
                  style={{ left: `${clamp(left)}%`, width: `${Math.max(0.2, clamp(width))}%` }}
                />
              </span>
              <span className="span">{spanText(step.startedAt, step.endedAt, now)}</span>
            </button>
          )
        }}
      />
    </div>
  )
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent))
}
