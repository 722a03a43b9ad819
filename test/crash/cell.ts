import { join } from 'node:path'
import type { RunState } from '../../src/events/state.ts'
import { processesWithEnv } from '../../src/supervisor/processes.ts'
import { noted } from '../support/noted.ts'
import { project, type TestProject } from '../support/project.ts'
import { isAlive } from '../support/supervised.ts'
import { supervisorOf } from '../support/trees.ts'
import { gone } from '../support/waiting.ts'
import type { Cell, Moment, Promised } from './matrix.ts'

/**
 * Plays one cell of the crash matrix with real processes. The processes of the steps write what they do into files of
 * the project: `effects` has a line for each beginning and end of an effect, `pids` every process, `overlaps` whoever met
 * an earlier attempt of its step alive. What is found there is compared with the promise by the caller.
 */
export interface Played {
  /** Exit codes after the kill, as `Promised.exits`. */
  readonly exits: readonly number[]
  readonly outcome: RunState['outcome']
  readonly status: string | undefined
  /** What `show` said right after the kill. */
  readonly shown: string
  readonly questions: number
  readonly effects: readonly Effect[]
  readonly overlaps: readonly string[]
  /** Processes that outlived the run. */
  readonly orphans: readonly number[]
  readonly liveness: string
  readonly run: string
}

interface Effect {
  readonly what: 'begin' | 'end'
  readonly step: string
  readonly attempt: number
  readonly key: string
}

/** What every step is; `$1` is its name, `$2` whether it stops in the middle. It leaves a child behind it, too. */
const EFFECT = `for pid in $(cat "pids.$1" 2>/dev/null); do
  case "$(ps -o stat= -p "$pid")" in ''|Z*) ;; *) echo "$1 beside $pid" >> overlaps ;; esac
done
echo $$ >> "pids.$1"
sleep 600 &
echo "$$
$!" >> pids
echo "begin $OPSFLOW_STEP $OPSFLOW_ATTEMPT $OPSFLOW_IDEMPOTENCY_KEY" >> effects
case "$2" in
  block) until test -e go; do sleep 0.02; done ;;
  fail-first) test "$OPSFLOW_ATTEMPT" -gt 1 || exit 1 ;;
esac
echo "end $OPSFLOW_STEP $OPSFLOW_ATTEMPT $OPSFLOW_IDEMPOTENCY_KEY" >> effects
`

/** The same as an action. \`MODE\`: where it stops. Imported at compile too, where it is no step. */
const ACTION = `import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
const { OPSFLOW_STEP: step, OPSFLOW_ATTEMPT: attempt, OPSFLOW_IDEMPOTENCY_KEY: key, MODE } = process.env
export const description = 'has an effect'
export const inputs = {}
export const outputs = {}
export const effects = 'workspace'
const say = (what) => appendFileSync('effects', what + ' ' + step + ' ' + attempt + ' ' + key + '\\n')
const stop = async () => {
  appendFileSync('stopped', process.pid + '\\n')
  while (!existsSync('go')) await delay(20)
}
if (step !== undefined) {
  appendFileSync('pids', process.pid + '\\n')
  if (MODE === 'before start') await stop()
}
export async function run() {
  say('begin')
  if (MODE === 'in effect') await stop()
  say('end')
  if (MODE === 'after effect, before record') await stop()
  return {}
}
`

const plain = (name: string): string => `run: [sh, effect.sh, ${name}]`

/** The path of the step that is hit. */
export function targetOf(moment: Moment): string {
  if (moment === 'in a foreach') return 'target[b]'
  return moment === 'in a sub-pipeline' ? 'call/target' : 'target'
}

