import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/store/store.ts'
import { project, type TestProject } from '../support/project.ts'
import { mountSmallDisk } from '../support/small-disk.ts'

const FILES = {
  'p.yaml': 'pipeline: p\nsteps:\n  a: { run: echo hello }\n',
  'ask.yaml': 'pipeline: ask\nsteps:\n  ok: { approval: { prompt: "Go?" } }\n',
}

async function withRuns(count: number): Promise<{ it: TestProject; runs: readonly string[] }> {
  const it = project(FILES)
  for (let i = 0; i < count; i++) await it.opsflow('run', 'p.yaml')
  return { it, runs: (await it.runs(count)).toSorted() }
}

const folders = (it: TestProject): readonly string[] => readdirSync(join(it.stateDir, 'runs')).sort()

test('prune shows what would go, and removes nothing without --yes', async () => {
  const { it, runs } = await withRuns(3)
  const shown = await it.opsflow('prune', '--keep', '1')
  expect(shown).toMatchObject({ exit: 0, stderr: '' })
  const gone = runs.filter((run) => shown.stdout.includes(run))
  expect(gone).toHaveLength(2)
  expect(shown.stdout).toMatch(/these 2 \(0\.\d MB\) would be removed, with their logs: add --yes; kept 1\n$/)
  expect(folders(it)).toEqual(runs)

  const done = await it.opsflow('prune', '--keep', '1', '--yes')
  expect(done).toMatchObject({ exit: 0, stderr: '' })
  expect(done.stdout).toMatch(/^removed 2 runs \(0\.\d MB\); kept 1\n$/)
  const left = runs.filter((run) => !gone.includes(run))
  expect(folders(it)).toEqual(left)
  expect((await it.opsflow('runs')).stdout).toContain(left[0])
  for (const run of gone) expect((await it.opsflow('show', run)).exit).toBe(2)
})

test('prune goes by age, and by age and number together', async () => {
  const { it, runs } = await withRuns(2)
  expect((await it.opsflow('prune', '--older-than', '1h', '--yes')).stdout).toBe('nothing to remove; kept 2\n')
  expect((await it.opsflow('prune', '--older-than', '0s', '--keep', '2', '--yes')).stdout).toBe(
    'nothing to remove; kept 2\n',
  )
  expect(folders(it)).toEqual(runs)
  expect((await it.opsflow('prune', '--older-than', '0s', '--yes')).stdout).toMatch(/^removed 2 runs/)
  expect(folders(it)).toEqual([])
  expect((await it.opsflow('prune', '--keep', '0')).stdout).toBe('nothing to remove; kept 0\n')
})

