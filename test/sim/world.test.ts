import { describe, expect, it } from 'vitest'
import { createAgenda } from './agenda.ts'
import { generate } from './generate.ts'
import { FEATURES, type Features } from './generate-step.ts'
import { createLedger, OwnerLost } from './ledger.ts'
import { createLocks } from './locks.ts'
import { judgeTrace } from './oracle/oracle.ts'
import { random } from './random.ts'
import { tinyDrive } from './tiny.ts'
import { simulate } from './world.ts'

const PLAIN = { ...Object.fromEntries(FEATURES.map((name) => [name, false])), failures: true } as unknown as Features

/** Plans that the tiny scheduler understands, with nothing but crashes around them. */
function plainScenario(seed: number) {
  const scenario = generate(seed, { features: PLAIN, calm: true })
  const crashes = generate(seed).trouble.crashes
  return { ...scenario, trouble: { ...scenario.trouble, detached: false, crashes } }
}

async function firstViolation(mistake: Parameters<typeof tinyDrive>[0], seeds: number): Promise<string | undefined> {
  for (let seed = 0; seed < seeds; seed++) {
    const scenario = plainScenario(seed)
    const roomy = { ...scenario.pipelines.main!, maxParallel: 99 }
    const trace = await simulate({ ...scenario, pipelines: { main: roomy } }, { drive: tinyDrive(mistake) })
    const violations = judgeTrace(trace)
    if (violations.length > 0) return violations.map(({ invariant, message }) => `${invariant}: ${message}`).join('\n')
  }
  return undefined
}

describe('the simulated world', () => {
  it('gives the same numbers for the same seed, and forks that do not disturb each other', () => {
    const one = random(7)
    const two = random(7)
    one.fork('a').next()
    expect([one.next(), one.int(0, 9), one.fork('b').next()]).toEqual([two.next(), two.int(0, 9), two.fork('b').next()])
  })

  it('moves what is due by the wall clock when the clock jumps, and nothing else', () => {
    const agenda = createAgenda(1_000_000, 0)
    const seen: string[] = []
    agenda.at('wall', 1_000_000 + 60_000, () => seen.push(`wall ${agenda.monotonicMs()}`))
    agenda.at('monotonic', 5000, () => seen.push(`monotonic ${agenda.monotonicMs()}`))
    agenda.at('monotonic', 1000, () => agenda.jump(3_600_000))
    while (agenda.step()) seen.push(`at ${agenda.monotonicMs()}`)
    expect(seen).toEqual(['at 1000', 'wall 1000', 'at 1000', 'monotonic 5000', 'at 5000'])
  })

  it('refuses the commit of an owner that was replaced', () => {
    const ledger = createLedger()
    const first = ledger.takeOver()
    ledger.append(first, [{ type: 'noted', by: { name: 'ann' }, text: 'one' }], 1, 1)
    const second = ledger.takeOver()
    expect(() => ledger.append(first, [{ type: 'noted', by: { name: 'ann' }, text: 'two' }], 2, 2)).toThrow(OwnerLost)
    ledger.append(second, [{ type: 'noted', by: { name: 'ben' }, text: 'three' }], 3, 3)
    expect(ledger.events().map((event) => event.seq)).toEqual([1, 2])
  })

  it('grants all keys of a lock at once, and a dead owner holds nothing', () => {
    const locks = createLocks()
    const granted: string[] = []
    locks.request('run0/1/a', ['x', 'y'], () => granted.push('a'))
    locks.request('run1/1/b', ['y', 'z'], () => granted.push('b'))
    locks.request('run1/1/c', ['z'], () => granted.push('c'))
    expect(granted).toEqual(['a'])
    locks.releaseAll('run0/1/')
    expect(granted).toEqual(['a', 'b'])
    locks.release('run1/1/b')
    expect(granted).toEqual(['a', 'b', 'c'])
  })

  it('promise 4b: plays the same scenario to the same record', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const scenario = plainScenario(seed)
      const [one, two] = [
        await simulate(scenario, { drive: tinyDrive() }),
        await simulate(scenario, { drive: tinyDrive() }),
      ]
      expect(JSON.stringify(one.commits)).toBe(JSON.stringify(two.commits))
    }
  })

  it('finds nothing in a small scheduler that keeps the promises, through crashes', { timeout: 120_000 }, async () => {
    expect(await firstViolation(undefined, 300)).toBeUndefined()
  })

  it('sees a scheduler that starts a step too early', { timeout: 120_000 }, async () => {
    expect(await firstViolation('impatient', 300)).toContain('a step starts only when')
  })

  it('sees a scheduler that overlooks what could start', { timeout: 120_000 }, async () => {
    expect(await firstViolation('sleepy', 300)).toContain('nothing is left lying')
  })

  it('sees a scheduler that forgets after a crash what was running', { timeout: 120_000 }, async () => {
    expect(await firstViolation('forgetful', 300)).toContain('waits for ever')
  })
})
