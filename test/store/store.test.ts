import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { StoreError } from '../../src/ports/store.ts'
import { inTransaction, openWritable, type Schema } from '../../src/store/database.ts'
import { networkFileSystem, refuseNetwork } from '../../src/store/network.ts'
import { isRunId, newRunId } from '../../src/store/run-id.ts'
import { type OwnedRun, openStore, type Store } from '../../src/store/store.ts'
import { ALICE, BOB, created, emptyPlan, ended, noted, temporaryFolder } from '../support/store.ts'

function newStore(stateDir = temporaryFolder(), now?: () => number): Store {
  const store = openStore(stateDir, now)
  onTestFinished(() => store.close())
  return store
}

async function begun(store: Store, run: string, at = 10): Promise<OwnedRun> {
  store.create(emptyPlan(), run)
  const owned = await store.own(run, { pid: process.pid, by: ALICE })
  owned.ledger.append([created(run)], at)
  onTestFinished(() => owned.release())
  return owned
}

function reasonOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof StoreError) return error.reason
    throw error
  }
  return 'nothing thrown'
}

describe('the state folder', () => {
  test('ignores itself', () => {
    const store = newStore(join(temporaryFolder(), '.opsflow'))
    store.create(emptyPlan(), 'r1')
    expect(readFileSync(join(store.stateDir, '.gitignore'), 'utf8')).toBe('*\n')
  })

  test('holds one ledger file, two locks at most and two folders for a run that ended', async () => {
    const store = newStore()
    const owned = await begun(store, 'r1')
    owned.ledger.append([ended], 20)
    owned.release()
    expect(readdirSync(store.folder('r1').path).toSorted()).toEqual(['artefacts', 'ledger.db', 'logs', 'owner.lock'])
  })

  // Under /proc no folder can be made by anybody; a file is in the way of everybody.
  for (const [where, why] of [
    ['/proc/opsflow/state', 'no folder can be made there'],
    [join(import.meta.filename, 'state'), 'a file is in the way'],
  ] as const) {
    test(`says why it cannot be made: ${why}`, () => {
      const store = newStore(where)
      expect(() => store.create(emptyPlan(), 'r1')).toThrow(`no state can be kept in \`${where}\`: ${why}`)
      expect(reasonOf(() => store.create(emptyPlan(), 'r1'))).toBe('denied')
      expect(store.list()).toEqual([])
    })
  }

  test('that is removed under a run ends it, rather than a record that nobody will find', async () => {
    const store = newStore()
    const owned = await begun(store, 'r1')
    rmSync(store.folder('r1').path, { recursive: true })
    expect(() => owned.ledger.append([ended], 20)).toThrow(/the record of run `r1` is gone/)
  })

  test('is not made by looking', () => {
    const store = newStore(join(temporaryFolder(), '.opsflow'))
    expect(store.list()).toEqual([])
    expect(reasonOf(() => store.resolve('r1'))).toBe('not-found')
    expect(existsSync(store.stateDir)).toBe(false)
  })

  test.each([
    ['NFS', 0x6969, '', 'NFS'],
    ['SMB', 0xfe534d42 | 0, '', 'SMB2'],
    ['sshfs', 0x65735546, '36 35 0:32 / /home/x rw - fuse.sshfs host:/ rw\n', 'sshfs'],
    ['a local FUSE', 0x65735546, '36 35 0:32 / /home/x rw - fuse.gocryptfs a rw\n', undefined],
    ['ext4', 0xef53, '', undefined],
  ])('on %s is judged by its type', (_, type, mounts, expected) => {
    const facts = { type, platform: 'linux', mounts: () => mounts }
    expect(networkFileSystem('/home/x/project', facts)).toBe(expected)
  })

  test('promise 18d: on a network file system is refused by name', () => {
    const nfs = { type: 0x6969, platform: 'linux', mounts: () => '' }
    expect(reasonOf(() => refuseNetwork(temporaryFolder(), () => nfs))).toBe('network')
    expect(() => refuseNetwork('/nowhere/at/all', () => nfs)).toThrow('is on NFS, a network file system')
  })

  test('promise 18d: on a network file system is refused behind a symbolic link, too', () => {
    const folder = realpathSync(temporaryFolder())
    mkdirSync(join(folder, 'mounted'))
    symlinkSync('mounted', join(folder, 'project'))
    const mounts = () => `1 0 8:1 / / rw - ext4 disk rw\n36 1 0:32 / ${folder}/mounted rw - fuse.sshfs host:/ rw\n`
    const sshfs = { type: 0x65735546, platform: 'linux', mounts }
    expect(() => refuseNetwork(join(folder, 'project', '.opsflow'), () => sshfs)).toThrow('is on sshfs')
  })
})

