import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTail } from '../../src/executors/tail.ts'
import { temporaryFolder } from '../support/repository.ts'

function tailOf(text: string): string {
  const file = join(temporaryFolder(), 'log')
  writeFileSync(file, text)
  return readTail(file)
}

describe('the end of a log as plain text', () => {
  const cases = [
    [
      'without colours, moves and titles',
      '\x1b[1;32mgreen\x1b[0m \x1b[2Jx\x1b]0;title\x07y\x1b]8;;u\x1b\\z\x1b(B',
      'green xyz',
    ],
    ['with the last form of a line that was drawn over', '10 %\r50 %\r100 %\r\r\nnext\r\n', '100 %\nnext\n'],
    ['without other control characters', 'a\0b\x07\tc\u009b1md', 'ab\tcd'],
    ['with all that is no control character', 'ü 漢 [x] ]0; #', 'ü 漢 [x] ]0; #'],
  ] as const
  for (const [what, text, plain] of cases) {
    test(`is ${what}`, () => {
      expect(tailOf(text)).toBe(plain)
    })
  }

  // Over each of them a pattern that goes back over what it has read takes seconds.
  for (const unit of ['x', '\r', '\x1b', '\x1b]', '\x1b[', '\x1b]a', '\x1b[1;', '\u009b', ' \r ']) {
    test(`is read in no time where it repeats ${JSON.stringify(unit)}`, () => {
      const text = unit.repeat(Math.floor(65_536 / unit.length))
      const before = process.cpuUsage()
      tailOf(text)
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(300)
    })
  }
})
