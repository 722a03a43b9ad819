import { parseDuration } from '../util/duration.ts'
import { UsageError } from './usage-error.ts'

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?$/

/** A moment as epoch milliseconds: a duration back from now, a day (its begin, here), or a day and a time of it. */
export function parseMoment(flag: string, text: string, nowMs: number): number {
  const ago = parseDuration(text)
  if (ago !== undefined) return nowMs - ago
  const day = DAY.exec(text)
  if (day) {
    const [year, month, date] = day.slice(1).map(Number) as [number, number, number]
    const begin = new Date(year, month - 1, date)
    // The 31st of February would be a day of March.
    if (begin.getMonth() === month - 1 && begin.getDate() === date) return begin.getTime()
  } else if (INSTANT.test(text)) {
    const ms = Date.parse(text.replace(' ', 'T'))
    if (!Number.isNaN(ms)) return ms
  }
  throw new UsageError(
    `\`${flag} ${text}\` is no moment`,
    /^\d+$/.test(text)
      ? `with a unit: \`${flag} ${text}d\` or \`${flag} ${text}h\``
      : `a duration back from now such as 7d or 12h, a day such as 2026-11-01, or 2026-11-01T08:00`,
  )
}