function filesOf({ moment, victim, policy }: Cell): { readonly [path: string]: string } {
  const interrupted = `interrupted: ${policy}`
  const stops =
    moment === 'in a backoff' ? 'fail-first' : moment === 'at an approval' || moment === 'before start' ? 'no' : 'block'
  const where = moment === 'before start' || moment === 'after effect, before record' ? (moment as string) : 'in effect'
  const action =
    victim === 'action host' ? `uses: ./act.mjs, env: { MODE: "${where}" }` : `run: [sh, effect.sh, target, ${stops}]`
  const target = (more: string): string => `  target: { ${more}${interrupted}, ${action} }\n`
  const first = `  first: { ${plain('first')} }\n`
  const after = (needs: string): string => `  after: { needs: [${needs}], ${plain('after')} }\n`
  // What keeps a run alive that else would park at its question.
  const asked = `  ask: { needs: [first], approval: { prompt: "Go on?" } }\n  busy: { needs: [first], run: [sh, effect.sh, busy, block] }\n`
  const files = { 'effect.sh': EFFECT, 'act.mjs': ACTION }
  const pipeline = (body: string): string => `pipeline: p\ngrace: 200ms\nsteps:\n${first}${body}`
  switch (moment) {
    case 'before start':
    case 'at an approval':
      if (victim === 'action host') break
      return { ...files, 'p.yaml': pipeline(`${asked}${target('needs: [ask], ')}${after('target')}`) }
    case 'in a backoff':
      return {
        ...files,
        'p.yaml': pipeline(
          `${target(`needs: [first], retry: { attempts: 2, backoff: ${BACKOFF_MS}ms, jitter: 0% }, `)}${after('target')}`,
        ),
      }
    case 'in finally':
      return { ...files, 'p.yaml': `${pipeline('')}finally:\n${target('')}${after('target')}` }
    case 'in a foreach': {
      const each = '"${{ item }}"'
      const only = (value: string): string => `"\${{ item == 'b' ? '${value}' : 'no' }}"`
      const item =
        victim === 'action host'
          ? `uses: ./act.mjs, env: { MODE: ${only('in effect')} }`
          : `run: [sh, effect.sh, ${each}, ${only('block')}]`
      return {
        ...files,
        'p.yaml': pipeline(
          `  target: { needs: [first], foreach: { items: [a, b, c], key: ${each}, max_parallel: 1 }, ${interrupted}, ${item} }\n${after('target')}`,
        ),
      }
    }
    case 'in a sub-pipeline':
      return {
        ...files,
        'pipelines/sub.yaml': `pipeline: sub\ngrace: 200ms\nsteps:\n${first}${target('needs: [first], ')}${after('target')}`,
        'opsflow.config.yaml': 'people: {}\n',
        'p.yaml': pipeline(`  call: { needs: [first], pipeline: sub }\n${after('call')}`),
      }
    default:
  }
  return { ...files, 'p.yaml': pipeline(`${target('needs: [first], ')}${after('target')}`) }
}

/** Long enough to be met in it; where a busy machine missed it the cell is played again. */
const BACKOFF_MS = 1200
const MOST_TRIES = 20

/** Plays a cell until its moment was met: only a backoff can be missed, for it ends by itself. */
export async function play(cell: Cell, promise: Promised): Promise<Played> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const played = await playOnce(cell, promise)
    if (played !== undefined) return played
  }
  throw new Error(`the moment was missed ${MOST_TRIES} times`)
}

type Runner = ReturnType<TestProject['spawn']>

async function playOnce(cell: Cell, promise: Promised): Promise<Played | undefined> {
  const { moment } = cell
  const it = project(filesOf(cell))
  const runner = it.spawn('run', 'p.yaml')
  if (!(await reach(it, cell))) return undefined
  const run = await it.run()
  const supervisor = supervisorOf(runner.pid, join(it.stateDir, 'runs', run))
  await freeze(it, cell, run, runner, supervisor)
  await strike(it, cell, runner, supervisor)
  if (moment === 'in a backoff' && it.state(run).steps.get('target')?.attempts !== 1) return undefined
  // The last thread of a killed process frees its locks a moment after the first is gone.
  if (cell.victim === 'both') await it.until((_, liveness) => liveness === 'interrupted', run)
  const shown = (await it.opsflow('show', run)).stdout
  const end = { ...(await finish(it, cell, promise, run, runner)), shown }
  const state = it.state(run)
  const pids = [...it.lines('pids').map(Number), supervisor, runner.pid]
  for (const pid of [supervisor, runner.pid]) await gone(pid)
  let liveness = ''
  await it.until((_, now) => {
    liveness = now
    return true
  }, run)
  return {
    ...end,
    run,
    outcome: state.outcome,
    status: state.steps.get(targetOf(moment))?.status,
    effects: it.lines('effects').map(toEffect),
    overlaps: it.lines('overlaps'),
    orphans: [...new Set([...pids.filter(isAlive), ...processesWithEnv({ OPSFLOW_RUN: run })])],
    liveness,
  }
}

