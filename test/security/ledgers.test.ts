import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { eventFault } from '../../src/events/shape.ts'
import { drive } from '../../src/run/drive.ts'
import { generate } from '../sim/generate.ts'
import { simulate } from '../sim/world.ts'
import { type Alteration, confused, forgeable, forgery, LOOKS } from './forging.ts'

vi.setConfig({ testTimeout: 300_000 })

const CORPUS = join(import.meta.dirname, '..', 'corpus', 'ledgers')

describe('a ledger that somebody forged, checksums and all', () => {
  test('is read as far as it is one, and never taken for a fault of opsflow', async () => {
    const { it, run, forge } = await forgeable()
    for (const one of fc.sample(forgery, { numRuns: 8, seed: 1 })) {
      forge(one)
      expect({ one, confused: await confused(it, run, LOOKS) }).toEqual({ one, confused: [] })
    }
  })

  test('whose plan is none is told as damaged by every command', async () => {
    const { it, run, forge } = await forgeable()
    forge({ event: 0, walk: [2], to: {}, drop: false, inPlan: true })
    expect(await confused(it, run, LOOKS)).toEqual([])
    expect((await it.opsflow('show', run)).stderr).toContain(`the plan of run \`${run}\` is damaged`)
  })

  test('of the corpus is met as it was found, each of them', async () => {
    const { it, run, alter } = await forgeable()
    for (const file of readdirSync(CORPUS)) {
      alter(JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as Alteration)
      expect({ file, confused: await confused(it, run, LOOKS) }).toEqual({ file, confused: [] })
      expect((await it.opsflow('show', run)).stderr).toMatch(/checksum fits|unreadable|never began/)
    }
  })

  test('that is no database at all, cut off, or of another program is told as damaged, and the list goes on', async () => {
    const { it, run } = await forgeable()
    const ledger = join(it.stateDir, 'runs', run, 'ledger.db')
    const whole = readFileSync(ledger)
    for (const name of ['-wal', '-shm']) rmSync(`${ledger}${name}`, { force: true })
    const foreign = Buffer.from(whole)
    foreign.fill(0xff, 100, 400)
    for (const bytes of [Buffer.from('x'), Buffer.alloc(5000, 'opsflow '), whole.subarray(0, 3000), foreign]) {
      writeFileSync(ledger, bytes)
      expect(await confused(it, run, LOOKS)).toEqual([])
      expect((await it.opsflow('show', run)).exit).not.toBe(0)
      expect((await it.opsflow('runs')).exit).toBe(0)
    }
  })
})

test('every event of the simulated world has the shape of one', async () => {
  let events = 0
  for (let seed = 1; seed <= 120; seed++) {
    const trace = await simulate(generate(seed), { drive })
    for (const run of trace.runs)
      for (const event of run.ledger.events()) {
        events++
        expect({ seed, event, fault: eventFault(event, event.at) }).toEqual({ seed, event, fault: undefined })
      }
  }
  expect(events).toBeGreaterThan(1500)
})