describe('a run id', () => {
  test('sorts by time, can stand as a folder, and does not repeat', () => {
    const ids = Array.from({ length: 500 }, (_, i) => newRunId(1_795_147_323_000 + i * 1000))
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids.map(() => newRunId(0))).size).toBe(500)
    expect(ids.every(isRunId)).toBe(true)
    expect(['../x', '', 'a/b', '.x'].some(isRunId)).toBe(false)
    expect(newRunId(Date.UTC(2026, 10, 20, 4, 2, 3), new Uint8Array(5))).toBe('20261120-040203-22222')
  })

  test('is found by any unique beginning of it or of its tail', () => {
    const store = newStore()
    for (const run of ['20261120-040203-7k3fb', '20261120-050203-7kq9c', '20261121-010101-bbbbb'])
      store.create(emptyPlan(), run)
    expect(store.resolve('20261120-040203-7k3fb')).toBe('20261120-040203-7k3fb')
    expect(store.resolve('7k3')).toBe('20261120-040203-7k3fb')
    expect(store.resolve('BBB')).toBe('20261121-010101-bbbbb')
    expect(store.resolve('20261121')).toBe('20261121-010101-bbbbb')
    expect(reasonOf(() => store.resolve('7k'))).toBe('ambiguous')
    expect(() => store.resolve('7k')).toThrow('`20261120-040203-7k3fb`, `20261120-050203-7kq9c`')
    expect(reasonOf(() => store.resolve('zzz'))).toBe('not-found')
    expect(reasonOf(() => store.resolve(''))).toBe('not-found')
  })
})

describe('the list of runs', () => {
  test('tells each run newest first, by its ledger while it goes on and by the index when it ended', async () => {
    const store = newStore()
    const first = await begun(store, 'a', 10)
    const second = await begun(store, 'b', 20)
    first.ledger.append([ended], 30)
    first.release()
    second.ledger.append([{ type: 'run-parked', for: ['approve'] }], 40)
    const line = ({ run, phase, outcome, liveness }: ReturnType<Store['list']>[number]): unknown => [
      run,
      phase,
      outcome,
      liveness,
    ]
    expect(store.list().map(line)).toEqual([
      ['b', 'parked', undefined, 'live'],
      ['a', 'ended', 'succeeded', 'free'],
    ])
    second.release()
    expect(store.list().map(line)[0]).toEqual(['b', 'parked', undefined, 'free'])
    const retried = await store.own('a', { pid: process.pid, by: ALICE })
    retried.ledger.append([{ type: 'run-reopened', by: ALICE, steps: [], gates: [] }], 50)
    expect(store.list().map(line)[1]).toEqual(['a', 'running', undefined, 'live'])
    retried.release()
    expect(store.list().map(line)[1]).toEqual(['a', 'running', undefined, 'interrupted'])
  })

  test('is made again from the folders when the index is gone or damaged', async () => {
    const store = newStore()
    const owned = await begun(store, 'a')
    owned.ledger.append([ended], 30)
    owned.release()
    const truth = store.list()
    for (const harm of [
      (path: string) => rmSync(path),
      (path: string) => writeFileSync(path, 'no database at all'.repeat(99)),
    ]) {
      store.close()
      harm(join(store.stateDir, 'index.db'))
      expect(store.list()).toEqual(truth)
    }
    store.close()
    rmSync(join(store.stateDir, 'runs', 'a'), { recursive: true })
    expect(store.list()).toEqual([])
  })

  test('is read from the ledgers alone where no index can be made', async () => {
    const store = newStore()
    const owned = await begun(store, 'a')
    owned.ledger.append([ended], 30)
    owned.release()
    const truth = store.list()
    store.close()
    for (const file of ['index.db', 'index.db-wal', 'index.db-shm']) rmSync(join(store.stateDir, file), { force: true })
    mkdirSync(join(store.stateDir, 'index.db'))
    expect(store.list()).toEqual(truth)
  })

  test('shows a folder that cannot be read as what it is', () => {
    const store = newStore()
    store.create(emptyPlan(), 'a')
    writeFileSync(store.folder('a').ledger, 'no database at all'.repeat(99))
    expect(store.list()).toMatchObject([{ run: 'a', phase: 'unreadable' }])
  })

  test('shares an index that no step touches, with what steps took in earlier runs', async () => {
    const store = newStore()
    const first = await begun(store, 'a')
    expect(first.durations.size).toBe(0)
    first.release(new Map([['build', 100]]))
    const second = await begun(store, 'b')
    expect([...second.durations]).toEqual([['build', 100]])
    second.release(new Map([['build', 200]]))
    const third = await begun(store, 'c')
    expect(third.durations.get('build')).toBe(150)
    const version = new DatabaseSync(join(store.stateDir, 'index.db'))
    const changes = (): unknown => version.prepare('PRAGMA data_version').get()
    const before = changes()
    for (let i = 0; i < 20; i++) third.ledger.append([noted('a step')], i)
    expect(changes()).toEqual(before)
    version.close()
  })
})

