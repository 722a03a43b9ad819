import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { compile } from '../../src/plan/compile.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { projectOf } from '../support/project-of.ts'
import { BOB, type Child, startChild, temporaryFolder } from '../support/store.ts'

const RUN_STEPS = join(import.meta.dirname, 'processes', 'run-steps.ts')

function planOf(text: string): Plan {
  const compiled = compile(projectOf({ 'p.yaml': text }), 'p')
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ message }) => message).join('\n'))
  return compiled.value
}

function storeWith(plan: Plan): { store: Store; startsFile: string } {
  const folder = temporaryFolder()
  const store = openStore(join(folder, '.opsflow'))
  onTestFinished(() => store.close())
  store.create(plan, 'r1')
  return { store, startsFile: join(folder, 'starts.txt') }
}

/** The line that says how the run ended; undefined once `allowed` steps have started before that. */
async function endOf(child: Child, allowed = Number.POSITIVE_INFINITY): Promise<string | undefined> {
  let started = 0
  for (;;) {
    const line = await child.line()
    if (line?.startsWith('start ') !== true) return line
    if (++started >= allowed) return undefined
  }
}

const starts = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []

function eventsOf(store: Store): ReturnType<ReturnType<Store['reader']>['events']>['events'] {
  const reader = store.reader('r1')
  try {
    const { events, damaged } = reader.events()
    expect(damaged).toBe(undefined)
    return events
  } finally {
    reader.close()
  }
}

describe('a run that is killed', () => {
  test('promises 16a, 16b: at any moment, again and again, is finished by resume, and no step runs again whose end was recorded', async () => {
    const steps = Array.from({ length: 24 }, (_, i) => `  s${i}: { run: "true"${i % 3 ? `, needs: [s${i - 1}]` : ''} }`)
    const { store, startsFile } = storeWith(planOf(`pipeline: p\nmax_parallel: 3\nsteps:\n${steps.join('\n')}\n`))
    let end: string | undefined
    for (let round = 0; end === undefined; round++) {
      const child = startChild(RUN_STEPS, store.stateDir, startsFile, round === 0 ? 'new' : 'resume')
      // Killed after some more steps have started, wherever it is by then; from round 20 on it may finish.
      const allowed = round < 20 ? 1 + (round % 4) : Number.POSITIVE_INFINITY
      end = await endOf(child, allowed)
      if (end === undefined) await child.kill()
      await child.exit
    }
    expect(end).toBe('ended succeeded')
    const events = eventsOf(store)
    expect(events.filter(({ type }) => type === 'run-created')).toHaveLength(1)
    expect(events.filter(({ type }) => type === 'run-opened').length).toBeGreaterThan(3)
    const over = new Set<string>()
    const recorded = new Set<string>()
    for (const event of events) {
      if (event.type === 'attempt-started') {
        expect(over).not.toContain(event.path)
        recorded.add(`${event.path}#${event.attempt}`)
      }
      if (event.type === 'step-ended') over.add(event.path)
    }
    expect(over.size).toBe(24)
    // Nothing started that was not recorded before, and no attempt started twice.
    const all = starts(startsFile)
    expect(all.filter((token) => !recorded.has(token))).toEqual([])
    expect(new Set(all).size).toBe(all.length)
  })

  test('promise 16d: while it waits for a person waits for the same person when it is resumed, and takes what was said meanwhile', async () => {
    const { store, startsFile } = storeWith(
      planOf(`pipeline: p\nsteps:\n  go: { approval: { prompt: "Go?" } }\n  act: { needs: [go], run: "true" }\n`),
    )
    const first = startChild(RUN_STEPS, store.stateDir, startsFile, 'new')
    expect(await endOf(first)).toBe('parked ')
    await first.exit
    expect(store.list()).toMatchObject([{ phase: 'parked', liveness: 'free' }])
    store.put('r1', { by: BOB, kind: 'approve', target: 'go', data: {} })
    const second = startChild(RUN_STEPS, store.stateDir, startsFile, 'resume')
    expect(await endOf(second)).toBe('ended succeeded')
    await second.exit
    expect(eventsOf(store).filter(({ type }) => type === 'wait-decided')).toMatchObject([
      { path: 'go', decision: { verdict: 'approved', by: BOB } },
    ])
    expect(starts(startsFile)).toEqual(['act#1'])
  })
})

describe('a run of the embedded engine', () => {
  test('keeps an event payload of at most 1 KB a step', async () => {
    const steps = Array.from({ length: 50 }, (_, i) => `  s${i}: { run: "true" }`)
    const { store, startsFile } = storeWith(planOf(`pipeline: p\nsteps:\n${steps.join('\n')}\n`))
    const child = startChild(RUN_STEPS, store.stateDir, startsFile, 'new')
    expect(await endOf(child)).toBe('ended succeeded')
    await child.exit
    const bytes = eventsOf(store).reduce((sum, event) => sum + JSON.stringify(event).length, 0)
    expect(bytes / 50).toBeLessThanOrEqual(1024)
    expect(statSync(store.folder('r1').ledger).size).toBeGreaterThan(bytes)
  })
})
