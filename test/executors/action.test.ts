import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Described, describeActions } from '../../src/executors/action/describe.ts'
import { failureOf } from '../../src/executors/action/run-action.ts'
import type { Json } from '../../src/util/json.ts'
import { NODE } from '../support/node.ts'
import { type Bench, openBench, RUN } from '../support/supervised.ts'

const MODULES = {
  'greet.mjs': `
    import { mark } from './lib/mark.mjs'
    export const description = 'Greets'
    export const inputs = { who: { type: 'string' }, times: { type: 'integer', default: 1 } }
    export const outputs = { text: { type: 'string' } }
    export const effects = 'none'
    export async function run({ who, times }, { log }) {
      log('greeting ' + who)
      console.log('printed')
      return { text: (who + mark).repeat(times) }
    }`,
  'lib/mark.mjs': "export const mark = '!'",
  'context.mjs': `
    export const outputs = { context: { type: 'object' } }
    export const run = async (inputs, { log, signal, ...context }) => ({ context: { ...context, env: context.env.OWN, aborted: signal.aborted } })`,
  'lies.mjs': "export const outputs = { n: { type: 'integer' } }; export const run = async () => ({ n: 'many' })",
  'fails.mjs': `
    export const run = async () => { throw Object.assign(new Error('the remote moved'), { reason: 'remote-moved', hint: 'fetch first' }) }`,
  'breaks.mjs': 'export const run = async () => undefined.property',
  'explodes.mjs': `
    export const run = () => new Promise(() => setTimeout(() => { throw new Error('later') }, 1))`,
  'waits.mjs': 'export const run = () => new Promise(() => {})',
  'quits.mjs': 'export const run = () => process.exit(7)',
  'forges.mjs': `
    import { writeSync } from 'node:fs'
    export const run = async () => { writeSync(3, '{"ok": true, "outputs": {"n": "forged"}}'); process.exit(0) }`,
  'aborts.mjs': `
    export const run = (inputs, { signal, log }) => new Promise((resolve) => {
      const busy = setInterval(() => {}, 1000)
      log('ready')
      signal.addEventListener('abort', () => { log('tidied up'); clearInterval(busy); resolve({}) })
    })`,
  'lazy.mjs': 'export const run = async () => { setInterval(() => {}, 1000); return {} }',
  'broken.mjs': 'export const run = (',
  'no-run.mjs': 'export const inputs = {}',
  'bad-effects.mjs': "export const effects = 'some'; export const run = async () => ({})",
  'endless.mjs': 'while (true) {}',
}

let bench: Bench
const modules: { [uses: string]: { path: string; sha256: string } } = {}
let described: ReadonlyMap<string, Described>
beforeAll(async () => {
  bench = openBench({ modules })
  mkdirSync(join(bench.folder, 'lib'))
  for (const [name, text] of Object.entries(MODULES)) writeFileSync(join(bench.folder, name), text)
  const options = { root: bench.folder, node: NODE, env: process.env }
  const names = Object.keys(MODULES).filter((name) => !name.includes('/') && name !== 'endless.mjs')
  described = await describeActions(
    [...names.map((name) => `./${name}`), './absent.mjs', 'absent-package', 'greet.mjs'],
    options,
  )
  for (const [uses, found] of described) if (found.ok && found.signature.module) modules[uses] = found.signature.module
})
afterAll(() => bench.close())

let count = 0
const run = (name: string, inputs: { [name: string]: Json } = {}, more: Parameters<Bench['run']>[2] = {}) =>
  bench.run(`${name.replace(/\W/g, '_')}_${count++}#1`, { kind: 'action', uses: `./${name}`, with: inputs }, more)

