import { examine, explain, sweep } from './examine.ts'
import { FAULTS } from './faults/all.ts'
import { generate } from './generate.ts'

/*
 * For a person at a terminal: `node test/sim/play.ts 1234` shows one seed whole; `node test/sim/play.ts 1 5000` sweeps;
 * a third argument names a planted bug, `calm` leaves trouble out.
 */

const [first, count, ...words] = process.argv.slice(2)
const fault = FAULTS.find((candidate) => words.includes(candidate.name))
const calm = words.includes('calm')
const seed = Number(first ?? 1)

if (count === undefined) {
  const scenario = generate(seed, { calm })
  const { trace, violations } = await examine(scenario, fault, seed % 3)
  console.log(explain({ seed, violations, smallest: scenario, trace }))
} else {
  const started = performance.now()
  const wishes = { ...fault?.wishes, ...(calm ? { calm } : {}) }
  const result = await sweep({ from: seed, seeds: Number(count), wishes, ...(fault ? { fault } : {}) })
  if (result.finding) console.log(explain(result.finding))
  console.log(`${result.seeds} seeds, ${result.events} events, ${Math.round(performance.now() - started)} ms`)
  console.log([...result.hits].map(([name, hits]) => `${name}: ${hits}`).join(', '))
}
