import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkExpression } from '../../src/expr/check.ts'
import { evaluate } from '../../src/expr/evaluate.ts'
import type { ExprType, Scope } from '../../src/expr/types.ts'
import { SCOPE } from './scope.ts'

/** The time of the quickest of several runs, so that a busy machine does not decide. */
function quickest(run: (round: number) => void): number {
  const times = Array.from({ length: 5 }, (_, round) => {
    const before = performance.now()
    run(round)
    return performance.now() - before
  })
  return Math.min(...times)
}

describe('the cost of expressions', () => {
  it('checks a condition on each of 500 steps in 50 ms', () => {
    const steps = SCOPE.roots.steps as Extract<ExprType, { kind: 'record' }>
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`s${i}`, steps.fields.build!]))
    const scope: Scope = { roots: { ...SCOPE.roots, steps: { kind: 'record', name: 'steps', fields } } }
    const time = quickest((round) => {
      for (let i = 0; i < 500; i++) {
        const source = `steps.s${i}.status == 'succeeded' && steps.s${i}.outputs.count > ${round}`
        expect(checkExpression(source, scope, 'bool').problems).toHaveLength(0)
      }
    })
    expect(time).toBeLessThan(50)
  })

  it('parses a source once: evaluating it again is ten thousand times a second and more', () => {
    const source = `inputs.n > 1 && ${Array.from({ length: 100 }, (_, i) => `inputs.n != ${i + 10}`).join(' && ')}`
    const time = quickest(() => {
      for (let i = 0; i < 1000; i++) evaluate(source, { inputs: { n: 3 } })
    })
    expect(time).toBeLessThan(100)
  })

  it('is not loaded by what only looks for templates, knows types or compiles patterns', () => {
    const folder = new URL('../../src/expr/', import.meta.url)
    const reaches = (file: string, seen: Set<string>): boolean => {
      if (seen.has(file)) return false
      seen.add(file)
      const text = readFileSync(new URL(file, folder), 'utf8')
      const imports = [...text.matchAll(/^(?:import|export) (?!type\b)[^']*'([^']+)'/gms)].map(([, from]) => from!)
      return imports.some((from) => (from.startsWith('./') ? reaches(from.slice(2), seen) : from.includes('cel-js')))
    }
    const light = readdirSync(folder).filter((file) => !reaches(file, new Set()))
    expect(light).toEqual(expect.arrayContaining(['glob.ts', 'lazy.ts', 'regex.ts', 'template.ts', 'types.ts']))
    expect(light).not.toContain('evaluate.ts')
  })
})
