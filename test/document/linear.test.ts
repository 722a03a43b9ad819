import { expect, test } from 'vitest'
import { readDocument } from '../../src/document/read.ts'
import { validate } from '../../src/model/validate.ts'

/** Each takes well under a second where time grows with the text, and many where it grows with its square. */
const LIMIT_MS = 4000

/** What the work costs this thread, whatever else the machine does meanwhile. */
function cpuMs(work: () => void): number {
  const { system, user } = process.threadCpuUsage()
  work()
  const after = process.threadCpuUsage()
  return (after.user - user + after.system - system) / 1000
}

const items = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, i) => make(i))

test.each<[string, () => string]>([
  ['an unquoted expression in every item of a line', () => `a: [${items(8000, () => '${{ b }}').join(', ')}]\n`],
  [
    'an unknown alias for every anchor',
    () => items(4000, (i) => `k${i}: &anchor${i} x\n`).join('') + items(4000, (i) => `l${i}: *other${i}\n`).join(''),
  ],
  ['text behind quotes that run over two lines', () => items(60_000, (i) => `k${i}: "a\n  b" c\n`).join('')],
  ['a reserved character in every item of a line', () => `a: [${items(100_000, () => '`b`').join(', ')}]\n`],
])('%s is told in time that grows with the text', (_, make) => {
  const text = make()
  const read = () => expect(readDocument({ path: 'x.yaml', text }).diagnostics.length).toBeGreaterThan(0)
  expect(cpuMs(read)).toBeLessThan(LIMIT_MS)
})

/** Validates a text, and gives the number of its faults. */
function count(text: string): number {
  const { document } = readDocument({ path: 'x.yaml', text })
  const result = validate(document!)
  return result.ok ? 0 : result.diagnostics.length
}

test('a step of unknown keys is told in time that grows with the text', () => {
  const text = `pipeline: p\nsteps:\n  a:\n    run: x\n${items(15_000, (i) => `    zzqq${i}: 1\n`).join('')}`
  expect(cpuMs(() => expect(count(text)).toBe(15_000))).toBeLessThan(LIMIT_MS)
})

test('a list may have more bad items than fit into one call', () => {
  const text = `pipeline: p\nsteps: { a: { run: x, needs: [${items(160_000, String).join(', ')}] } }\n`
  expect(count(text)).toBe(160_000)
})
