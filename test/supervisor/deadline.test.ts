import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deadline } from '../../src/supervisor/deadline.ts'

const HOUR = 3_600_000

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) }))
afterEach(() => void vi.useRealTimers())

test.each([
  ['back', -24 * HOUR],
  ['forward', 24 * HOUR],
])('promise 14a: the time of a step is what has gone by, also where the wall clock is set %s meanwhile', (_, byMs) => {
  const ended = vi.fn()
  deadline(3 * HOUR, ended)
  vi.advanceTimersByTime(HOUR)
  vi.setSystemTime(Date.now() + byMs)
  vi.advanceTimersByTime(2 * HOUR - 1)
  expect(ended).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(ended).toHaveBeenCalledOnce()
})

test('promise 14a: a time that no timer can hold is kept in pieces, and can be taken back', () => {
  const [ended, never] = [vi.fn(), vi.fn()]
  const days = 60 * 24 * HOUR
  deadline(days, ended)
  const cancel = deadline(days, never)
  vi.advanceTimersByTime(days - 1)
  expect(ended).not.toHaveBeenCalled()
  cancel()
  vi.advanceTimersByTime(1)
  expect(ended).toHaveBeenCalledOnce()
  expect(never).not.toHaveBeenCalled()
})
