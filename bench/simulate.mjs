// Makespans in simulated time: of opsflow's own scheduler over a port whose clock jumps, and of a runner that takes what
// comes first. Exact: no noise, no sleeping.
import { readDocument } from '../src/document/read.ts'
import { validate } from '../src/model/validate.ts'
import { compile } from '../src/plan/compile.ts'
import { drive } from '../src/run/drive.ts'
import { asYaml } from './shapes.mjs'

/** No order can be faster: the longest chain, or all the work over all slots. */
export function lowerBound(steps, slots) {
  const ends = new Map()
  const index = new Map(steps.map((step) => [step.id, step]))
  const endOf = (id) => {
    if (!ends.has(id)) {
      const { needs, seconds } = index.get(id)
      ends.set(id, seconds + needs.reduce((latest, need) => Math.max(latest, endOf(need)), 0))
    }
    return ends.get(id)
  }
  const path = steps.reduce((longest, { id }) => Math.max(longest, endOf(id)), 0)
  return Math.max(path, steps.reduce((sum, { seconds }) => sum + seconds, 0) / slots)
}

/** Seconds of a runner that starts what is ready in the order in which it became so. */
export function firstCome(steps, slots) {
  const open = new Map(steps.map(({ id, needs }) => [id, needs.length]))
  const ready = steps.filter(({ needs }) => needs.length === 0)
  const running = []
  let now = 0
  while (ready.length > 0 || running.length > 0) {
    while (ready.length > 0 && running.length < slots) {
      const step = ready.shift()
      running.push({ step, end: now + step.seconds })
    }
    running.sort((a, b) => a.end - b.end)
    const { step: done, end } = running.shift()
    now = end
    for (const step of steps) {
      if (!step.needs.includes(done.id)) continue
      open.set(step.id, open.get(step.id) - 1)
      if (open.get(step.id) === 0) ready.push(step)
    }
  }
  return now
}

/** A project of one pipeline, as compile takes it. */
export function projectOf(text) {
  const { document } = readDocument({ path: 'bench.yaml', text })
  const checked = validate(document)
  if (!checked.ok) throw new Error(checked.diagnostics[0].message)
  return {
    config: undefined,
    agents: undefined,
    pipelines: new Map([['bench', checked.value]]),
    coordinators: new Map(),
    actions: new Map(),
    faultyActions: new Map(),
    actionNames: [],
  }
}

/** Seconds that opsflow's scheduler takes; `history`: it knows from earlier runs how long each step takes. */
export async function simulate(steps, slots, history) {
  const compiled = compile(projectOf(asYaml('bench', steps, slots)), 'bench')
  if (!compiled.ok) throw new Error(compiled.diagnostics[0].message)
  const seconds = new Map(steps.map((step) => [step.id, step.seconds]))
  const running = []
  let now = 0
  let opened = false
  const nothing = () => {}
  const port = {
    emit: nothing,
    dispatch: (token) => running.push({ token, end: now + seconds.get(token.split('#')[0]) * 1000 }),
    ...Object.fromEntries(
      ['timer', 'clearTimer', 'wait', 'lock', 'unlock', 'send', 'abort'].map((name) => [name, nothing]),
    ),
    async next() {
      if (!opened) {
        opened = true
        return [{ type: 'opened', at: 0 }]
      }
      running.sort((a, b) => a.end - b.end)
      const { token, end } = running.shift()
      now = end
      return [{ type: 'outcome', at: now, token, outcome: { status: 'succeeded', exit: 0, durationMs: 0 } }]
    },
  }
  const start = { type: 'new', inputs: {}, startedBy: { name: 'bench' }, version: '0', root: '/', approve: [] }
  const durations = new Map(history ? [...seconds].map(([id, value]) => [id, value * 1000]) : [])
  const { state } = await drive({ plan: compiled.value, port, run: 'bench', start, park: false, durations })
  if (state.outcome !== 'succeeded') throw new Error(`the simulated run ended as ${state.outcome}`)
  return now / 1000
}
