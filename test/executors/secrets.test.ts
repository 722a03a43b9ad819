import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSecrets, type SecretProvider } from '../../src/executors/secrets.ts'
import { secretReference } from '../../src/ports/secrets.ts'
import { temporaryFolder } from '../support/repository.ts'
import { type Bench, openBench } from '../support/supervised.ts'

const CANARY = 'c4n4ry-v4lue/with+odd="chars" & $pace'
const TOKEN = secretReference('CANARY')

describe('a run with a secret', () => {
  let bench: Bench
  beforeAll(() => {
    const from = createSecrets({
      providers: ['env'],
      env: { CANARY, SHORT: '1234567', NUMBER: '4711471147' },
      root: '/',
    })
    bench = openBench({ secrets: { names: ['CANARY', 'SHORT', 'ABSENT', 'NUMBER'], from } })
  })
  afterAll(() => bench.close())

  /** Every form that a grep may know. */
  const forms = [
    CANARY,
    JSON.stringify(CANARY).slice(1, -1),
    encodeURIComponent(CANARY),
    Buffer.from(CANARY).toString('hex'),
    ...['', 'x', 'xx'].map((before) =>
      Buffer.from(before + CANARY)
        .toString('base64')
        .slice(4, -4),
    ),
  ]

  test('gives it to the step that asks, and leaves it nowhere', async () => {
    const script = `
      echo "plain $T"; echo "error $T" >&2
      printf %s "$T" | base64; printf %s "x$T" | base64; printf %s "xx$T" | base64
      printf %s "$T" | od -An -tx1 | tr -d ' \\n'; echo
      i=0; while [ $i -lt 500 ]; do printf %s "$T$T"; i=$((i+1)); done
      echo "k=$T" >> $OPSFLOW_OUTPUT
      echo "length=\${#T}" >> $OPSFLOW_OUTPUT`
    const outputs = { k: { type: 'string' }, length: { type: 'integer' } } as const
    const outcome = await bench.run('asks#1', script, { env: { T: TOKEN }, outputs })
    expect(outcome).toMatchObject({ status: 'succeeded', outputs: { k: '***', length: CANARY.length } })
    const failed = await bench.run('fails#1', 'echo "$T"; exit 1', { env: { T: TOKEN } })
    expect(failed.tail).toBe('***')
    const log = bench.log('asks#1')
    expect(log).toContain('plain ***\n')
    expect(forms.filter((form) => log.includes(form))).toEqual([])
  })

  test('keeps it out of what a message quotes, and out of numbers', async () => {
    const env = { T: TOKEN, N: secretReference('NUMBER') }
    const line = await bench.run('line#1', 'echo "no such form, but a long line $T" >> $OPSFLOW_OUTPUT', {
      env,
      outputs: { x: { type: 'string' } },
    })
    expect(line.message).toMatch(/but a long line \*\*\*`$/)
    const value = await bench.run('value#1', 'printf \'x=<<<<<<<<<<<<<%s\\n\' "$T" >> $OPSFLOW_OUTPUT', {
      env,
      outputs: { x: { enum: ['a'] } },
    })
    expect(value.message).toContain('<<<<***…')
    const number = await bench.run('number#1', 'printf \'{"x":%s,"y":12}\' "$N" > $OPSFLOW_OUTPUT', {
      env,
      outputs: { x: { type: 'integer' }, y: { type: 'integer' } },
    })
    expect(number.outputs).toEqual({ x: '***', y: 12 })
  })

  test('promise 26c: redacts the logs of steps that did not ask for it', async () => {
    writeFileSync(join(bench.folder, 'found'), CANARY)
    await bench.run('other#1', 'cat found; rm found')
    expect(bench.log('other#1')).toBe('***')
  })

  test('sends it in a header, and not into the answer', async () => {
    const server = createServer((request, response) => response.end(`you sent ${request.headers['x-token']}`))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const outcome = await bench.run('http#1', {
      kind: 'http',
      method: 'GET',
      url,
      headers: { 'X-Token': TOKEN },
      body: undefined,
      expect: undefined,
    })
    expect(outcome.outputs?.body).toBe('you sent ***')
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  test('promise 26a: leaves no file that holds it, in any form', () => {
    for (const form of forms) {
      const [program, ...args] = ['grep', '-rlaF', '-e', form, bench.folder] as const
      let found = ''
      try {
        found = execFileSync(program, args, { encoding: 'utf8' })
      } catch {
        // grep ends with 1 when it finds nothing.
      }
      expect(found).toBe('')
    }
    expect(existsSync(join(bench.runDir, 'logs', 'asks.1.log'))).toBe(true)
  })

  const refused = [
    ['that is shorter than 8 bytes', 'SHORT', /shorter than 8 bytes/],
    ['that is nowhere', 'ABSENT', /`ABSENT` was not found in the environment/],
    ['that the pipeline does not declare', 'OTHER', /not declared/],
  ] as const
  for (const [what, name, message] of refused) {
    test(`promise 26d: starts no step that asks for a secret ${what}`, async () => {
      const outcome = await bench.run(`refused_${name}#1`, 'true', { env: { T: secretReference(name) } })
      expect(outcome).toMatchObject({ status: 'failed', reason: 'secret' })
      expect(outcome.message).toMatch(message)
    })
  }
})

