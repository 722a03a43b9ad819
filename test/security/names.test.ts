import { describe, expect, test, vi } from 'vitest'
import { createSecrets } from '../../src/executors/secrets.ts'
import { project, type TestProject } from '../support/project.ts'

vi.setConfig({ testTimeout: 120_000 })

/*
 * Every name of a user becomes a key somewhere. What all objects inherit must be a name like any other, wherever the
 * language lets it be one, and never be found where nobody wrote it.
 */

const AGENTS = `agents:
  constructor: { tasks: { constructor: { run: [echo, "\${{ inputs.constructor }}"], inputs: { constructor: { type: string } } } } }
  toString: { failures: { constructor: { match: boom, hint: h } }, tasks: { constructor: { run: "true" } } }
`
const CONFIG =
  'pipelines: ["*.yaml"]\npeople: { toString: [tester], constructor: [tester], hasOwnProperty: [nobody] }\n'
const SUB = `pipeline: constructor
inputs: { constructor: { type: string } }
outputs: { constructor: { value: "\${{ inputs.constructor }}" } }
steps: { constructor: { run: "true" } }
`
const MAIN = `pipeline: p
inputs: { constructor: { type: string, default: given } }
vars: { constructor: "\${{ inputs.constructor }}!" }
env: { constructor: "\${{ vars.constructor }}", __proto__: a, toString: b, hasOwnProperty: inherit }
outputs:
  constructor: { value: "\${{ steps.constructor.outputs.constructor }}" }
  all: { value: "\${{ steps.each.outputs.constructor }}" }
  passed: { value: "\${{ steps.call.outputs.constructor }}" }
steps:
  constructor:
    run: |
      env > env.txt
      echo "constructor=made" >> $OPSFLOW_OUTPUT
      echo "__proto__=x" >> $OPSFLOW_OUTPUT
      echo "toString=x" >> $OPSFLOW_OUTPUT
    env: { valueOf: own }
    outputs: { constructor: { type: string } }
    failures: { constructor: { match: boom, hint: hm } }
  each:
    needs: [constructor]
    foreach: { items: [constructor, __proto__, toString], key: "\${{ item }}" }
    run: printf '{"constructor":"x","__proto__":{"constructor":"y"}}' > $OPSFLOW_OUTPUT
    outputs: { constructor: { type: string } }
  call: { needs: [constructor], pipeline: constructor, with: { constructor: "\${{ vars.constructor }}" } }
  task: { agent: constructor, task: constructor, with: { constructor: hi } }
  other: { agent: toString, task: constructor }
  ask: { needs: [constructor], approval: { prompt: "ok?", from: [toString] }, timeout: 1h }
  closed: { needs: [constructor], approval: { prompt: "ok?", from: [hasOwnProperty] }, timeout: 1h }
  question: { ask: { prompt: "what?", from: [constructor], answer: { constructor: { type: integer } } }, timeout: 1h }
gates:
  constructor: { of: [constructor], before: [ask], checks: [{ id: constructor, run: "true" }] }
finally:
  tidy: { run: "true" }
`

describe('a project whose names are those that all objects have', () => {
  const inProject = (): TestProject =>
    project({ 'agents.yaml': AGENTS, 'opsflow.config.yaml': CONFIG, 'sub.yaml': SUB, 'p.yaml': MAIN })

  test('promise 29c: is sound, runs, asks, answers and ends as any other', async () => {
    const it = inProject()
    expect(await it.opsflow('lint', '--max-warnings', '0')).toMatchObject({ exit: 0 })
    expect((await it.opsflow('run', 'p.yaml', '--detach')).exit).toBe(4)
    const run = await it.run()
    expect(it.read('env.txt').split('\n')).toEqual(
      expect.arrayContaining(['constructor=given!', '__proto__=a', 'toString=b', 'valueOf=own']),
    )
    expect(it.read('env.txt')).not.toContain('hasOwnProperty')
    for (const word of ['__proto__=x', 'toString=x'])
      expect(await it.opsflow('answer', run, 'question', 'constructor=42', word)).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining(`there is no field \`${word.slice(0, -2)}\``),
      })
    expect((await it.opsflow('answer', run, 'question', 'constructor=42')).exit).toBe(0)
    expect((await it.opsflow('approve', run, 'closed')).exit).toBe(1)
    expect((await it.as('nobody').opsflow('approve', run, 'closed')).exit).toBe(0)
    expect((await it.opsflow('approve', run, 'ask', '--resume')).exit).toBe(0)
    const { outcome, outputs, steps } = it.state()
    expect({ outcome, outputs }).toEqual({
      outcome: 'succeeded',
      outputs: { constructor: 'made', all: ['x', 'x', 'x'], passed: 'given!' },
    })
    expect(steps.get('question')!.outputs).toEqual({ constructor: 42 })
    const json = await it.opsflow('show', run, '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      outputs: { constructor: 'made' },
      inputs: { constructor: 'given' },
    })
    const shown = await it.opsflow('show', run)
    expect(shown.stdout).toContain('constructor: made')
    expect(shown.stdout).not.toContain('native code')
  })

  test('promise 29c: takes no input that it does not declare', async () => {
    const it = inProject()
    for (const name of ['__proto__', 'toString', 'hasOwnProperty'])
      expect(await it.opsflow('run', 'p.yaml', '-i', `${name}=x`)).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining(`there is no input \`${name}\``),
      })
    expect(it.has('env.txt')).toBe(false)
  })
})

