// Measures opsflow beside its peers, on demand: node bench/bench.mjs [ROW…] [--runs N] [--quick] [--keep] [--dags FOLDER] [--actionlint FOLDER]
// Prints ratios, never times alone: a ratio of two programs that took turns in one run means the same on every machine.
// See docs/benchmarks.md for what each row means.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { newFileMs, openBench, syncMs } from './measure.mjs'
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
    dags: { type: 'string', default: process.env.OPSFLOW_BENCH_DAGS },
    actionlint: { type: 'string' },
  },
})
const unknown = positionals.find((name) => !Object.hasOwn(ROWS, name))
if (unknown !== undefined) {
  console.error(`there is no row \`${unknown}\`; there is ${Object.keys(ROWS).join(', ')}`)
  process.exit(2)
}

const bench = openBench({ ...values, runs: Number(values.runs ?? (values.quick ? 3 : 9)) })
const names = positionals.length > 0 ? positionals : Object.keys(ROWS)
const noise = () =>
  `load ${loadavg()[0].toFixed(1)}, a synced write takes ${syncMs(bench.root).toFixed(2)} ms, a new file ${newFileMs(bench.root).toFixed(2)} ms`
console.log(`Node ${process.version}, ${bench.runs} paired runs after a warm-up; at the start: ${noise()}\n`)
console.log(line('what', 'measured', 'goal', '', ''))
let missed = 0
try {
  for (const name of names) {
    for (const { what, value, unit = 'x', goal, note = '' } of await ROWS[name](bench)) {
      const verdict = verdictOf(value, goal)
      if (verdict === 'missed') missed++
      console.log(line(what, shown(value, unit), goal === undefined ? '' : `<= ${shown(goal, unit)}`, verdict, note))
    }
  }
} finally {
  console.log(`\n${missed} missed; at the end: ${noise()}`)
  if (!values.keep) bench.close()
}

function verdictOf(value, goal) {
  if (value === undefined) return 'not measured'
  if (goal === undefined) return 'not judged'
  return value <= goal ? 'met' : 'missed'
}

function shown(value, unit) {
  if (value === undefined) return '-'
  return `${value >= 100 ? Math.round(value) : Number(value.toFixed(2))}${unit === 'x' ? 'x' : ` ${unit}`}`
}

function line(what, value, goal, verdict, note) {
  return `${what.padEnd(58)} ${value.padStart(10)} ${goal.padStart(12)}  ${verdict.padEnd(12)}  ${note}`.trimEnd()
}