function toEffect(line: string): Effect {
  const [what, step = '', attempt, key = ''] = line.split(' ')
  return { what: what as Effect['what'], step, attempt: Number(attempt), key }
}

/** Resolves when the run is where it is to be hit, or where it can be brought there; to false where that was missed. */
async function reach(it: TestProject, { moment, victim }: Cell): Promise<boolean> {
  if (moment === 'in a backoff') {
    const { steps } = await it.until(({ steps }) => (steps.get('target')?.failures ?? 0) > 0)
    return steps.get('target')?.waitingFor?.kind === 'backoff'
  }
  if (victim === 'action host') await it.file('stopped')
  else if (moment === 'before start' || moment === 'at an approval') {
    await it.until(({ steps }) => steps.get('ask')?.status === 'waiting')
    await it.file('pids.busy')
  } else await it.file(moment === 'in a foreach' ? 'pids.b' : 'pids.target')
  return true
}

/** Brings the run to moments that last only while somebody is stopped, and stops whoever must not see the kill coming. */
async function freeze(
  it: TestProject,
  { moment, victim }: Cell,
  run: string,
  runner: Runner,
  supervisor: number,
): Promise<void> {
  const stopped = victim === 'action host' ? [] : victim === 'both' ? ['runner', 'supervisor'] : [victim]
  if (moment === 'before start' && victim !== 'action host') {
    // It cannot start what the runner records now.
    process.kill(supervisor, 'SIGSTOP')
    await it.opsflow('approve', run, 'ask')
    await it.until(({ steps }) => steps.get('target')?.status === 'running', run)
  }
  if (moment === 'in effect') await noted(join(it.stateDir, 'runs', run))
  if (stopped.includes('runner')) runner.kill('SIGSTOP')
  if (stopped.includes('supervisor')) process.kill(supervisor, 'SIGSTOP')
  if (moment === 'after effect, before record' && victim !== 'action host') {
    it.write({ go: '' })
    await it.file('effects', 4)
    await gone(Number(it.lines('pids.target')[0]))
  }
}

async function strike(it: TestProject, { moment, victim }: Cell, runner: Runner, supervisor: number): Promise<void> {
  if (victim === 'action host') {
    const [pid] = it.lines('stopped').map(Number)
    process.kill(pid!, 'SIGKILL')
    await gone(pid!)
    return
  }
  if (victim !== 'supervisor') {
    runner.kill('SIGKILL')
    await runner.ended
  }
  if (victim !== 'runner') {
    process.kill(supervisor, 'SIGKILL')
    await gone(supervisor)
  } else if (moment === 'before start') process.kill(supervisor, 'SIGCONT')
}

/** Drives the run to its end as a person would, and tells how each command ended. */
async function finish(
  it: TestProject,
  { moment, victim }: Cell,
  promise: Promised,
  run: string,
  runner: Runner,
): Promise<{ readonly exits: readonly number[]; readonly questions: number }> {
  const exits: number[] = []
  const livesOn = victim === 'supervisor' || victim === 'action host'
  if (moment === 'at an approval') await it.opsflow('approve', run, 'ask')
  const driver = livesOn ? runner : it.start('resume', run)
  // Whoever drives the run now ends what was cut off, before anything may go on to its end.
  for (const pid of it.lines('pids')) if (victim !== 'action host') await gone(Number(pid))
  it.write({ go: '' })
  exits.push((await driver.ended).exit ?? -1)
  let questions = 0
  while (exits.at(-1) === 4 && exits.length < promise.exits.length + 1) {
    const path = targetOf(moment)
    if ((await it.opsflow('approve', run, path)).exit === 0) questions++
    exits.push((await it.opsflow('resume', run)).exit)
  }
  return { exits, questions }
}
