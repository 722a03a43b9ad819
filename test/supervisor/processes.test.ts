import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { groupMembers, signalGroup } from '../../src/supervisor/processes.ts'

/*
 * A look at all processes takes a while: what is started in it, by one that ends in it, is in no look. The system under
 * these looks is the real one, and a look misses what the test says that it misses.
 */
const proc = vi.hoisted(() => ({ looks: 0, misses: [] as (readonly number[])[] }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const readdirSync = (path: string, ...more: []): readonly string[] => {
    const found = real.readdirSync(path, ...more)
    if (path !== '/proc') return found
    const missed = proc.misses[proc.looks++] ?? []
    return found.filter((name) => !missed.includes(Number(name)))
  }
  return { ...real, readdirSync }
})

const groups: number[] = []
const WAIT = { timeout: 20_000 }

/** A process with a group of its own, when so many have said their pids. */
async function started(
  script: string,
  saying = 1,
): Promise<{ readonly child: ChildProcess; readonly pids: readonly number[] }> {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  groups.push(child.pid!)
  const pids: number[] = []
  for await (const line of createInterface({ input: child.stdout! })) if (pids.push(Number(line)) === saying) break
  return { child, pids }
}

/** As in a new turn, with looks that miss these. */
async function misses(...missed: readonly (readonly number[])[]): Promise<void> {
  await turn()
  Object.assign(proc, { looks: 0, misses: missed })
}

afterEach(() => {
  for (const group of groups.splice(0)) signalGroup(group, 'SIGKILL')
})

describe.runIf(process.platform === 'linux')('promise 13a: what is left of a group', () => {
  test('is found by one look where it is there', async () => {
    const { child } = await started('echo $$; exec sleep 60')
    await misses()
    expect(groupMembers(child.pid!)).toEqual([child.pid])
    expect(proc.looks).toBe(1)
  })

  test('is looked for again where a look missed it', async () => {
    const { child } = await started('echo $$; exec sleep 60')
    await misses([child.pid!])
    expect(groupMembers(child.pid!)).toEqual([child.pid])
    await misses([child.pid!], [child.pid!])
    expect(groupMembers(child.pid!)).toEqual([child.pid])
  })

  test('is somebody as long as the kernel knows the group, though no look meets anybody', async () => {
    const { child } = await started('echo $$; exec sleep 60')
    const all = [child.pid!]
    await misses(all, all, all, all, all, all)
    expect(groupMembers(child.pid!)).toEqual([child.pid])
    expect(proc.looks).toBe(4)
  })

  test('is nobody where the group is gone, without any look', async () => {
    const { child } = await started('echo $$')
    if (child.exitCode === null) await once(child, 'exit')
    await misses()
    expect(groupMembers(child.pid!)).toEqual([])
    expect(proc.looks).toBe(0)
  })

  test('is nobody where two looks find only what nobody has read, and both serve all who ask in a turn', async () => {
    const { pids } = await started("setsid sh -c 'echo $$' & setsid sh -c 'echo $$' & exec sleep 60", 2)
    await vi.waitFor(async () => {
      await misses()
      expect([pids.map((pid) => groupMembers(pid)), proc.looks]).toEqual([[[], []], 2])
    }, WAIT)
  })
})
