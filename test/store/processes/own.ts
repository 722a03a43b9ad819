/** Owns a run until it is killed or its stdin ends, and asks for the lock keys that it is given. */
import { once } from 'node:events'
import { openStore } from '../../../src/store/store.ts'

const [stateDir, run, ...keys] = process.argv.slice(2) as [string, string, ...string[]]
try {
  const owned = await openStore(stateDir).own(run, { pid: process.pid, by: { name: 'bob' }, patienceMs: 0 })
  const isLocked = keys.length > 0 && owned.locks.request('deploy#1', keys)
  process.stdout.write(isLocked ? 'locked\n' : 'owned\n')
  process.stdin.resume()
  await once(process.stdin, 'end')
  owned.release()
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`)
}
