import { here, median } from '../measure.mjs'
import { asYaml, layered } from '../shapes.mjs'

/** From the text of 10,000 steps with 29,000 needs to a plan: what comes after reading it, over reading it. */
export async function compileRow(bench) {
  const file = bench.file('compile.yaml', asYaml('bench', layered(10_000)))
  const found = []
  for (let round = -1; round < bench.runs; round++) {
    const { stdout } = await bench.node(here('./compile.mjs'), [file])
    if (round >= 0) found.push(JSON.parse(stdout))
  }
  const ms = (name) => median(found.map((times) => times[name]))
  return [
    {
      what: 'compile 10,000 steps / read them',
      value: median(found.map((times) => times.compile / times.read)),
      goal: 0.3,
      note: `read ${ms('read').toFixed(0)} ms, validate ${ms('validate').toFixed(0)} ms, compile ${ms('compile').toFixed(0)} ms`,
    },
  ]
}
