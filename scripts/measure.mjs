// Measures what docs/guarantees.md tells: `npm run measure simulation [seeds]`, `crashes`, `repetitions [times]`. Each part
// of docs/measurements.json names the commit it was measured at. `npm run mutation` writes its own part.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { record } from './guarantees/measurements.mjs'

const REPORT = '.cache/measured.json'
/** Tests whose outcome could depend on how busy a machine is. */
const REPEATED = ['test/crash', 'test/supervisor']

const [what, amount] = process.argv.slice(2)
const PARTS = { simulation, crashes, repetitions }
if (!Object.hasOwn(PARTS, what ?? '')) {
  console.error(`measure: say what: ${Object.keys(PARTS).join(', ')}`)
  process.exit(2)
}
await PARTS[what]()

/** Plays the seeds once, and looks for every planted bug. */
function simulation() {
  const seeds = Number(amount ?? 5000)
  const args = ['test/sim/census.ts', '1', String(seeds), 'planted']
  const {
    planted,
    violations,
    from: _from,
    ...census
  } = JSON.parse(
    execFileSync('node', args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] }),
  )
  const command = `npm run measure simulation ${seeds}`
  record('simulation', command, { ...census, violations: violations.length })
  record('planted', command, { within: 2000, bugs: planted })
}

/** Plays every cell of the crash matrix. */
async function crashes() {
  const { counts, MOMENTS, VICTIMS } = await import('../test/crash/matrix.ts')
  const { failed } = run(['--config', 'vitest.long.config.ts', 'test/crash/matrix.long.test.ts'])
  const moments = Object.fromEntries(Object.entries(MOMENTS).map(([name, { what }]) => [name, what]))
  record('crashes', 'npm run measure crashes', { ...counts(), failed, moments, victims: VICTIMS })
}

function repetitions() {
  const times = Number(amount ?? 50)
  const sum = { passed: 0, failed: 0 }
  let tests = 0
  for (let time = 1; time <= times; time++) {
    const once = run(REPEATED)
    sum.passed += once.passed
    sum.failed += once.failed
    tests = once.passed + once.failed
    console.log(`${time} of ${times}: ${once.passed} passed, ${once.failed} failed`)
  }
  record('repetitions', `npm run measure repetitions ${times}`, { times, tests, files: REPEATED, ...sum })
}

function run(files) {
  mkdirSync('.cache', { recursive: true })
  spawnSync('vitest', ['run', ...files, '--reporter=json', `--outputFile=${REPORT}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(REPORT, 'utf8'))
  return { passed, failed }
}
