import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

const HEAP = new URL('../../src/util/heap.ts', import.meta.url).href
const MB = 1024 * 1024

/** Megabytes that a fresh process tells of, after it was told to expect a text and made much that lives for a while. */
function megabytes(length: number): { readonly young: number; readonly before: number; readonly after: number } {
  const script = `
    import v8 from 'node:v8'
    import { expectText, sweepHeap } from ${JSON.stringify(HEAP)}
    expectText(${length})
    const kept = []
    for (let i = 0; i < 2_000_000; i++) kept[i % 500_000] = { i, text: 'x' + i }
    const young = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size
    const before = process.memoryUsage().heapUsed
    kept.length = 0
    sweepHeap()
    const after = process.memoryUsage().heapUsed
    console.log(JSON.stringify({ young, before, after, gc: typeof globalThis.gc }))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  const { gc, ...bytes } = JSON.parse(stdout) as { young: number; before: number; after: number; gc: string }
  expect(gc).toBe('undefined')
  return { young: bytes.young / MB, before: bytes.before / MB, after: bytes.after / MB }
}

describe('the heap', () => {
  test('has a young generation that does not grow, and is swept, where a large text was read', () => {
    const { young, before, after } = megabytes(1_000_000)
    expect(young).toBeLessThanOrEqual(4)
    expect(before).toBeGreaterThan(20)
    expect(after).toBeLessThan(10)
  })

  test('is left to V8 where every text was small', () => {
    const { young, before, after } = megabytes(10_000)
    expect(young).toBeGreaterThan(8)
    expect(after).toBeGreaterThan(before - 5)
  })
})