test('a text that only came out as `inherit` lets nothing of the caller in', async () => {
  const it = project(
    {
      'p.yaml': `pipeline: p
inputs: { title: { type: string } }
steps: { a: { run: env > env.txt, env: { API_TOKEN: "\${{ inputs.title }}", OTHER: inherit } } }
`,
    },
    { env: { API_TOKEN: 'of the caller', OTHER: 'let in' } },
  )
  expect((await it.opsflow('run', 'p.yaml', '-i', 'title=inherit')).exit).toBe(0)
  expect(it.lines('env.txt')).toEqual(expect.arrayContaining(['API_TOKEN=inherit', 'OTHER=let in']))
})

describe('what nobody wrote is not found under such a name', () => {
  test('an input that is required is missing', async () => {
    const it = project({
      'opsflow.config.yaml': CONFIG,
      'sub.yaml': SUB,
      'p.yaml': 'pipeline: p\nsteps: { call: { pipeline: constructor } }\n',
    })
    const plan = await it.opsflow('plan', 'p.yaml')
    expect(plan).toMatchObject({ exit: 1, stderr: expect.stringContaining('requires the input `constructor`') })
  })

  test('a field of a signal has no schema, and one that is wanted is missing', async () => {
    const it = project({
      'opsflow.config.yaml': 'pipelines: ["*.yaml"]\n',
      'sub.yaml': SUB,
      'ops.yaml':
        'coordinator: OPS\npayload: { a: { type: string, optional: true } }\nsignals: { OPS:GO: { pipeline: constructor } }\n',
    })
    const missing = await it.opsflow('signal', 'OPS:GO', '-p', 'a=b')
    expect(missing).toMatchObject({ exit: 2, stderr: expect.stringContaining('missing: constructor') })
    for (const field of ['toString', '__proto__', 'hasOwnProperty'])
      expect(await it.opsflow('signal', 'OPS:GO', '-p', 'constructor=x', '-p', `${field}=y`)).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining(`there is no field \`${field}\``),
      })
    expect((await it.opsflow('signal', 'OPS:GO', '-p', 'constructor=x')).exit).toBe(0)
    expect(it.state().outputs).toEqual({ constructor: 'x' })
  })

  test('a command is refused, and a flag of it', async () => {
    const it = project({})
    for (const words of [['constructor'], ['toString', '--x'], ['__proto__']])
      expect(await it.opsflow(...words)).toMatchObject({
        exit: 2,
        stderr: expect.stringMatching(/^opsflow: there is no command/),
      })
  })

  test('a secret is not there, and says so', async () => {
    const secrets = ['constructor', 'toString', '__proto__', 'hasOwnProperty']
    const from = createSecrets({ providers: ['env'], env: {}, root: '/' })
    const found = await Promise.all(secrets.map((name) => from.resolve(name)))
    expect(found.map(({ ok }) => ok)).toEqual([false, false, false, false])
  })

  test('a text where a boolean is wanted is not taken for one', async () => {
    const it = project({ 'p.yaml': 'pipeline: p\nfail_fast: constructor\nsteps: { a: { run: "true" } }\n' })
    const lint = await it.opsflow('lint', 'p.yaml')
    expect(lint.exit).toBe(1)
    expect(lint.stdout).not.toContain('native code')
  })
})

describe('an action whose names are those that all objects have', () => {
  const MODULE = `export const inputs = { constructor: { type: 'string' } }
export const outputs = { constructor: { type: 'string' }, ['__proto__']: { type: 'string' }, toString: { type: 'string' } }
export const effects = 'none'
export const run = (given) => JSON.parse(JSON.stringify({ constructor: given.constructor }).slice(0, -1) + ',"__proto__":"p","toString":"t"}')
`

  test('gives them as outputs, one by one and as lists', async () => {
    const it = project({
      'own.mjs': MODULE,
      'p.yaml': `pipeline: p
outputs: { one: { value: "\${{ steps.one.outputs.constructor }}" }, many: { value: "\${{ steps.many.outputs.constructor }}" } }
steps:
  one: { uses: ./own.mjs, with: { constructor: c } }
  many: { foreach: { items: [a, b], key: "\${{ item }}" }, uses: ./own.mjs, with: { constructor: "\${{ item }}" } }
`,
    })
    expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 0, stderr: '' })
    const { outputs, steps } = it.state()
    expect(outputs).toEqual({ one: 'c', many: ['a', 'b'] })
    expect(Object.entries(steps.get('one')!.outputs!)).toEqual([
      ['constructor', 'c'],
      ['__proto__', 'p'],
      ['toString', 't'],
    ])
  })
})