describe('describing modules', () => {
  test('gives signature, path and hash without running the action', () => {
    expect(described.get('./greet.mjs')).toEqual({
      ok: true,
      signature: {
        description: 'Greets',
        inputs: { who: { type: 'string' }, times: { type: 'integer', default: 1 } },
        outputs: { text: { type: 'string' } },
        effects: 'none',
        module: { path: 'greet.mjs', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    })
  })

  test('says what is wrong with each that cannot be used', () => {
    const messageOf = (uses: string): string => {
      const found = described.get(uses)
      return found?.ok === false ? found.message : ''
    }
    expect(messageOf('./absent.mjs')).toBe('there is no such module')
    expect(messageOf('absent-package')).toBe('there is no such module')
    expect(messageOf('greet.mjs')).toBe('there is no such module; write `./greet.mjs` for the file of this name')
    expect(messageOf('./broken.mjs')).toContain('it cannot be imported')
    expect(messageOf('./no-run.mjs')).toContain('exports no function `run`')
    expect(messageOf('./bad-effects.mjs')).toContain('its `effects` is none of')
  })

  test('is not held up by a module that never ends', async () => {
    const options = { root: bench.folder, node: NODE, env: process.env, timeoutMs: 500 }
    const found = await describeActions(['./endless.mjs'], options)
    expect(found.get('./endless.mjs')).toMatchObject({ ok: false })
  })
})

describe('an action', () => {
  test('gets its inputs with their defaults, and gives its outputs; what it prints is in the log', async () => {
    const outcome = await bench.run('greet#1', { kind: 'action', uses: './greet.mjs', with: { who: 'bob' } })
    expect(outcome).toMatchObject({ status: 'succeeded', outputs: { text: 'bob!' } })
    expect(bench.log('greet#1')).toBe('greeting bob\nprinted\n')
  })

  test('knows where it runs', async () => {
    const outcome = await bench.run(
      'where#2',
      { kind: 'action', uses: './context.mjs', with: {} },
      { env: { OWN: 'mine' } },
    )
    expect(outcome.outputs?.context).toMatchObject({
      root: bench.folder,
      cwd: bench.folder,
      run: RUN,
      path: 'where',
      attempt: 2,
      idempotencyKey: `${RUN}/where`,
      env: 'mine',
      aborted: false,
    })
  })

  const failures = [
    ['whose inputs do not fit', 'greet.mjs', { who: 3 }, 'inputs', /`who`/],
    ['that lacks an input', 'greet.mjs', {}, 'inputs', /`who` is missing/],
    ['that is given what it does not take', 'greet.mjs', { who: 'x', whom: 'y' }, 'inputs', /no input `whom`/],
    ['whose outputs do not fit', 'lies.mjs', {}, 'outputs', /`n`/],
    ['that fails by a reason of its own', 'fails.mjs', {}, 'remote-moved', /^the remote moved \(fetch first\)$/],
    ['that throws', 'breaks.mjs', {}, 'exception', /property/],
    ['that throws outside of its promise', 'explodes.mjs', {}, 'exception', /later/],
    ['that can never end', 'waits.mjs', {}, 'action', /waits for something that can never come/],
    ['that ends the process', 'quits.mjs', {}, 'exit', /exit code 7/],
    ['that does not exist', 'none.mjs', {}, 'action', /there is no action/],
  ] as const
  for (const [what, name, inputs, reason, message] of failures) {
    test(`${what} fails: ${reason}`, async () => {
      const outcome = await run(name, inputs)
      expect(outcome).toMatchObject({ status: 'failed', reason })
      expect(outcome.message).toMatch(message)
    })
  }

  test('cannot pass an answer by the declared outputs of its step', async () => {
    const outcome = await run('forges.mjs', {}, { outputs: { n: { type: 'integer' } } })
    expect(outcome).toMatchObject({ status: 'failed', reason: 'outputs' })
  })

  test('is told to stop by its signal, and has the grace to tidy up', async () => {
    const outcome = await bench.run(
      'aborts#1',
      { kind: 'action', uses: './aborts.mjs', with: {} },
      { timeoutMs: 1500, graceMs: 5000 },
    )
    expect(outcome.status).toBe('timed-out')
    expect(outcome.durationMs).toBeLessThan(5000)
    expect(bench.log('aborts#1')).toBe('ready\ntidied up\n')
  })

  test('ends when its promise does, whatever it left open', async () => {
    expect(await run('lazy.mjs')).toMatchObject({ status: 'succeeded' })
  })

  test('of opsflow itself is found by its name, one that is not there is named', async () => {
    const outcome = await bench.run('builtin#1', { kind: 'action', uses: 'release/no-such', with: {} })
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: 'action',
      message: 'there is no action `release/no-such`',
    })
  })

  test('promise 3b: whose module, or what it imports, changed since the plan does not run', async () => {
    writeFileSync(join(bench.folder, 'lib', 'mark.mjs'), "export const mark = '?'")
    const outcome = await run('greet.mjs', { who: 'bob' })
    expect(outcome).toMatchObject({ status: 'failed', reason: 'changed' })
    writeFileSync(join(bench.folder, 'lib', 'mark.mjs'), MODULES['lib/mark.mjs'])
    expect(await run('greet.mjs', { who: 'bob' })).toMatchObject({ status: 'succeeded' })
  })
})

test('an action that asks to be tried again is heard, for a day at most', () => {
  const hour = 3_600_000
  const heard = (retryAfterMs: unknown) =>
    failureOf(Object.assign(new Error('slow down'), { reason: 'busy', retryAfterMs }), () => {}).retryAfterMs
  expect([hour, 24 * hour, 25 * hour, Number.POSITIVE_INFINITY].map(heard)).toEqual([
    hour,
    24 * hour,
    24 * hour,
    24 * hour,
  ])
  expect([-1, Number.NaN, '60000', undefined].map(heard)).toEqual([undefined, undefined, undefined, undefined])
})
