import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../measure.mjs'
import { adversarial, asYaml } from '../shapes.mjs'
import { firstCome, lowerBound, simulate } from '../simulate.mjs'

const SLOTS = 8

/**
 * How long a run takes over the least that any order could take: really, with steps that sleep, and for graphs of real
 * workflows by the scheduler alone in simulated time.
 */
export async function makespanRows(bench) {
  const rows = await adversarialRows(bench)
  for (const history of [true, false]) {
    const what = `real graphs / first come, ${history ? 'with' : 'without'} history`
    if (bench.dags === undefined) rows.push({ what, goal: 1.01, note: 'give a folder of WfCommons files by --dags' })
    else rows.push({ what, goal: 1.01, ...(await worstGraph(bench.dags, history)) })
  }
  return rows
}

/** The graph on which the scheduler is worst, over first come; a goal that it meets is met by all of them. */
async function worstGraph(folder, history) {
  const ratios = []
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const steps = readWorkflow(join(folder, file))
    const seconds = await simulate(steps, SLOTS, history)
    const ratio = seconds / firstCome(steps, SLOTS)
    ratios.push({
      ratio,
      told: `${file.split('-')[0]} ${ratio.toFixed(3)} (${(seconds / lowerBound(steps, SLOTS)).toFixed(2)} of the bound)`,
    })
  }
  if (ratios.length === 0) return { note: `there is no WfCommons file in ${folder}` }
  return { value: Math.max(...ratios.map(({ ratio }) => ratio)), note: ratios.map(({ told }) => told).join(', ') }
}

async function adversarialRows(bench) {
  const steps = adversarial()
  const bound = lowerBound(steps, SLOTS)
  const cwd = bench.folder('makespan')
  bench.file('makespan/adversarial.yaml', asYaml('adversarial', steps))
  const [without, known, walls] = [[], [], []]
  for (let round = 0; round < Math.min(bench.runs, 5); round++) {
    const state = bench.state()
    for (const spans of [without, known]) {
      const { ms } = await bench.opsflow(['run', 'adversarial.yaml'], { cwd, state })
      const { stdout } = await bench.opsflow(['runs', '--json', '--limit', '1'], { cwd, state })
      const [{ createdAt, endedAt }] = [JSON.parse(stdout)].flat(2).flatMap((found) => found.runs ?? found)
      spans.push((endedAt - createdAt) / 1000)
      walls.push(ms / 1000)
    }
  }
  const note = `bound ${bound.toFixed(2)} s, first come ${(firstCome(steps, SLOTS) / bound).toFixed(2)} of it; whole command ${median(walls).toFixed(2)} s`
  return [
    { what: '50 adversarial steps / bound, with history', value: median(known) / bound, goal: 1.1, note },
    { what: '50 adversarial steps / bound, without history', value: median(without) / bound, goal: 1.15 },
  ]
}

/** A workflow instance of WfCommons as steps: ids, needs and seconds. */
function readWorkflow(file) {
  const { workflow } = JSON.parse(readFileSync(file, 'utf8'))
  const { specification, execution } = workflow
  if (!existsSync(file) || specification === undefined) throw new Error(`${file} is no WfCommons instance`)
  const seconds = new Map(execution.tasks.map((task) => [task.id, task.runtimeInSeconds]))
  const ids = new Map(specification.tasks.map((task, i) => [task.id, `t${i}`]))
  return specification.tasks.map((task) => ({
    id: ids.get(task.id),
    needs: (task.parents ?? []).map((parent) => ids.get(parent)),
    run: 'true',
    seconds: seconds.get(task.id) ?? 0,
  }))
}