test('prune never touches a run that has not ended, however old, and says how many there are', async () => {
  const it = project(FILES)
  expect((await it.opsflow('run', 'ask.yaml', '--detach')).exit).toBe(4)
  const run = await it.run()
  expect((await it.opsflow('prune', '--keep', '0', '--yes')).stdout).toBe(
    'nothing to remove; kept 1, of them 1 not ended\n',
  )
  const named = await it.opsflow('prune', run, '--yes')
  expect(named).toEqual({
    exit: 2,
    stdout: '',
    stderr: `opsflow: run \`${run}\` has not ended\n  hint: end it first: opsflow cancel ${run}\n`,
  })
  expect((await it.opsflow('approve', run, 'ok', '--resume')).exit).toBe(0)
  expect((await it.opsflow('prune', run, '--yes')).stdout).toMatch(/^removed 1 run \(/)
})

test('prune removes a damaged run by its name alone', async () => {
  const { it, runs } = await withRuns(1)
  writeFileSync(join(it.stateDir, 'runs', runs[0]!, 'ledger.db'), 'no database')
  // The line of the list is kept; without it only the file could tell.
  const bad = '20200101-000000-bbbbb'
  mkdirSync(join(it.stateDir, 'runs', bad))
  expect((await it.opsflow('prune', bad, '--yes')).stdout).toMatch(/^removed 1 run \(/)
  expect((await it.opsflow('prune', runs[0]!, '--yes')).stdout).toMatch(/^removed 1 run \(/)
  expect(folders(it)).toEqual([])
})

test('what a killed prune left is no run, and the next prune takes it away', async () => {
  const { it, runs } = await withRuns(1)
  const half = join(it.stateDir, 'runs', '.removed-20200101-000000-bbbbb')
  mkdirSync(join(half, 'logs'), { recursive: true })
  expect((await it.opsflow('runs')).stdout).not.toContain('removed')
  expect((await it.opsflow('prune', '--keep', '9')).exit).toBe(0)
  expect(existsSync(half)).toBe(true)
  expect((await it.opsflow('prune', '--keep', '9', '--yes')).stdout).toBe('nothing to remove; kept 1\n')
  expect(folders(it)).toEqual(runs)
})

test('prune in a state that anybody may write in removes nothing, and says how to close it', async () => {
  const { it, runs } = await withRuns(2)
  chmodSync(it.stateDir, 0o777)
  const answer = await it.opsflow('prune', '--keep', '0', '--yes')
  expect(answer).toMatchObject({ exit: 1, stdout: '' })
  expect(answer.stderr).toContain('every user of this machine can write')
  expect(folders(it)).toEqual(runs)
})

test('a run that was opened again after it was chosen is not removed', async () => {
  const it = project(FILES)
  await it.opsflow('run', 'ask.yaml', '--detach')
  const run = await it.run()
  const store = openStore(it.stateDir)
  onTestFinished(() => store.close())
  await expect(store.remove(run)).rejects.toThrow(`run \`${run}\` has not ended`)
  expect(folders(it)).toEqual([run])
})

test('what cannot be deleted is told with its place, and the other runs go', async () => {
  const { it, runs } = await withRuns(2)
  const stuck = join(it.stateDir, 'runs', '.removed-20200101-000000-bbbbb')
  const held = join(stuck, 'held')
  // A folder in which something is mounted cannot be deleted by anybody.
  mountSmallDisk(held)
  const answer = await it.opsflow('prune', '--keep', '0', '--yes')
  expect(answer.exit).toBe(0)
  expect(answer.stderr).toContain(`\`${stuck}\` cannot be deleted whole: `)
  expect(answer.stdout).toMatch(/^removed 2 runs \(/)
  expect(folders(it).filter((name) => runs.includes(name))).toEqual([])
})

test('two prunes at once remove every run, and a run that the other has at this moment is told as that', async () => {
  const { it } = await withRuns(4)
  const both = await Promise.all([1, 2].map(() => it.opsflow('prune', '--keep', '0', '--yes')))
  for (const { stderr } of both) {
    const told = stderr.split('\n').filter((line) => line.startsWith('opsflow: '))
    expect(told.filter((line) => !/^opsflow: run `\S+` is owned by `tester`, /.test(line))).toEqual([])
  }
  expect(folders(it)).toEqual([])
})

test('a run that goes while prune looks at it is no fault', async () => {
  const { it, runs } = await withRuns(2)
  const shown = it.opsflow('prune', '--keep', '0')
  await it.opsflow('prune', runs[0]!, '--yes')
  expect((await shown).exit).toBe(0)
  expect((await shown).stderr).toBe('')
})

test.for([
  [['prune'], 'say which runs may go'],
  [['prune', '--older-than', 'soon'], '`soon` is no duration'],
  [['prune', '--keep', 'all'], '`all` is no whole number'],
  [['prune', 'x', '--keep', '1'], 'runs are named or chosen by a rule, not both'],
  [['prune', 'nope', '--yes'], 'nope'],
] as const)('`%s` is wrong usage and removes nothing', async ([words, message]) => {
  const { it, runs } = await withRuns(1)
  const answer = await it.opsflow(...words)
  expect(answer).toMatchObject({ exit: 2, stdout: '' })
  expect(answer.stderr).toContain(message)
  expect(folders(it)).toEqual(runs)
})
