import { here, medians, ratio, takeTurns } from '../measure.mjs'

/** What the start of a step costs in a runner that holds 200 MB against one that holds nothing. */
export async function spawnRow(bench) {
  const one = (mb) => async () => {
    const { stdout } = await bench.node(here('./spawn.mjs'), [String(mb), bench.state()])
    return Number(stdout)
  }
  const times = await takeTurns(bench.runs, { large: one(200), bare: one(0) })
  return [
    {
      what: "a step's spawn, 200 MB runner / bare runner",
      value: ratio(times, 'large', 'bare'),
      goal: 1.3,
      note: medians(times),
    },
  ]
}
