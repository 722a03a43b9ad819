import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { StoreError } from '../../src/ports/store.ts'
import { asStoreError } from '../../src/store/database.ts'
import { openStore } from '../../src/store/store.ts'
import { refuseUnsafeFolder } from '../../src/store/trust.ts'
import { ALICE, BOB, created, emptyPlan, temporaryFolder } from '../support/store.ts'

const APPROVE = { by: BOB, kind: 'approve', target: 'approve', data: {} } as const

/** The modes of the databases of a run in a folder of this mode, and of what SQLite has beside them. */
async function modesIn(folderMode: number) {
  const umask = process.umask(0)
  onTestFinished(() => void process.umask(umask))
  const store = openStore(temporaryFolder())
  chmodSync(store.stateDir, folderMode)
  process.umask(0o777 & ~folderMode)
  store.create(emptyPlan(), 'r1')
  const owned = await store.own('r1', { pid: process.pid, by: ALICE })
  onTestFinished(() => {
    owned.release()
    store.close()
  })
  owned.ledger.append([created('r1')], 1)
  store.put('r1', APPROVE)
  expect(owned.ledger.inbox(0)).toHaveLength(1)
  const { inbox, ledger } = store.folder('r1')
  const files = [join(store.stateDir, 'index.db'), ledger, inbox]
  return [...files, ...[`${ledger}-wal`, `${ledger}-shm`, `${inbox}-wal`, `${inbox}-shm`]].map((file) =>
    (statSync(file).mode & 0o777).toString(8),
  )
}

test('in a folder that a group may write in, the group may write the databases and what stands beside them', async () => {
  expect(new Set(await modesIn(0o775))).toEqual(new Set(['664']))
})

test('nobody gets more than the folder gives', async () => {
  expect(new Set(await modesIn(0o755))).toEqual(new Set(['644']))
  expect((await modesIn(0o770)).filter((mode) => mode !== '660')).toEqual([])
})

function refused(path: string): StoreError {
  const error = asStoreError(Object.assign(new Error('readonly'), { code: 'ERR_SQLITE_ERROR', errcode: 8 }), path)
  if (!(error instanceof StoreError)) throw error
  return error
}

test('a file that cannot be written is named with its owner and what to do', () => {
  // Root owns every folder that the others cannot write in, and only root can give a file away.
  let path = '/nowhere.db'
  let owner = '`root`'
  if (process.getuid?.() === 0) {
    path = join(temporaryFolder(), 'inbox.db')
    writeFileSync(path, '')
    chownSync(path, 54321, 54321)
    owner = 'user 54321'
  }
  const { hint, message, reason } = refused(path)
  expect(reason).toBe('denied')
  expect(message).toMatch(/^`\/.*\.db` cannot be opened to write: its? /)
  expect(message).toMatch(new RegExp(`belongs to ${owner}$`))
  expect(hint).toBe(
    `ask ${owner} to do it, or to share the folder with your group: \`chmod -R g+rwX ${dirname(path)}\``,
  )
})

test('a file of the user that cannot be written is told so', () => {
  const path = join(temporaryFolder(), 'inbox.db')
  expect(refused(path)).toMatchObject({
    message: `\`${path}\` cannot be opened to write: it is yours, and either read-only or on a read-only file system`,
    hint: expect.stringContaining('OPSFLOW_STATE'),
  })
})

/** What to do about a folder that every user can write in. */
function remedyFor(path: string): string | undefined {
  try {
    refuseUnsafeFolder(path)
  } catch (error) {
    if (error instanceof StoreError) return error.hint
    throw error
  }
  return undefined
}

test('a folder of the user that everybody can write in is closed by a command that fits its name', () => {
  const path = join(temporaryFolder(), "it's mine")
  mkdirSync(path)
  chmodSync(path, 0o777)
  const hint = remedyFor(path)
  expect(hint).toContain('where that changes nothing, set `OPSFLOW_STATE`')
  const [, command] = /`(chmod [^`]+)`/.exec(hint ?? '') ?? []
  execFileSync('sh', ['-c', command ?? 'false'])
  expect(remedyFor(path)).toBeUndefined()
})

test("a folder that many share, or that is another user's, is not to be closed: the state moves", () => {
  const own = 'set `OPSFLOW_STATE` to a folder of your own, in it or elsewhere'
  const shared = temporaryFolder()
  chmodSync(shared, 0o1777)
  expect(remedyFor(shared)).toBe(own)
  // Only root can give a folder away; for the others there is that of root.
  let path = '/tmp'
  if (process.getuid?.() === 0) {
    path = temporaryFolder()
    chmodSync(path, 0o777)
    chownSync(path, 54321, 54321)
  }
  expect(remedyFor(path)).toBe(own)
})