describe('a reader', () => {
  test('promise 1c: follows a live run: everything so far, then each commit, then the end of its owner', async () => {
    const store = newStore()
    const owned = await begun(store, 'a')
    const reader = store.reader('a')
    const stop = new AbortController()
    const looks = reader.follow({ signal: stop.signal, intervalMs: 5 })
    const next = async (): Promise<unknown> => {
      const look = await looks.next()
      return look.done ? undefined : [look.value.events.map(({ type }) => type), look.value.liveness]
    }
    expect(await next()).toEqual([['run-created'], 'live'])
    owned.ledger.append([noted('a'), noted('b')], 20)
    expect(await next()).toEqual([['noted', 'noted'], 'live'])
    owned.ledger.append([ended], 30)
    expect(await next()).toEqual([['run-ended'], 'live'])
    owned.release()
    expect(await next()).toEqual([[], 'free'])
    stop.abort()
    expect(await next()).toBe(undefined)
    reader.close()
  })

  test('exports plan, events and inbox of a run that somebody owns', async () => {
    const store = newStore(undefined, () => 77)
    await begun(store, 'a')
    const row = store.put('a', { by: BOB, kind: 'note', target: '', data: { text: 'hello' } })
    expect(store.export('a')).toEqual({
      format: 1,
      run: 'a',
      liveness: 'live',
      plan: emptyPlan(),
      events: [{ seq: 1, at: 10, ...created('a') }],
      inbox: [row],
      damaged: undefined,
    })
  })
})

describe('deleting a run', () => {
  test('takes its folder and its line, and is refused while somebody owns it', async () => {
    const store = newStore()
    const owned = await begun(store, 'a')
    await expect(store.remove('a')).rejects.toThrow('run `a` is owned by `alice`')
    owned.ledger.append([ended], 20)
    owned.release()
    await store.remove('a')
    expect(store.list()).toEqual([])
    expect(existsSync(join(store.stateDir, 'runs', 'a'))).toBe(false)
  })
})

describe('the version of a file', () => {
  const ONE: Schema = { version: 1, create: 'CREATE TABLE t(a)', migrations: [] }
  const THREE: Schema = {
    version: 3,
    create: 'CREATE TABLE t(a, b, c)',
    migrations: ['ALTER TABLE t ADD COLUMN b', 'ALTER TABLE t ADD COLUMN c'],
  }

  test('promise 3e: is migrated step by step, after a backup that the older opsflow can still read', () => {
    const path = join(temporaryFolder(), 'x.db')
    const old = openWritable(path, ONE, 'full')
    inTransaction(old, () => old.exec('INSERT INTO t VALUES(1)'))
    old.close()
    const db = openWritable(path, THREE, 'full')
    expect({ ...db.prepare('SELECT * FROM t').get() }).toEqual({ a: 1, b: null, c: null })
    db.close()
    const backup = openWritable(`${path}.v1.bak`, ONE, 'full')
    expect({ ...backup.prepare('SELECT * FROM t').get() }).toEqual({ a: 1 })
    backup.close()
    expect(reasonOf(() => openWritable(path, ONE, 'full'))).toBe('newer')
  })

  test('stays as it was where a migration fails', () => {
    const path = join(temporaryFolder(), 'x.db')
    openWritable(path, ONE, 'full').close()
    const broken = { ...THREE, migrations: ['ALTER TABLE t ADD COLUMN b', 'no such statement'] }
    expect(() => openWritable(path, broken, 'full')).toThrow()
    const db = openWritable(path, ONE, 'full')
    expect(
      db
        .prepare('SELECT * FROM t')
        .columns()
        .map(({ name }) => name),
    ).toEqual(['a'])
    db.close()
  })
})
