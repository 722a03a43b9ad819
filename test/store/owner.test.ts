import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { StoreError } from '../../src/ports/store.ts'
import { supervisorLock } from '../../src/store/owner.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { isKernelLockHeld, takeKernelLock } from '../../src/util/kernel-lock.ts'
import { ALICE, created, emptyPlan, ended, startChild, temporaryFolder } from '../support/store.ts'

const OWN = join(import.meta.dirname, 'processes', 'own.ts')
const HOLD = join(import.meta.dirname, 'processes', 'hold-lock.ts')
const COMMIT_LOOP = join(import.meta.dirname, 'processes', 'commit-loop.ts')
const ME = { pid: process.pid, by: ALICE, patienceMs: 0 }

function storeWithRun(): Store {
  const store = openStore(temporaryFolder())
  onTestFinished(() => store.close())
  store.create(emptyPlan(), 'r1')
  return store
}

function liveness(store: Store): string {
  const reader = store.reader('r1')
  const seen = reader.liveness()
  reader.close()
  return seen
}

async function refusal(work: Promise<unknown>): Promise<StoreError> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof StoreError) return error
  throw error
}

describe('a kernel lock', () => {
  test('promise 15a: is held by one process, seen from others, and free after kill -9', async () => {
    const path = join(temporaryFolder(), 'some.lock')
    expect(isKernelLockHeld(path)).toBe(false)
    const holder = startChild(HOLD, path)
    expect(await holder.line()).toBe('held')
    expect(isKernelLockHeld(path)).toBe(true)
    expect(takeKernelLock(path)).toBe(undefined)
    await holder.kill()
    expect(isKernelLockHeld(path)).toBe(false)
  })

  test('promise 15c: reads held while its process is stopped', async () => {
    const path = join(temporaryFolder(), 'some.lock')
    const holder = startChild(HOLD, path)
    expect(await holder.line()).toBe('held')
    holder.process.kill('SIGSTOP')
    expect(isKernelLockHeld(path)).toBe(true)
    await holder.kill()
  })

  test('is not lost when its own process probes it', async () => {
    const path = join(temporaryFolder(), 'some.lock')
    const release = takeKernelLock(path)
    expect(isKernelLockHeld(path)).toBe(true)
    const other = startChild(HOLD, path)
    expect(await other.line()).toBe('busy')
    await other.kill()
    release?.()
    expect(isKernelLockHeld(path)).toBe(false)
  })
})

describe('the owner of a run', () => {
  test('promise 15e: is one: the second is refused by name, pid and since when', async () => {
    const store = storeWithRun()
    const first = startChild(OWN, store.stateDir, 'r1')
    expect(await first.line()).toBe('owned')
    expect(liveness(store)).toBe('live')
    const { reason, message } = await refusal(store.own('r1', ME))
    expect(reason).toBe('owned')
    expect(message).toMatch(/^run `r1` is owned by `bob`, pid \d+, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/)
    expect(message).toContain(`pid ${first.process.pid}`)
  })

  test('promise 15a: killed, leaves the run interrupted at once, and the next one goes on in a new epoch', async () => {
    const store = storeWithRun()
    const first = startChild(OWN, store.stateDir, 'r1')
    expect(await first.line()).toBe('owned')
    await first.kill()
    expect(liveness(store)).toBe('interrupted')
    const owned = await store.own('r1', ME)
    expect(owned.ledger.epoch).toBe(2)
    owned.ledger.append([created('r1'), ended], 1)
    expect(liveness(store)).toBe('live')
    owned.release()
    expect(liveness(store)).toBe('free')
  })

  test('promise 15b: dead with a living supervisor leaves the run ending, and the next owner waits for it', async () => {
    const store = storeWithRun()
    const supervisor = startChild(HOLD, supervisorLock(store.folder('r1')))
    expect(await supervisor.line()).toBe('held')
    expect(liveness(store)).toBe('ending')
    expect((await refusal(store.own('r1', ME))).reason).toBe('ending')
    const waiting = store.own('r1', { ...ME, patienceMs: 20_000 })
    await supervisor.kill()
    const owned = await waiting
    expect(owned.ledger.epoch).toBe(1)
    owned.release()
  })

  test('promise 15c: that is stopped is alive, and a take-over ends it first', async () => {
    const store = storeWithRun()
    const first = startChild(OWN, store.stateDir, 'r1')
    expect(await first.line()).toBe('owned')
    first.process.kill('SIGSTOP')
    expect((await refusal(store.own('r1', ME))).reason).toBe('owned')
    await store.takeOver('r1', (pid, signal) => process.kill(pid, signal))
    expect(await first.exit).toBe(null)
    const owned = await store.own('r1', ME)
    expect(owned.ledger.epoch).toBe(2)
    owned.release()
  })

  test('promise 1b: killed at any moment of its commits loses nothing that it told, and breaks nothing', async () => {
    const store = storeWithRun()
    let told = 0
    for (let round = 0; round < 6; round++) {
      const loop = startChild(COMMIT_LOOP, store.stateDir, 'r1')
      for (let i = 0; i < 3 + 13 * round; i++) told = Number(await loop.line())
      await loop.kill()
      expect(liveness(store)).toBe('interrupted')
      const reader = store.reader('r1')
      const { events, damaged } = reader.events()
      reader.close()
      expect(damaged).toBe(undefined)
      expect(events.length).toBeGreaterThanOrEqual(told)
    }
    const owned = await store.own('r1', ME)
    expect(owned.ledger.epoch).toBe(7)
    owned.release()
  })
})
