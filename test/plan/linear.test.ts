import { expect, test } from 'vitest'
import type { Document } from '../../src/document/document.ts'
import { readDocument } from '../../src/document/read.ts'
import { compile } from '../../src/plan/compile.ts'
import { outline } from '../../src/plan/outline.ts'

/** A chain with side edges, each step reading one before it and an input. */
function chain(count: number): Document {
  const lines = ['pipeline: p', 'inputs: { a: { type: string } }', 'steps:', '  s0: { run: x }']
  for (let i = 1; i < count; i++) {
    lines.push(`  s${i}:`, `    needs: [s${i - 1}${i > 50 ? `, s${i - 50}` : ''}]`)
    lines.push(`    run: [echo, "\${{ steps.s${Math.max(0, i - 7)}.status }}", "\${{ inputs.a }}"]`, '    timeout: 5s')
  }
  return readDocument({ path: 'p.yaml', text: `${lines.join('\n')}\n` }).document!
}

/** How often compile asks the document for a place, a scalar or a source. */
function workOf(count: number): number {
  let work = 0
  const document = chain(count)
  const counted: Document = {
    ...document,
    locate: (...at) => {
      work++
      return document.locate(...at)
    },
    scalar: (...at) => {
      work++
      return document.scalar(...at)
    },
    source: (...at) => {
      work++
      return document.source(...at)
    },
  }
  const result = compile(
    {
      config: undefined,
      agents: undefined,
      pipelines: new Map([['p', { document: counted }]]),
      coordinators: new Map(),
      actions: new Map(),
    },
    'p',
  )
  expect(result.ok).toBe(true)
  return work
}

test('ten times the steps ask the document ten times as often, not a hundred times', () => {
  expect(workOf(2000)).toBeLessThanOrEqual(12 * workOf(200))
})

test('10,000 steps in one chain compile, with waves and critical path, without running out of stack', () => {
  const result = compile(
    {
      config: undefined,
      agents: undefined,
      pipelines: new Map([['p', { document: chain(10_000) }]]),
      coordinators: new Map(),
      actions: new Map(),
    },
    'p',
  )
  expect(result.ok).toBe(true)
  const { waves, criticalPath } = outline((result as Extract<typeof result, { ok: true }>).value).pipelines[0]!
  expect([waves.length, criticalPath.length]).toEqual([10_000, 10_000])
})

function compiledText(text: string) {
  const { document } = readDocument({ path: 'p.yaml', text })
  return compile(
    {
      config: undefined,
      agents: undefined,
      pipelines: new Map([['p', { document: document! }]]),
      coordinators: new Map(),
      actions: new Map(),
    },
    'p',
  )
}

test('a gate between many steps and many others is no edge for each pair, and no wave', () => {
  const names = (letter: string) => Array.from({ length: 2000 }, (_, i) => `${letter}${i}`)
  const steps = names('a').map((id, i) => `  ${id}: { run: x }\n  b${i}: { needs: [${id}], run: x }\n`)
  const text = `pipeline: p\nsteps:\n${steps.join('')}gates: { g: { of: [${names('a')}], must_pass: [a0], before: [${names('b')}] } }\n`
  const start = performance.now()
  const result = compiledText(text)
  const { waves } = outline((result as Extract<typeof result, { ok: true }>).value).pipelines[0]!
  expect(waves.map((wave) => wave.length)).toEqual([2000, 2000])
  expect(performance.now() - start).toBeLessThan(5000)
})

test('thousands of wrong names among thousands are told without a hint for each', () => {
  const steps = Array.from({ length: 2000 }, (_, i) => `  step_number_${i}: { needs: [step_nubmer_${i}x], run: x }\n`)
  const start = performance.now()
  const result = compiledText(`pipeline: p\nsteps:\n${steps.join('')}`)
  expect(result.ok ? [] : result.diagnostics).toHaveLength(2000)
  expect(!result.ok && result.diagnostics[0]!.hint).toContain('did you mean')
  expect(performance.now() - start).toBeLessThan(10_000)
})
