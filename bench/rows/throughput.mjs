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

const SIZES = [1000, 2500, 5000, 10_000]

/**
 * What one step costs in a run of 10,000 against one in a run of 1,000, the start of a run taken off both, and the curve
 * between them: time and peak memory.
 */
export async function scaleRow(bench) {
  const one = prepare(bench, 'scale1', wide(1))
  const rssMb = Object.fromEntries(SIZES.map((count) => [count, 0]))
  const sized = SIZES.map((count) => {
    const { opsflow } = prepare(bench, `scale${count}`, wide(count))
    const measured = async () => {
      const result = await opsflow({ rss: true })
      rssMb[count] = Math.max(rssMb[count], result.rssMb)
      return result
    }
    return [count, measured]
  })
  const times = await takeTurns(Math.min(bench.runs, 5), { one: () => one.opsflow(), ...Object.fromEntries(sized) })
  const step = (count) => times[count].map((ms, round) => (ms - times.one[round]) / count)
  const [small, large] = [step(SIZES[0]), step(SIZES.at(-1))]
  return [
    {
      what: 'a step of 10,000 / a step of 1,000',
      value: median(large.map((ms, round) => ms / small[round])),
      goal: 1.15,
      note: `${median(large).toFixed(2)} ms and ${median(small).toFixed(2)} ms a step`,
    },
    { what: 'peak memory of the runner at 10,000 steps', value: rssMb[10_000], unit: 'MB', goal: 200 },
    ...SIZES.map((count) => ({
      what: `the curve: ${count.toLocaleString('en')} steps`,
      value: median(times[count]) / 1000,
      unit: 's',
      note: `peak memory ${Math.round(rssMb[count])} MB`,
    })),
  ]
}
