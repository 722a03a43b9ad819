import { here, median, medians, ratio, takeTurns } from '../measure.mjs'
import { asJson, asYaml, chain, wide } from '../shapes.mjs'

const FLOOR = here('./floor.mjs')

function prepare(bench, name, steps) {
  const cwd = bench.folder(name)
  bench.file(`${name}/${name}.yaml`, asYaml(name, steps))
  const plan = bench.file(`${name}/plan.json`, asJson(steps))
  return {
    opsflow: (more) => bench.opsflow(['run', `${name}.yaml`], { cwd, ...more }),
    floor: () => bench.node(FLOOR, [plan, '8'], { cwd }),
  }
}

/** Independent steps that do nothing, with the durable record and all logs, against the smallest Node runner. */
export async function wideRow(bench) {
  const { opsflow, floor } = prepare(bench, 'wide', wide(1000))
  const times = await takeTurns(bench.runs, { opsflow, floor })
  return [
    {
      what: '1,000 no-op steps, 8 slots / smallest Node runner',
      value: ratio(times, 'opsflow', 'floor'),
      goal: 1.3,
      note: medians(times),
    },
  ]
}

/** Each step after the one before it: every one waits for a commit of its own. */
export async function chainRow(bench) {
  const { opsflow, floor } = prepare(bench, 'chain', chain(200))
  const times = await takeTurns(bench.runs, { opsflow, floor })
  return [
    {
      what: 'chain of 200 / smallest Node runner',
      value: ratio(times, 'opsflow', 'floor'),
      goal: 1.5,
      note: medians(times),
    },
  ]
}

/** What one step costs in a run of 10,000 against one in a run of 1,000; the start of a run is taken off both. */
export async function scaleRow(bench) {
  const [one, thousand, many] = [1, 1000, 10_000].map((count) => prepare(bench, `scale${count}`, wide(count)))
  let rssMb = 0
  const times = await takeTurns(Math.min(bench.runs, 5), {
    one: () => one.opsflow(),
    thousand: () => thousand.opsflow(),
    many: async () => {
      const result = await many.opsflow({ rss: true })
      rssMb = Math.max(rssMb, result.rssMb)
      return result
    },
  })
  const step = (of, count) => times[of].map((ms, round) => (ms - times.one[round]) / count)
  const [large, small] = [step('many', 10_000), step('thousand', 1000)]
  const value = median(large.map((ms, round) => ms / small[round]))
  const note = `${median(large).toFixed(2)} ms and ${median(small).toFixed(2)} ms a step`
  return [
    { what: 'a step of 10,000 / a step of 1,000', value, goal: 1.15, note },
    { what: 'peak memory of the runner at 10,000 steps', value: rssMb, unit: 'MB', goal: 200 },
  ]
}
