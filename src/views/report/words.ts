import type { Tone } from './page.ts'

/** A moment that reads the same wherever the report is opened: `2026-03-01 14:05:09 UTC`. */
export function moment(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
}

const TONES: Readonly<Record<string, Tone>> = {
  succeeded: 'good',
  passed: 'good',
  met: 'good',
  'succeeded-with-failures': 'warn',
  partial: 'warn',
  bypassed: 'warn',
  held: 'warn',
  cancelled: 'warn',
  parked: 'warn',
  waiting: 'warn',
  failed: 'bad',
  missed: 'bad',
  escalated: 'bad',
  interrupted: 'bad',
  'timed-out': 'bad',
  stalled: 'bad',
}

/** How a status sounds, whatever it is of. */
export function toneOf(status: string): Tone {
  return TONES[status] ?? 'plain'
}
