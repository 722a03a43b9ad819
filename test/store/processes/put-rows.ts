/** Puts rows into a run's inbox, as `opsflow note` would. */
import { openStore } from '../../../src/store/store.ts'

const [stateDir, run, who, count] = process.argv.slice(2) as [string, string, string, string]
const store = openStore(stateDir)
for (let i = 0; i < Number(count); i++) {
  store.put(run, { by: { name: who }, kind: 'note', target: '', data: { text: `${who} ${i}` } })
}
