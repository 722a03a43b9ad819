import { readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { isKernelLockHeld } from '../../src/util/kernel-lock.ts'
import { project } from '../support/project.ts'
import { type Damageable, damageable, expectClear, parked, type Shown, statusesOf } from './damageable.ts'

// Each plays whole runs, some of them often.
vi.setConfig({ testTimeout: 120_000 })

/** The pages of a database by the table they hold the root of; what is no root holds the rest of long rows. */
function regions(ledger: string): ReadonlyMap<string, readonly [from: number, to: number]> {
  const db = new DatabaseSync(ledger, { readOnly: true })
  const { page_size: size } = db.prepare('PRAGMA page_size').get() as { page_size: number }
  const { page_count: count } = db.prepare('PRAGMA page_count').get() as { page_count: number }
  const roots = db.prepare('SELECT name, rootpage FROM sqlite_schema').all() as { name: string; rootpage: number }[]
  db.close()
  const page = (number: number): readonly [number, number] => [(number - 1) * size, number * size]
  const named = roots.map(({ name, rootpage }) => [`the page of \`${name}\``, page(rootpage)] as const)
  const others = Array.from({ length: count }, (_, i) => i + 1).filter(
    (one) => one > 1 && !roots.some(({ rootpage }) => rootpage === one),
  )
  return new Map([
    ['the header', [0, 100]],
    ['the schema', [100, size]],
    ...named,
    ...others.map((one) => [`page ${one}`, page(one)] as const),
  ])
}

/** Every state that the run really was in, as `show` has it. */
const TRUE_STATES = new Set(['', 'a running', 'a succeeded', 'a succeeded, ask waiting'])

/** Looks at a damaged run, then tries to go on with it; true where something was told. */
async function meet({ it, run }: Damageable, context: string, always = true): Promise<boolean> {
  let told = false
  const shown = await it.opsflow('show', run, '--json')
  if (shown.exit !== 0) {
    expectClear(shown, `${context}: show`)
    told = true
  }
  if (shown.stdout !== '') {
    const state = JSON.parse(shown.stdout) as Shown
    expect(TRUE_STATES, `${context}: show`).toContain(statusesOf(state))
    if (shown.exit === 0) expect(statusesOf(state), `${context}: show`).toBe('a succeeded, ask waiting')
  }
  const listed = await it.opsflow('runs')
  if (listed.exit !== 0) expectClear(listed, `${context}: runs`)
  else expect(listed.stdout, `${context}: runs`).toMatch(/parked|unreadable/)
  // What nobody could see goes on like any other run, which takes long and is tried where the owner is written alone.
  if (!told && !always) return false
  const resumed = await it.opsflow('resume', run)
  if (resumed.exit === 0) {
    expect(it.lines('done'), `${context}: resume`).toEqual(['a', 'b'])
    expect(it.state(run).outcome, `${context}: resume`).toBe('succeeded')
  } else {
    expectClear(resumed, `${context}: resume`)
    expect(it.lines('done'), `${context}: resume`).toEqual(['a'])
    told = true
  }
  return told
}

function flip(path: string, at: number, bit: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= 1 << bit
  writeFileSync(path, bytes)
}

const PLACES = Number(process.env.PLACES ?? 5)

/** Places of a region that hold something, spread over it. */
function places(bytes: Buffer, [from, to]: readonly [number, number]): readonly number[] {
  const used = Array.from({ length: to - from }, (_, i) => from + i).filter((at) => bytes[at] !== 0)
  return Array.from({ length: PLACES }, (_, i) => used[Math.floor((used.length * (i + 0.5)) / PLACES)]!)
}

test('promise 18a: a bit that flipped anywhere in the record is told, or did not matter; nothing false is shown or started', {
  timeout: 120_000,
}, async () => {
  const damaged = await parked()
  const good = readFileSync(damaged.ledger)
  let told = 0
  for (const [region, range] of regions(damaged.ledger)) {
    for (const [i, at] of places(good, range).entries()) {
      damaged.mend()
      flip(damaged.ledger, at, i % 8)
      if (await meet(damaged, `${region}, byte ${at - range[0]}, bit ${i % 8}`, region.includes('owner'))) told++
    }
  }
  expect(told).toBeGreaterThan(PLACES)
})

test('promise 18a: a page that became zeros is told, or did not matter', async () => {
  const damaged = await parked()
  for (const [region, [from, to]] of regions(damaged.ledger)) {
    damaged.mend()
    const bytes = readFileSync(damaged.ledger)
    writeFileSync(damaged.ledger, bytes.fill(0, from, to))
    expect(await meet(damaged, `zeros in ${region}`), `zeros in ${region}`).toBe(true)
  }
})

test('promise 18a: a record that was cut off anywhere is told', async () => {
  const damaged = await parked()
  const { size } = statSync(damaged.ledger)
  for (let left = 0; left < size; left += 2048) {
    damaged.mend()
    truncateSync(damaged.ledger, left)
    expect(await meet(damaged, `cut to ${left} bytes`), `cut to ${left} bytes`).toBe(true)
  }
})

/** The events of a run whose text no checksum fits any more from `seq` on. */
function spoil(ledger: string, seq: number): void {
  const db = new DatabaseSync(ledger)
  db.exec(`UPDATE events SET at = at + 1 WHERE seq = ${seq}`)
  db.close()
}

const ACTS = [
  ['resume'],
  ['resume', '--take-over'],
  ['retry'],
  ['cancel'],
  ['approve', 'ask'],
  ['reject', 'ask'],
  ['note', 'hello'],
] as const

test.for([5, 1])(
  'promise 18a: a run whose event %i is damaged is looked at as far as it is good, and nothing is done to it',
  async (seq) => {
    const { it, run, ledger } = await parked()
    spoil(ledger, seq)
    const says = `event ${seq} of run \`${run}\` is damaged`
    for (const [command, ...words] of ACTS) {
      const answer = await it.opsflow(command, run, ...words)
      expect(answer, command).toMatchObject({ exit: 1, stdout: '' })
      expect(answer.stderr, command).toContain(says)
      expect(answer.stderr, command).not.toContain('never began')
    }
    for (const command of ['show', 'watch']) {
      const answer = await it.opsflow(command, run)
      expect(answer.exit, command).toBe(1)
      expect(answer.stderr, command).toContain(says)
      expect(answer.stdout.includes('a'), command).toBe(seq > 1)
    }
    // What to do next is not said where nothing can be done, nor that something runs where nobody runs it.
    expect((await it.opsflow('show', run)).stdout).not.toMatch(/go on:|running/)
    expect(it.lines('done')).toEqual(['a'])
  },
)

test('promise 18a: a live run whose record is damaged is still cancelled, and who asks is told what cannot be seen', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "echo a >> done; until test -f go; do sleep 0.02; done" }\n',
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.file('done')
  const run = await it.run()
  spoil(join(it.stateDir, 'runs', run, 'ledger.db'), 2)
  const asked = await it.opsflow('cancel', run)
  expect(asked).toMatchObject({ exit: 1, stdout: '' })
  expect(asked.stderr).toContain(`event 2 of run \`${run}\` is damaged`)
  expect(asked.stderr).toContain(`opsflow resume ${run} --take-over`)
  expect((await runner.ended).exit).toBe(130)
})

