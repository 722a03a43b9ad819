import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createHunter, type Hunter } from '../../src/supervisor/hunt.ts'
import { gone } from '../support/waiting.ts'

const RUN = `run-of-hunts-${process.pid}`

const hunt = (hunter: Hunter, step: string): Promise<readonly number[]> =>
  new Promise((resolve) => hunter.hunt(step, resolve))

/** A process of a session of its own that carries a step. */
async function stray(step: string): Promise<number> {
  const env = { ...process.env, OPSFLOW_RUN: RUN, OPSFLOW_STEP: step }
  const child = spawn('sh', ['-c', 'echo up; exec sleep 600'], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  return child.pid!
}

test.runIf(process.platform === 'linux')(
  'a hunt kills what carries its step and nothing else, and tells each who asked',
  async () => {
    const [one, other] = [await stray('one'), await stray('other')]
    const hunter = createHunter({ OPSFLOW_RUN: RUN })
    expect(await Promise.all([hunt(hunter, 'one'), hunt(hunter, 'one'), hunt(hunter, 'none')])).toEqual([
      [one],
      [one],
      [],
    ])
    await gone(one)
    expect(process.kill(other, 0)).toBe(true)
    expect(await hunt(hunter, 'other')).toEqual([other])
    await gone(other)
    expect(await hunt(hunter, 'other')).toEqual([])
  },
)

test.runIf(process.platform === 'linux')(
  'promise 13b: a hundred steps that end at once cost one look at all processes, not a hundred',
  async () => {
    const hunter = createHunter({ OPSFLOW_RUN: RUN })
    /** Of this process alone, so that a busy machine makes no difference. */
    const cost = async (steps: number): Promise<number> => {
      const before = process.cpuUsage()
      await Promise.all(Array.from({ length: steps }, (_, i) => hunt(hunter, `step${i}`)))
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await cost(1)
    const single = Math.max(await cost(1), await cost(1))
    expect(await cost(100)).toBeLessThan(20 * single)
  },
)
