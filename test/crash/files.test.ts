import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { main } from '../../src/cli.ts'
import { memoryIo } from '../support/memory-io.ts'
import { project } from '../support/project.ts'
import { A_STACK, expectClear, P, parked } from './damageable.ts'

// Each plays whole runs, some of them often.
vi.setConfig({ testTimeout: 120_000 })

test('promise 18b: the record knows the log of every attempt, check and repair, also when it is opened again', async () => {
  const it = project({
    'opsflow.config.yaml': 'people: {}\n',
    'pipelines/sub.yaml': `pipeline: sub
steps:
  inner: { run: echo more > src.txt, checks: [{ id: fine, run: "true" }, { id: some, paths: ["*.txt"], run: "true" }] }
  last: { needs: [inner], run: echo last }
gates:
  g: { before: [last], paths: ["*.txt"], checks: [{ id: judged, paths: ["*.txt"], run: echo judged }] }
`,
    'src.txt': 'one\n',
    'p.yaml': `pipeline: p
steps:
  each: { foreach: { items: [a, b/c, "ü ~"], key: "\${{ item }}" }, run: echo each }
  again: { repeat: { until: "true", max: 3 }, run: echo again }
  call: { pipeline: sub }
  mends:
    failures: { broken: { match: broken, recover: { run: touch mended } } }
    retry: { attempts: 2, backoff: 1ms }
    run: test -f mended || { echo broken; exit 1; }
  fails: { run: "test -f good" }
finally:
  clean: { run: echo clean }
`,
  })
  // Checks and gates for some files ask git which have changed.
  const git = (...words: readonly string[]) =>
    execFileSync('git', words, { cwd: it.folder, env: it.env, stdio: 'pipe' })
  git('init', '--quiet')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'first')
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 1, stderr: '' })
  const run = await it.run()
  it.write({ good: '' })
  expect(await it.opsflow('retry', run)).toMatchObject({ exit: 0, stderr: '' })
  expect(await it.opsflow('show', run)).toMatchObject({ exit: 0, stderr: '' })
  const logs = readdirSync(join(it.stateDir, 'runs', run, 'logs'), { recursive: true, encoding: 'utf8' })
  expect(logs.filter((path) => path.endsWith('.log')).length).toBeGreaterThan(14)
  expect(logs.filter((path) => path.includes(':paths')).length).toBe(2)
})

test('logs that were deleted are missed by nobody but `logs`, which says so', async () => {
  const { it, run } = await parked()
  rmSync(join(it.stateDir, 'runs', run, 'logs'), { recursive: true })
  expect((await it.opsflow('show', run)).exit).toBe(0)
  expect(await it.opsflow('logs', run)).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(/^opsflow: no step has printed/),
  })
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(it.lines('done')).toEqual(['a', 'b'])
})

test.for(['index.db', 'inbox.db'])(
  '%s that is damaged stops no run that does not need it, and is told',
  async (name) => {
    const damaged = await parked()
    const { it, run } = damaged
    const file = name === 'index.db' ? join(it.stateDir, name) : join(it.stateDir, 'runs', run, name)
    const { size } = statSync(file)
    for (const [from, to] of [
      [0, 100],
      [100, 4096],
      [4096, size],
    ] as const) {
      damaged.mend()
      writeFileSync(file, readFileSync(file).fill(0xa5, from, to))
      const context = `${name} from ${from}`
      for (const command of ['show', 'runs']) {
        const answer = await it.opsflow(...(command === 'show' ? [command, run] : [command]))
        if (answer.exit !== 0) expectClear(answer, `${context}: ${command}`)
      }
      const resumed = await it.opsflow('resume', run)
      expect(resumed.stderr, context).not.toMatch(A_STACK)
      // An answer that cannot be read has not been given: the run waits for it.
      expect([0, 1, 4], context).toContain(resumed.exit)
      expect(it.lines('done'), context).toEqual(resumed.exit === 0 ? ['a', 'b'] : ['a'])
    }
  },
)

test.for(['ledger.db', 'inbox.db', 'index.db'])(
  'promise 3e: %s of a newer opsflow is refused by name, and stays as it is',
  async (name) => {
    const { it, run } = await parked()
    const file = name === 'index.db' ? join(it.stateDir, name) : join(it.stateDir, 'runs', run, name)
    const db = new DatabaseSync(file)
    db.exec('PRAGMA user_version=99')
    db.close()
    const before = readFileSync(file)
    const answers = [await it.opsflow('resume', run), await it.opsflow('approve', run, 'ask')]
    if (name === 'ledger.db') answers.push(await it.opsflow('show', run), await it.opsflow('cancel', run))
    if (name === 'index.db') answers.push(await it.opsflow('runs'))
    const refused = answers.filter(({ stderr }) => stderr.includes('has format 99, this opsflow knows formats up to'))
    expect(refused.length).toBeGreaterThan(0)
    for (const { stderr } of refused) expect(stderr).not.toMatch(A_STACK)
    expect(it.lines('done')).toEqual(['a'])
    expect(readFileSync(file).equals(before)).toBe(true)
  },
)

test('a project that was moved goes on where it is now; one that is gone is asked for by name', async () => {
  const it = project({
    'opsflow.config.yaml': 'people: {}\n',
    'p.yaml': P.replace('echo b >> done', 'pwd >> where; echo b >> done'),
  })
  const { OPSFLOW_STATE: _, ...env } = it.env
  const moved = `${it.folder}-moved`
  const at = (cwd: string, ...words: readonly string[]) => {
    const io = memoryIo({ cwd, env })
    return main(words, io).then((exit) => ({ exit, ...io.out }))
  }
  expect((await at(it.folder, 'run', 'p.yaml')).exit).toBe(4)
  renameSync(it.folder, moved)
  const [run = ''] = readdirSync(join(moved, '.opsflow', 'runs'))
  expect(await at(moved, 'approve', run, 'ask')).toMatchObject({ exit: 0, stderr: '' })
  expect(await at(moved, 'show', run)).toMatchObject({ exit: 0, stderr: '' })
  const elsewhere = mkdtempSync(join(moved, 'elsewhere-'))
  const lost = memoryIo({ cwd: elsewhere, env: { ...env, OPSFLOW_STATE: join(moved, '.opsflow') } })
  renameSync(join(moved, 'opsflow.config.yaml'), join(moved, 'aside.yaml'))
  expect(await main(['resume', run], lost)).toBe(1)
  expect(lost.out.stderr).toContain(`belongs to the project in \`${it.folder}\`, which is not there any more`)
  renameSync(join(moved, 'aside.yaml'), join(moved, 'opsflow.config.yaml'))
  expect(await at(moved, 'resume', run)).toMatchObject({ exit: 0, stderr: '' })
  expect(readFileSync(join(moved, 'done'), 'utf8')).toBe('a\nb\n')
  expect(readFileSync(join(moved, 'where'), 'utf8')).toBe(`${moved}\n`)
})
