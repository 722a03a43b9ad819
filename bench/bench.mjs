// Measures opsflow beside its peers, on demand: npm run bench -- [ROW…] [--runs N] [--quick] [--keep] [--record] [--dags FOLDER]
// [--actionlint FOLDER] [--steps N]; `--table` measures nothing and makes the table again.
// Prints ratios, never times alone: a ratio of two programs that took turns in one run means the same on every machine.
// See docs/performance.md for what each row means.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { newFileMs, openBench, syncMs } from './measure.mjs'
import { circumstances, keep, makePage, shown, verdictOf } from './record.mjs'
import { compileRow } from './rows/compile.mjs'
import { lintRow } from './rows/lint.mjs'
import { makespanRows } from './rows/makespan.mjs'
import { outputRow } from './rows/output.mjs'
import { peersRow } from './rows/peers.mjs'
import { recordRow } from './rows/record.mjs'
import { spawnRow } from './rows/spawn.mjs'
import { startRow } from './rows/start.mjs'
import { storeRow } from './rows/store.mjs'
import { chainRow, scaleRow, wideRow } from './rows/throughput.mjs'

const ROWS = {
  wide: wideRow,
  chain: chainRow,
  scale: scaleRow,
  spawn: spawnRow,
  output: outputRow,
  record: recordRow,
  makespan: makespanRows,
  start: startRow,
  store: storeRow,
  compile: compileRow,
  lint: lintRow,
  peers: peersRow,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    steps: { type: 'string', default: '1000' },
    dags: { type: 'string', default: process.env.OPSFLOW_BENCH_DAGS },
    actionlint: { type: 'string' },
  },
})
const unknown = positionals.find((name) => !Object.hasOwn(ROWS, name))
if (unknown !== undefined) usage(`there is no row \`${unknown}\`; there is ${Object.keys(ROWS).join(', ')}`)

if (!/^[1-9]\d*$/.test(values.steps) || !/^[1-9]\d*$/.test(values.runs ?? '1'))
  usage('`--runs` and `--steps` take a number, 1 or more')
if (values.record && values.steps !== '1000')
  usage('`--steps` is for a trial: with `--record` the rows have the steps that they are named for')
if (values.table) {
  makePage()
  process.exit()
}

const runs = Number(values.runs ?? (values.quick ? 3 : 9))
const bench = openBench({ ...values, runs, steps: Number(values.steps) })
const names = positionals.length > 0 ? positionals : Object.keys(ROWS)
/** How loaded the machine is, and what a record costs on it. */
const noise = () => ({ load: loadavg()[0].toFixed(1), sync: syncMs(bench.root).toFixed(2) })
const told = ({ load, sync }) =>
  `load ${load}, a synced write takes ${sync} ms, a new file ${newFileMs(bench.root).toFixed(2)} ms`
console.log(`Node ${process.version}, ${bench.runs} paired runs after a warm-up; at the start: ${told(noise())}\n`)
console.log(line('what', 'measured', 'goal', '', ''))
let missed = 0
try {
  for (const name of names) {
    const record = circumstances(runs)
    const before = noise()
    const figures = await ROWS[name](bench)
    for (const { what, value, unit = 'x', goal, note = '' } of figures) {
      const verdict = verdictOf({ value, goal })
      if (verdict === 'missed') missed++
      console.log(line(what, shown(value, unit), goal === undefined ? '' : `<= ${shown(goal, unit)}`, verdict, note))
    }
    const after = noise()
    const both = (of) => (before[of] === after[of] ? after[of] : `${before[of]} to ${after[of]}`)
    // At once: what was measured stays when a later row fails.
    if (values.record) keep(name, figures, { ...record, load: both('load'), sync: `${both('sync')} ms` })
  }
} finally {
  console.log(`\n${missed} missed; at the end: ${told(noise())}`)
  if (!values.keep) bench.close()
}

function usage(message) {
  console.error(message)
  process.exit(2)
}

function line(what, value, goal, verdict, note) {
  return `${what.padEnd(58)} ${value.padStart(10)} ${goal.padStart(12)}  ${verdict.padEnd(12)}  ${note}`.trimEnd()
}