test('promise 18a: a command that meets a damaged record ends, and leaves no process behind', async () => {
  const { it, run, ledger } = await parked()
  spoil(ledger, 5)
  const resumed = it.spawn('resume', run)
  expect(await resumed.ended).toMatchObject({ exit: 1, stdout: '' })
  expect(isKernelLockHeld(join(it.stateDir, 'runs', run, 'supervisor.lock'))).toBe(false)
})

/** A run that was killed in its second step: its newest events are only in the log beside the ledger. */
async function killed(): Promise<Damageable & { readonly log: string }> {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  a: { run: echo a >> done }
  b: { needs: [a], interrupted: ask, run: "echo b >> done; until test -f go; do sleep 0.02; done" }
`,
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.file('done', 2)
  const run = await it.run()
  runner.kill('SIGKILL')
  await runner.ended
  await it.until((_, liveness) => liveness === 'interrupted')
  const damaged = damageable(it, run)
  return { ...damaged, log: `${damaged.ledger}-wal` }
}

/** No step that had begun begins again, unless a person was asked; what is shown was so once. */
async function meetKilled({ it, run }: Damageable, context: string): Promise<string> {
  const shown = await it.opsflow('show', run, '--json')
  const resumed = await it.opsflow('resume', run)
  expect(it.lines('done'), context).toEqual(['a', 'b'])
  if (shown.exit === 0) {
    expect(statusesOf(JSON.parse(shown.stdout) as Shown), context).toBe('a succeeded, b running')
    expect(resumed.exit, context).toBe(4)
    return 'whole'
  }
  expectClear(shown, `${context}: show`)
  expectClear(resumed, `${context}: resume`)
  return shown.stderr.includes('has lost its end') ? 'lost' : 'damaged'
}

test('promise 18b: a log beside the record that was deleted, cut or damaged is told by what the steps left: none of them runs again', {
  timeout: 120_000,
}, async () => {
  const damaged = await killed()
  const { size } = statSync(damaged.log)
  const told = new Map<string, string>()
  const meetWith = async (name: string, damage: () => void): Promise<void> => {
    damaged.mend()
    damage()
    told.set(name, await meetKilled(damaged, name))
  }
  const rm = (suffix: string): void => rmSync(`${damaged.ledger}${suffix}`, { force: true })
  await meetWith('undamaged', () => undefined)
  await meetWith('without -shm', () => rm('-shm'))
  await meetWith('without -wal', () => rm('-wal'))
  await meetWith('without both', () => {
    rm('-wal')
    rm('-shm')
  })
  const last = lastUsed(readFileSync(damaged.log))
  for (let i = 0; i < 3; i++) {
    const at = Math.floor((last * (i + 0.5)) / 3)
    await meetWith(`cut to ${at} of ${size}`, () => truncateSync(damaged.log, at))
    await meetWith(`flipped at ${at}`, () => flip(damaged.log, at, i))
    // Whoever reads it without the shared memory reads the log anew.
    await meetWith(`flipped at ${at}, read anew`, () => {
      flip(damaged.log, at, i)
      rm('-shm')
    })
  }
  expect(told.get('undamaged')).toBe('whole')
  expect(told.get('without -shm')).toBe('whole')
  expect(told.get('without both')).toBe('lost')
})

test('promise 18b: a run that lost its end goes on when a person has laid aside the log of what it does not know', async () => {
  const { it, run, ledger, log, mend } = await killed()
  // The last commit, in which `a` has ended and `b` has started, is not whole.
  mend()
  truncateSync(log, lastUsed(readFileSync(log)) - 100)
  rmSync(`${ledger}-shm`)
  const refused = await it.opsflow('resume', run)
  expectClear(refused, 'resume')
  const [, unknown = ''] = /knows nothing of `([^`]+)`/.exec(refused.stderr) ?? []
  expect(unknown).toMatch(/b\.1\.log$/)
  expect(it.lines('done')).toEqual(['a', 'b'])
  renameSync(unknown, `${unknown}.aside`)
  it.write({ go: '' })
  expect(await it.opsflow('resume', run)).toMatchObject({ exit: 0, stderr: '' })
  expect(it.lines('done')).toEqual(['a', 'b', 'a', 'b'])
})

function lastUsed(bytes: Buffer): number {
  let at = bytes.length - 1
  while (at > 0 && bytes[at] === 0) at--
  return at
}
