import { formatDuration, parseDuration } from '../util/duration.ts'
import { nearest } from '../util/nearest.ts'

/** What a coordinator's runs should come to, as its file says it: `OPS:COMMIT.duration.p95: 5m`. */
export interface Target {
  /** Only runs that this signal asked for; undefined: all of the coordinator's. */
  readonly signal: string | undefined
  readonly measure: Measure
  readonly operator: Operator
  /** A share from 0 to 1, a number, or milliseconds. */
  readonly value: number
}

export type Measure = keyof typeof MEASURES
type Operator = '>=' | '<=' | '>' | '<' | '='

/** What can be measured. Where a target has no operator, a rate is at least that, everything else at most. */
const MEASURES = {
  gate_pass_rate: 'rate',
  timeouts: 'count',
  retries: 'count',
  'duration.p50': 'duration',
  'duration.p95': 'duration',
  'duration.max': 'duration',
  'worked.p50': 'duration',
  'worked.p95': 'duration',
  'worked.max': 'duration',
} as const

const FORM = {
  rate: 'a share such as `95%` or `>= 95%`',
  count: 'a number such as `0` or `<= 3`',
  duration: 'a duration such as `5m` or `< 90s`',
} as const

type ParsedTarget =
  | { readonly ok: true; readonly target: Target }
  /** `what`: which of the two is wrong. */
  | { readonly ok: false; readonly what: 'measure' | 'value'; readonly message: string; readonly hint: string }

/** Reads a target: its key, and what stands there. */
export function parseTarget(key: string, text: string): ParsedTarget {
  const [, signal, name = ''] = /^(?:([^.]*:[^.]*)\.)?(.*)$/s.exec(key) ?? []
  if (!Object.hasOwn(MEASURES, name)) {
    const near = nearest(name, Object.keys(MEASURES))
    const hint = near === undefined ? `there is ${Object.keys(MEASURES).join(', ')}` : `did you mean \`${near}\`?`
    return { ok: false, what: 'measure', message: `\`${name}\` is nothing that is measured`, hint }
  }
  const measure = name as Measure
  const kind = MEASURES[measure]
  const [, operator = kind === 'rate' ? '>=' : '<=', written = ''] = /^\s*(>=|<=|>|<|=)?\s*(.*?)\s*$/s.exec(text) ?? []
  const value = valueIn(written, kind)
  if (value === undefined)
    return {
      ...{ ok: false, what: 'value', message: `\`${text}\` is no target for \`${name}\`` },
      hint: `it takes ${FORM[kind]}`,
    }
  return { ok: true, target: { signal, measure, operator: operator as Operator, value } }
}

function valueIn(text: string, kind: (typeof MEASURES)[Measure]): number | undefined {
  if (kind === 'duration') return parseDuration(text)
  if (kind === 'count') return /^\d{1,15}$/.test(text) ? Number(text) : undefined
  const share = Number(/^(\d+(?:\.\d+)?)\s?%$/.exec(text)?.[1] ?? Number.NaN) / 100
  return share <= 1 ? share : undefined
}

/** Whether what was measured is what it should be. */
export function isMet({ operator, value }: Target, actual: number): boolean {
  switch (operator) {
    case '>=':
      return actual >= value
    case '<=':
      return actual <= value
    case '>':
      return actual > value
    case '<':
      return actual < value
    case '=':
      return actual === value
  }
}

/** A measured value as people read it: `95.8 %`, `3`, `4m 10s`. */
export function measureText(measure: Measure, actual: number): string {
  const kind = MEASURES[measure]
  // Never rounded up to what was not reached.
  if (kind === 'rate') return `${Math.floor(actual * 1000 + 1e-9) / 10} %`
  return kind === 'count' ? `${actual}` : formatDuration(actual)
}
