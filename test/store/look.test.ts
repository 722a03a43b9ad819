import { expect, onTestFinished, test, vi } from 'vitest'
import { listRuns } from '../../src/store/index-db.ts'
import { openStore } from '../../src/store/store.ts'
import { ALICE, created, emptyPlan, ended, temporaryFolder } from '../support/store.ts'

/** What happens right before somebody looks whether a lock is held, once. */
let meanwhile: (() => void) | undefined

vi.mock('../../src/util/kernel-lock.ts', async (original) => {
  const real = await original<typeof import('../../src/util/kernel-lock.ts')>()
  return {
    ...real,
    isKernelLockHeld(path: string) {
      const happens = meanwhile
      meanwhile = undefined
      happens?.()
      return real.isKernelLockHeld(path)
    },
  }
})

/** A run that ends while it is looked at: after the look began, and before its owner is looked for. */
async function endingRun() {
  const store = openStore(temporaryFolder())
  onTestFinished(() => store.close())
  store.create(emptyPlan(), 'r1')
  const owned = await store.own('r1', { pid: process.pid, by: ALICE, patienceMs: 0 })
  owned.ledger.append([created('r1')], 1)
  const reader = store.reader('r1')
  onTestFinished(() => reader.close())
  meanwhile = () => {
    owned.ledger.append([ended], 2)
    owned.release()
  }
  return { store, reader }
}

test('promise 15a: a run that ends while it is looked at was not interrupted', async () => {
  const { reader } = await endingRun()
  expect(reader.liveness()).toBe('free')
})

test('promise 15a: who reads the whole of a run sees its end with it', async () => {
  const { reader } = await endingRun()
  const { liveness, events } = reader.whole()
  expect([liveness, events.at(-1)?.type]).toEqual(['free', 'run-ended'])
})

test('promise 15a: who follows it too', async () => {
  const { reader } = await endingRun()
  const { value } = await reader.follow().next()
  expect([value.liveness, value.events.at(-1)?.type]).toEqual(['free', 'run-ended'])
})

test('promise 15a: and so does the list of runs', async () => {
  const { store } = await endingRun()
  expect(listRuns(undefined, store.stateDir)).toMatchObject([{ phase: 'ended', liveness: 'free' }])
})
