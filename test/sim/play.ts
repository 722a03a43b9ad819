import { examine, explain, sweep } from './examine.ts'
import { FAULTS } from './faults/all.ts'
import { generate } from './generate.ts'

/*
 * For a person at a terminal: `node test/sim/play.ts 1234` shows one seed whole; `node test/sim/play.ts 1 5000` sweeps;
 * a word names a planted bug, `calm` leaves trouble out, `reopened` and `replanned` ask for those.
 */

const words = process.argv.slice(2)
const [first, count] = words.filter((word) => /^\d+$/.test(word))
const fault = FAULTS.find((candidate) => words.includes(candidate.name))
const has = (word: string) => (words.includes(word) ? { [word]: true } : {})
const wishes = { ...fault?.wishes, ...has('calm'), ...has('reopened'), ...has('replanned') }
const seed = Number(first ?? 1)

if (count === undefined) {
  const scenario = generate(seed, wishes)
  const { trace, violations } = await examine(scenario, { fault, tieSeed: seed % 3 })
  console.log(explain({ seed, violations, smallest: scenario, trace }))
} else {
  const started = performance.now()
  const result = await sweep({ from: seed, seeds: Number(count), wishes, ...(fault && { fault }) })
  if (result.finding) console.log(explain(result.finding))
  console.log(`${result.seeds} seeds, ${result.events} events, ${Math.round(performance.now() - started)} ms`)
}
