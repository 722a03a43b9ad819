import { describe, expect, it } from 'vitest'
import { compile } from '../../src/plan/compile.ts'
import { projectOf } from '../support/project-of.ts'

/** What is wrong with the files, told before anything could start. */
function told(files: { readonly [path: string]: string }): readonly string[] {
  try {
    const compiled = compile(projectOf(files), 'p')
    return compiled.ok ? [] : compiled.diagnostics.map(({ message }) => message)
  } catch (error) {
    return [(error as Error).message]
  }
}

const STEP = 'steps:\n  a: { run: "true" }\n'
const step = (keys: string): string => `pipeline: p\nsteps:\n  a: { run: "true" }\n  b: { run: "true", ${keys} }\n`

describe('promise 24a: a limit under which nothing could ever run is refused before the run', () => {
  it.each([
    ['a pipeline', `pipeline: p\nmax_parallel: 0\n${STEP}`, '`max_parallel` is the number 0, and wants 1 or more'],
    ['a pipeline, below nothing', `pipeline: p\nmax_parallel: -2\n${STEP}`, '`max_parallel` is the number -2'],
    ['a pipeline, half a step', `pipeline: p\nmax_parallel: 1.5\n${STEP}`, 'wants a whole number of 1 or more'],
    ['a foreach', step('foreach: { items: [1], max_parallel: 0 }'), '`max_parallel` is the number 0'],
    ['attempts', step('retry: { attempts: 0 }'), '`attempts` is the number 0'],
    ['passes', step('repeat: { until: "true", max: 0 }'), '`max` is the number 0'],
    ['a quorum of more than there are', step('needs: [a], quorum: 2'), 'a quorum of 2 can never be reached'],
    ['a gate of more than all', `pipeline: p\n${STEP}gates: { g: { success: 101% } }\n`, '`101%` is no share'],
    [
      'a gate before what it judges',
      `pipeline: p\n${STEP}gates: { g: { of: [a], before: [a] } }\n`,
      'would never start',
    ],
    ['a lock without a name', `pipeline: p\nmutex: ""\n${STEP}`, '`mutex` is empty'],
  ])('%s', (_, text, message) => {
    expect(told({ 'p.yaml': text })).toEqual([expect.stringContaining(message)])
  })

  it('an agent', () => {
    const agents = 'agents:\n  git: { description: works, max_parallel: 0, tasks: { go: { run: "true" } } }\n'
    const message = expect.stringContaining('`max_parallel` is the number 0, and wants 1 or more')
    expect(told({ 'p.yaml': `pipeline: p\n${STEP}`, 'agents.yaml': agents })).toEqual([message])
    expect(told({ 'p.yaml': `pipeline: p\n${STEP}`, 'agents.yaml': agents.replace('l: 0', 'l: 1') })).toEqual([])
  })

  it('one is enough for everything', () => {
    const steps =
      'steps:\n  a: { run: "true", mutex: k, foreach: { items: [1, 2], max_parallel: 1 }, retry: { attempts: 1 } }\n'
    expect(told({ 'p.yaml': `pipeline: p\nmax_parallel: 1\nmutex: k\n${steps}` })).toEqual([])
  })
})
