/** Owns a run and commits without end; prints the number of each event after it is committed. */
import { openStore } from '../../../src/store/store.ts'

const [stateDir, run] = process.argv.slice(2) as [string, string]
const { ledger } = await openStore(stateDir).own(run, { pid: process.pid, by: { name: 'alice' } })
for (;;) {
  const text = 'x'.repeat(Math.floor(Math.random() * 3000))
  const events = ledger.append([{ type: 'noted', by: { name: 'alice' }, text }], Date.now())
  process.stdout.write(`${events.at(-1)!.seq}\n`)
}
