import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { isRunId } from '../../src/store/run-id.ts'
import { isInFolder } from '../../src/util/inside.ts'
import { logName } from '../../src/util/log-name.ts'
import { project } from '../support/project.ts'

vi.setConfig({ testTimeout: 120_000 })

const IDS = [
  '../..',
  '..',
  '.',
  '/',
  '/etc',
  'a/b',
  'a\0b',
  '\x1b[2J',
  'x'.repeat(10_000),
  '２０２６',
  '%2e%2e',
  '$(touch pwned)',
  '*',
  '~',
  'con ',
]

describe('a run id of a stranger', () => {
  test('names no run, whatever the command, and makes and reads nothing', async () => {
    const it = project({ 'p.yaml': 'pipeline: p\nsteps: { a: { run: "true" } }\n', '.secrets': 'x' })
    expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
    const run = await it.run()
    const before = readdirSync(dirname(it.folder), { recursive: true }).length
    for (const id of [...IDS, `../runs/${run}`, `${run}/../${run}`, `${run}\0`, `${run}.`, run.replace('-', '‐')])
      for (const words of [
        ['show', id],
        ['logs', id],
        ['resume', id],
        ['retry', id],
        ['cancel', id],
        ['watch', id],
        ['approve', id, 'a'],
        ['note', id, 'x'],
      ])
        expect({ words, ...(await it.opsflow(...words)) }).toMatchObject({
          exit: 2,
          stdout: '',
          stderr: expect.stringMatching(/^opsflow: there is no run `/),
        })
    for (const id of ['-rf', '--help=x', '--take-over']) expect((await it.opsflow('show', id)).exit).toBe(2)
    expect((await it.opsflow('show', '--', '-rf')).stderr).toContain('there is no run `-rf`')
    expect(readdirSync(dirname(it.folder), { recursive: true })).toHaveLength(before)
  })

  test('in the state folder is no run: only what is named like one is listed', async () => {
    const it = project({ 'p.yaml': 'pipeline: p\nsteps: { a: { run: "true" } }\n' })
    expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
    const own = await it.run()
    for (const id of IDS.filter((name) => name.length < 200 && !/[\0/]|^\.+$/.test(name)))
      mkdirSync(join(it.stateDir, 'runs', id))
    const { runs } = JSON.parse((await it.opsflow('runs', '--json')).stdout) as { runs: { run: string }[] }
    expect(runs.map(({ run }) => run)).toEqual([own])
  })

  test('is one only where it can be nothing but the name of a folder', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...IDS)), (id) => {
        if (isRunId(id)) expect(id).toMatch(/^[a-zA-Z0-9][\w-]*$/)
      }),
    )
    for (const id of [...IDS, '-x', '', '_x']) expect(isRunId(id)).toBe(false)
  })
})

describe('a path', () => {
  const KEYS = [
    '../../../escaped',
    '..',
    '.',
    'a/b',
    '/etc/passwd',
    'x\\y',
    'new\nline',
    'x'.repeat(3000),
    '漢',
    '%2e%2e%2f',
    '#1',
    'a]b[c',
    '@2',
    'check:x',
  ]

  test('that keys of items make stays below the logs, one log for each', async () => {
    const it = project({
      'p.yaml': `pipeline: p
inputs: { keys: { type: array, items: { type: string } } }
steps:
  each: { foreach: { items: "\${{ inputs.keys }}", key: "\${{ item }}" }, run: 'echo "k=$OPSFLOW_STEP" >> $OPSFLOW_OUTPUT; echo log', outputs: { k: { type: string } } }
`,
    })
    const before = readdirSync(dirname(it.folder)).sort()
    expect((await it.opsflow('run', 'p.yaml', '-i', `keys=${JSON.stringify(KEYS)}`)).exit).toBe(0)
    const logs = join(it.stateDir, 'runs', await it.run(), 'logs')
    const made = readdirSync(logs, { recursive: true, encoding: 'utf8' })
    expect(made).toHaveLength(KEYS.length)
    expect(made.every((name) => /^each\[[^/]*\]\.1\.log$/.test(name))).toBe(true)
    expect(readdirSync(dirname(it.folder)).sort()).toEqual([...before, 'state'].sort())
  })

  test('of a log never leaves the folder, whatever the token', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', 'a', '../x', '\0', '\\', '...'), fc.string())
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        let name: string
        try {
          name = logName(`${parts.join('/')}#1`)
        } catch {
          return
        }
        expect(isInFolder('/run/logs', name)).toBe(true)
        expect(join('/run/logs', name).startsWith('/run/logs/')).toBe(true)
      }),
    )
  })

  test('in `cwd` that came with data leads nowhere out of the project; what its author wrote does', async () => {
    const it = project({
      'p.yaml': `pipeline: p
inputs: { where: { type: string } }
steps:
  a: { cwd: "\${{ inputs.where }}", run: pwd > here }
`,
      'own.yaml': 'pipeline: own\nsteps: { a: { cwd: .., run: pwd > here } }\n',
      'sub/x': '',
    })
    for (const where of ['..', '/etc', 'sub/../..', `${it.folder}x`]) {
      const ended = await it.opsflow('run', 'p.yaml', '-i', `where=${where}`)
      expect(ended).toMatchObject({
        exit: 1,
        stdout: expect.stringContaining(`\`cwd\` leads out of the project: \`${where}\``),
      })
    }
    for (const where of ['sub', `${it.folder}/sub`]) {
      expect((await it.opsflow('run', 'p.yaml', '-i', `where=${where}`)).exit).toBe(0)
    }
    expect((await it.opsflow('run', 'own.yaml')).exit).toBe(0)
  })

  test('is inside of a folder as the system sees it', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'b', 'root')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const path = parts.join('/')
        const whole = path.startsWith('/') ? join(path) : join('/root/a', path)
        const below = `${whole.replace(/\/+$/, '')}/`.startsWith('/root/a/')
        expect(isInFolder('/root/a', path)).toBe(below)
      }),
    )
  })

  test('of an output stays text: what a step says of a file is not opened', async () => {
    const it = project({
      'p.yaml': `pipeline: p\nsteps: { a: { run: 'ln -s /etc/hostname "$OPSFLOW_OUTPUT"', outputs: { x: { type: string } } } }\n`,
    })
    writeFileSync(join(it.folder, 'x'), 'x')
    const ended = await it.opsflow('run', 'p.yaml')
    expect(ended).toMatchObject({ exit: 1, stdout: expect.stringContaining('cannot be read: ELOOP') })
  })
})
