const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const
const PLAIN = /^(\d+)(ms|[dhms])$/
const PARTS = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

/** The longest duration that a pipeline can name: ten years, in milliseconds. */
const LONGEST_MS = 3650 * UNITS.d

/**
 * Reads a duration as users write it: `500ms`, `30s`, `5m`, `1h30m`, `3d`, or ISO 8601 `PT5M`.
 * Returns milliseconds, or undefined where the text is no duration (a bare number is none: its unit would be a guess).
 */
export function parseDuration(text: string): number | undefined {
  // the most frequent form needs no lists
  const plain = PLAIN.exec(text)
  if (plain !== null) return withinLimit(Number(plain[1]) * UNITS[plain[2] as keyof typeof UNITS])
  const match = PARTS.exec(text) ?? ISO.exec(text)
  const values = match?.slice(1)
  if (!values?.some((value) => value !== undefined)) return undefined
  const [d = 0, h = 0, m = 0, s = 0, ms = 0] = values.map((value) => Number(value ?? 0))
  return withinLimit(d * UNITS.d + h * UNITS.h + m * UNITS.m + s * UNITS.s + ms)
}

function withinLimit(ms: number): number | undefined {
  return ms <= LONGEST_MS ? ms : undefined
}

/** Writes milliseconds the way people read them: `85ms`, `1.2s`, `42s`, `3m 20s`, `1h 5m`, `2d 4h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1).replace(/\.0$/, '')}s`
  const total = Math.floor(ms / 1000)
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'm'],
    [total % 60, 's'],
  ]
  const first = parts.findIndex(([value]) => value > 0)
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value}${unit}`)
    .join(' ')
}
