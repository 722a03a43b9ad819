import { describe, expect, test } from 'vitest'
import { isMet, measureText, parseTarget } from '../../src/policy/targets.ts'

describe('a target', () => {
  test.each([
    ['gate_pass_rate', '>= 95%', undefined, 'gate_pass_rate', '>=', 0.95],
    ['gate_pass_rate', '95 %', undefined, 'gate_pass_rate', '>=', 0.95],
    ['gate_pass_rate', '= 100%', undefined, 'gate_pass_rate', '=', 1],
    ['timeouts', '0', undefined, 'timeouts', '<=', 0],
    ['retries', '< 3', undefined, 'retries', '<', 3],
    ['OPS:COMMIT.duration.p95', '5m', 'OPS:COMMIT', 'duration.p95', '<=', 300_000],
    ['OPS:COMMIT.worked.max', '>1h30m', 'OPS:COMMIT', 'worked.max', '>', 5_400_000],
  ])('%s: %s', (key, text, signal, measure, operator, value) => {
    expect(parseTarget(key, text)).toEqual({ ok: true, target: { signal, measure, operator, value } })
  })

  test.each([
    [
      'gate_pas_rate',
      '95%',
      'measure',
      '`gate_pas_rate` is nothing that is measured',
      'did you mean `gate_pass_rate`?',
    ],
    ['duration', '5m', 'measure', '`duration` is nothing that is measured', 'there is gate_pass_rate, timeouts, '],
    ['toString', '5m', 'measure', '`toString` is nothing that is measured', 'there is '],
    ['OPS:GO.', '5m', 'measure', '`` is nothing that is measured', 'there is '],
    [
      'gate_pass_rate',
      '5m',
      'value',
      '`5m` is no target for `gate_pass_rate`',
      'it takes a share such as `95%` or `>= 95%`',
    ],
    ['gate_pass_rate', '101%', 'value', '`101%` is no target for `gate_pass_rate`', 'it takes a share'],
    ['gate_pass_rate', '', 'value', '`` is no target for `gate_pass_rate`', 'it takes a share'],
    ['timeouts', '95%', 'value', '`95%` is no target for `timeouts`', 'it takes a number such as `0` or `<= 3`'],
    ['timeouts', '-1', 'value', '`-1` is no target for `timeouts`', 'it takes a number'],
    [
      'duration.p95',
      '5',
      'value',
      '`5` is no target for `duration.p95`',
      'it takes a duration such as `5m` or `< 90s`',
    ],
    ['duration.p95', '=> 5m', 'value', '`=> 5m` is no target for `duration.p95`', 'it takes a duration'],
  ])('%s: %j is refused with what it takes', (key, text, what, message, hint) => {
    expect(parseTarget(key, text)).toMatchObject({
      ok: false,
      what,
      message,
      hint: expect.stringContaining(hint) as string,
    })
  })

  test.each([
    ['>= 95%', 0.95, true],
    ['>= 95%', 0.9499, false],
    ['> 95%', 0.95, false],
    ['< 95%', 0.95, false],
    ['<= 95%', 0.95, true],
    ['= 95%', 0.95, true],
    ['= 95%', 0.96, false],
  ])('%s of %d: %s', (text, actual, met) => {
    const parsed = parseTarget('gate_pass_rate', text)
    expect(parsed.ok && isMet(parsed.target, actual)).toBe(met)
  })

  test('what was measured reads like what was asked for, and is never rounded up to it', () => {
    expect(measureText('gate_pass_rate', 0.99999)).toBe('99.9 %')
    expect(measureText('gate_pass_rate', 0.57)).toBe('57 %')
    expect(measureText('gate_pass_rate', 1)).toBe('100 %')
    expect(measureText('timeouts', 3)).toBe('3')
    expect(measureText('duration.p95', 250_000)).toBe('4m 10s')
  })
})
