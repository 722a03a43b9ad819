import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ValueSchema } from '../../src/model/value-schema.ts'
import type { Json } from '../../src/util/json.ts'
import { type Bench, openBench } from '../support/supervised.ts'

let bench: Bench
let count = 0
beforeAll(() => {
  bench = openBench()
})
afterAll(() => bench.close())

const run = (script: string, more: Parameters<Bench['run']>[2] = {}) => bench.run(`step${count++}#1`, script, more)
const text: ValueSchema = { type: 'string' }

describe('a script', () => {
  test('ends at the first command that fails', async () => {
    const outcome = await run('echo before; false; echo after')
    expect(outcome).toMatchObject({ status: 'failed', reason: 'exit', exit: 1, tail: 'before' })
  })

  test('under bash also fails with a part of a pipe', async () => {
    const script = 'false | true'
    expect(await run(script)).toMatchObject({ status: 'succeeded' })
    const outcome = await bench.run('bash#1', { kind: 'shell', script, shell: 'bash' })
    expect(outcome).toMatchObject({ status: 'failed', exit: 1 })
  })

  test('may be longer than the kernel lets one argument be', async () => {
    const script = `: ${'x'.repeat(200_000)}\necho done; exit 4`
    expect(await run(script)).toMatchObject({ status: 'failed', exit: 4, tail: 'done' })
  })

  test('that a signal ended says which', async () => {
    expect(await run('kill -SEGV $$')).toMatchObject({ status: 'failed', reason: 'signal', signal: 'SIGSEGV' })
  })

  test('with an unknown command says what the code means', async () => {
    const outcome = await run('no_such_command')
    expect(outcome).toMatchObject({ exit: 127, message: 'exit code 127: a command was not found' })
  })
})

test('a list is started as it is: no shell reads it', async () => {
  const outcome = await bench.run('argv#1', { kind: 'shell', argv: ['printf', '%s|', '$HOME', 'a b', '; exit 3'] })
  expect(outcome).toMatchObject({ status: 'succeeded' })
  expect(bench.log('argv#1')).toBe('$HOME|a b|; exit 3|')
})

describe('outputs', () => {
  const good: readonly (readonly [string, string, { [name: string]: ValueSchema }, { [name: string]: Json }])[] = [
    ['lines', 'echo a=1=2 >> $OPSFLOW_OUTPUT; echo b= >> $OPSFLOW_OUTPUT', { a: text, b: text }, { a: '1=2', b: '' }],
    [
      'blocks',
      "printf 'a<<E\\none\\ntwo\\nE\\nb=3\\n' >> $OPSFLOW_OUTPUT",
      { a: text, b: text },
      { a: 'one\ntwo', b: '3' },
    ],
    [
      'lines of other types',
      'printf \'n=3\\nyes=true\\nl=["x"]\\n\' >> $OPSFLOW_OUTPUT',
      { n: { type: 'integer' }, yes: { type: 'boolean' }, l: { type: 'array' } },
      { n: 3, yes: true, l: ['x'] },
    ],
    ['a text that looks like a number', 'echo v=1.10 >> $OPSFLOW_OUTPUT', { v: text }, { v: '1.10' }],
    ['JSON in the file', 'echo \'{"a": [1], "extra": 2}\' > $OPSFLOW_OUTPUT', { a: { type: 'array' } }, { a: [1] }],
    ['JSON on stdout', 'echo noise >&2; echo \'{"a": "x"}\'', { a: text }, { a: 'x' }],
    ['an array on stdout', "echo '[1, 2]'", { value: { type: 'array' } }, { value: [1, 2] }],
    ['a text on stdout', 'echo hello', { value: text }, { value: 'hello' }],
    ['digits on stdout where text is declared', 'echo 42', { value: text }, { value: '42' }],
    ['a number on stdout', 'echo 42', { value: { type: 'integer' } }, { value: 42 }],
    ['an object as the value', 'echo \'{"a": 1}\'', { value: { type: 'object' } }, { value: { a: 1 } }],
    ['the file before stdout', 'echo \'{"a": "no"}\'; echo a=yes >> $OPSFLOW_OUTPUT', { a: text }, { a: 'yes' }],
    [
      'what was left out',
      'true',
      { a: { type: 'string', optional: true }, b: { type: 'integer', default: 7 } },
      { a: null, b: 7 },
    ],
  ]
  for (const [what, script, outputs, expected] of good) {
    test(`are read from ${what}`, async () => {
      expect(await run(script, { outputs })).toMatchObject({ status: 'succeeded', outputs: expected })
    })
  }

  const bad: readonly (readonly [string, string, { [name: string]: ValueSchema }, RegExp])[] = [
    ['one is missing', 'true', { a: text }, /`a` is missing/],
    ['one has the wrong type', 'echo n=many >> $OPSFLOW_OUTPUT', { n: { type: 'integer' } }, /`n`/],
    ['a line is none', 'echo what is this >> $OPSFLOW_OUTPUT', { a: text }, /line 1 of `\$OPSFLOW_OUTPUT` is neither/],
    ['a block has no end', "printf 'a<<E\\nx\\n' >> $OPSFLOW_OUTPUT", { a: text }, /no end line `E`/],
    ['the JSON is broken', 'echo \'{"a": \' > $OPSFLOW_OUTPUT', { a: text }, /starts like JSON but is none/],
    ['stdout is no JSON', 'echo hello', { a: text }, /stdout is not one JSON object/],
    ['there is too much of it', 'head -c 1100000 /dev/zero > $OPSFLOW_OUTPUT', { a: text }, /larger than 1 MiB/],
    ['there is too much on stdout', 'head -c 1100000 /dev/zero', { value: text }, /larger than 1 MiB/],
    ['the file is a link to another', 'ln -s /etc/hostname $OPSFLOW_OUTPUT', { a: text }, /cannot be read/],
    ['the file is a pipe', 'mkfifo $OPSFLOW_OUTPUT', { a: text }, /not a file/],
    [
      'a name of the language itself is taken',
      "printf '__proto__=x\\n' >> $OPSFLOW_OUTPUT",
      { a: text },
      /`a` is missing/,
    ],
  ]
  for (const [what, script, outputs, message] of bad) {
    test(`fail the step when ${what}`, async () => {
      const outcome = await run(script, { outputs })
      expect(outcome).toMatchObject({ status: 'failed', reason: 'outputs' })
      expect(outcome.message).toMatch(message)
      expect(outcome.outputs).toBeUndefined()
    })
  }
})

