import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import type { Ledger } from '../../src/ports/store.ts'
import { runFolder } from '../../src/store/folders.ts'
import { createLedger, openLedger } from '../../src/store/ledger.ts'
import { openRunReader } from '../../src/store/reader.ts'
import { markOf } from '../../src/util/machine.ts'
import { ALICE, created, emptyPlan, noted, temporaryFolder } from '../support/store.ts'

type Folder = ReturnType<typeof runFolder>

function openIn(folder: Folder): Ledger {
  const ledger = openLedger(folder, { mark: markOf(process.pid), by: ALICE, atMs: 1 })
  onTestFinished(() => ledger.close())
  return ledger
}

function newLedger(): { folder: Folder; ledger: Ledger } {
  const folder = runFolder(temporaryFolder(), 'r1')
  createLedger(folder, emptyPlan())
  const ledger = openIn(folder)
  ledger.append([created('r1')], 1)
  return { folder, ledger }
}

function eventsOf(folder: Folder): readonly unknown[] {
  const reader = openRunReader(folder)
  try {
    return reader.events().events
  } finally {
    reader.close()
  }
}

const walBytes = (folder: Folder): number => statSync(`${folder.ledger}-wal`).size

test('commits find written space ahead of them: the file grows seldom, not with each', () => {
  const { folder, ledger } = newLedger()
  const sizes = new Set<number>()
  for (let i = 0; i < 200; i++) {
    ledger.append([noted(`n${i}`)], i + 2)
    sizes.add(walBytes(folder))
  }
  expect(sizes.size).toBeLessThan(60)
  expect(walBytes(folder)).toBeLessThan(2_500_000)
  expect(eventsOf(folder)).toHaveLength(201)
})

test('a short run writes none', () => {
  const { folder, ledger } = newLedger()
  for (let i = 0; i < 5; i++) ledger.append([noted(`n${i}`)], i + 2)
  expect(walBytes(folder)).toBeLessThan(60_000)
})

test('what a crash leaves is read whole and gone on with, and a clean end leaves no log', () => {
  const { folder, ledger } = newLedger()
  for (let i = 0; i < 70; i++) ledger.append([noted(`n${i}`)], i + 2)
  // As the disk is at this moment: the shared memory is gone, the log has zeros behind its last frame.
  const crashed = runFolder(temporaryFolder(), 'r1')
  createLedger(crashed, emptyPlan())
  rmSync(crashed.ledger)
  copyFileSync(folder.ledger, crashed.ledger)
  copyFileSync(`${folder.ledger}-wal`, `${crashed.ledger}-wal`)
  expect(eventsOf(crashed)).toHaveLength(71)
  const next = openIn(crashed)
  for (let i = 0; i < 30; i++) next.append([noted(`m${i}`)], 100 + i)
  expect(next.read()).toHaveLength(101)
  next.close()
  expect(existsSync(`${crashed.ledger}-wal`)).toBe(false)
})

test('a log that begins anew after a checkpoint is written over', () => {
  const { folder, ledger } = newLedger()
  for (let i = 0; i < 1500; i++) ledger.append([noted('x'.repeat(2000))], i + 2)
  const bytes = walBytes(folder)
  for (let i = 0; i < 300; i++) ledger.append([noted('x'.repeat(2000))], 2000 + i)
  expect(walBytes(folder)).toBeLessThanOrEqual(bytes + 300_000)
  expect(ledger.read()).toHaveLength(1801)
})

test('an owner that was replaced writes no space over what the next one committed', () => {
  const { folder, ledger } = newLedger()
  for (let i = 0; i < 6; i++) ledger.append([noted(`n${i}`)], i + 2)
  const next = openIn(folder)
  for (let i = 0; i < 5; i++) next.append([noted(`m${i}`)], 20 + i)
  const bytes = walBytes(folder)
  // Its eighth commit would be the first to ask for space.
  for (let i = 0; i < 9; i++) expect(() => ledger.append([noted('late')], 40)).toThrow('has a newer owner')
  expect(walBytes(folder)).toBe(bytes)
  expect(eventsOf(folder)).toHaveLength(12)
})
