import { readdirSync } from 'node:fs'
import { here, medians, ratio, takeTurns } from '../measure.mjs'

const RUNS = 2000

/** Looking at one of many runs, and choosing all that may go and adding up their files, against `ls -l` of the folder in which they lie. */
export async function storeRow(bench) {
  const state = bench.folder('many-runs')
  await bench.node(here('./runs.mjs'), [state, String(RUNS)])
  const [run] = readdirSync(`${state}/runs`)
  const times = await takeTurns(bench.runs, {
    'ls -l': () => bench.run('ls', ['-l', `${state}/runs`]),
    runs: () => bench.opsflow(['runs', '--limit', String(RUNS)], { state }),
    show: () => bench.opsflow(['show', run], { state }),
    prune: () => bench.opsflow(['prune', '--older-than', '0s'], { state }),
  })
  const note = medians(times)
  return ['runs', 'show', 'prune'].map((name) => ({
    what: `\`${name}\` in a store of ${RUNS.toLocaleString('en')} runs / \`ls -l\` of them`,
    value: ratio(times, name, 'ls -l'),
    goal: 10,
    note: name === 'runs' ? note : '',
  }))
}