describe('a failure', () => {
  const failures = {
    moved: { match: 'non-fast-forward|fetch first', exit: undefined },
    busy: { match: undefined, exit: 75 },
    both: { match: 'quota', exit: 9 },
  }
  const cases = [
    ['by what it printed', 'echo "! [rejected] (fetch first)" >&2; exit 1', 'moved'],
    ['by its exit code', 'exit 75', 'busy'],
    ['by both where both are asked for', 'echo quota; exit 9', 'both'],
    ['not by half of it', 'echo quota; exit 8', undefined],
    ['by colours notwithstanding', "printf 'fetch \\033[31mfirst\\033[0m'; exit 1", 'moved'],
    [
      'not by what is far back in the output',
      'echo fetch first; head -c 100000 /dev/zero | tr "\\0" x; exit 1',
      undefined,
    ],
  ] as const
  for (const [how, script, name] of cases) {
    test(`is named ${how}`, async () => {
      expect((await run(script, { failures })).failure).toBe(name)
    })
  }

  test('shows its last lines, whole, at most 2 KiB, without colours', async () => {
    const { tail } = await run("for i in $(seq 1000); do printf '\\033[32mline %s\\033[0m\\n' $i; done; exit 1")
    expect(Buffer.byteLength(tail ?? '')).toBeLessThanOrEqual(2048)
    expect(tail).toMatch(/^line \d+\nline \d+\n/)
    expect(tail).toMatch(/line 999\nline 1000$/)
  })
})

describe('permissions', () => {
  const permissions = { allow: [], deny: ['Bash(git push --force:*)'], ask: { 'release/publish': 'ARCHITECT' } }

  test('promise 27a: refuse a list before it starts', async () => {
    const body = { kind: 'shell', argv: ['git', 'push', '--force', 'origin'] } as const
    const outcome = await bench.run('denied#1', body, { permissions })
    expect(outcome).toMatchObject({ status: 'failed', reason: 'permission' })
    expect(outcome.message).toContain('git push --force')
  })

  test('promise 27b: refuse a script with a denied command, and one that cannot be taken apart', async () => {
    for (const script of ['touch started; git push --force', 'touch started; eval "$(cat x)"']) {
      expect(await run(script, { permissions })).toMatchObject({ status: 'failed', reason: 'permission' })
    }
    expect((await run(`test ! -e ${join(bench.folder, 'started')}`)).status).toBe('succeeded')
  })

  test('refuse what only a person may let through, until one has', async () => {
    const outcome = await bench.run('asks#1', { kind: 'action', uses: 'release/publish', with: {} }, { permissions })
    expect(outcome).toMatchObject({ status: 'failed', reason: 'permission' })
    expect(outcome.message).toContain('ARCHITECT')
    const granted = ['release/publish']
    const asked = await bench.run(
      'granted#1',
      { kind: 'action', uses: 'release/publish', with: {} },
      { permissions, granted },
    )
    expect(asked.reason).not.toBe('permission')
  })

  test('let everything else through', async () => {
    expect(await run('git --version', { permissions })).toMatchObject({ status: 'succeeded' })
  })
})