describe('a secret is looked up', () => {
  const resolve = (providers: readonly SecretProvider[], name: string, root: string) =>
    createSecrets({
      providers,
      env: { PATH: process.env.PATH, IN_ENV: 'from the environment' },
      root,
      timeoutMs: 500,
    }).resolve(name)

  test('in the places the config names, in their order', async () => {
    const root = temporaryFolder()
    writeFileSync(
      join(root, 'secrets.env'),
      '# comment\nexport QUOTED="with = and spaces"\nIN_ENV=from the file\nPLAIN=x y\n',
    )
    const places = [
      { file: 'secrets.env' },
      'env',
      { command: 'test "$NAME" = BY_COMMAND && echo "for $NAME"' },
    ] as const
    expect(await resolve(places, 'QUOTED', root)).toEqual({ ok: true, value: 'with = and spaces' })
    expect(await resolve(places, 'IN_ENV', root)).toEqual({ ok: true, value: 'from the file' })
    expect(await resolve(['env', ...places], 'IN_ENV', root)).toEqual({ ok: true, value: 'from the environment' })
    expect(await resolve(places, 'BY_COMMAND', root)).toEqual({ ok: true, value: 'for BY_COMMAND' })
    expect(await resolve(places, 'NOWHERE', root)).toMatchObject({ ok: false })
  })

  test('by a command that may not hang or flood', async () => {
    expect(await resolve([{ command: 'sleep 60' }], 'X', '/')).toMatchObject({
      ok: false,
      message: expect.stringContaining('gave no answer'),
    })
    expect(await resolve([{ command: 'yes' }], 'X', '/')).toMatchObject({
      ok: false,
      message: expect.stringContaining('printed more'),
    })
  })
})

describe('a secret that a pipeline can do without', () => {
  test('is an empty text where nobody has it, is kept out of logs where somebody has, and too short is refused', async () => {
    const from = createSecrets({ providers: ['env'], env: { CANARY, SHORT: '1234567' }, root: '/' })
    const names = ['CANARY', 'SHORT', 'ABSENT', 'NEEDED']
    const bench = openBench({ secrets: { names, optional: ['CANARY', 'SHORT', 'ABSENT'], from } })
    try {
      const env = { T: TOKEN, A: secretReference('ABSENT') }
      const outcome = await bench.run('optional#1', 'echo "<$A> $T"; test -z "$A"', { env })
      expect(outcome.status).toBe('succeeded')
      expect(bench.log('optional#1')).toContain('<> ***\n')
      for (const name of ['SHORT', 'NEEDED']) {
        const refused = await bench.run(`refused_${name}#1`, 'true', { env: { T: secretReference(name) } })
        expect(refused).toMatchObject({ status: 'failed', reason: 'secret' })
      }
    } finally {
      await bench.close()
    }
  })
})
