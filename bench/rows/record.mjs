import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { has, here } from '../measure.mjs'
import { asYaml, chain, wide } from '../shapes.mjs'

/**
 * What the record costs: counted, not timed. Syncs and bytes are what the kernel was asked for (strace, on Linux); what
 * opening and closing a ledger needs is taken off by a run of one step.
 */
export async function recordRow(bench) {
  const [one, links, more, side] = await Promise.all([
    count(bench, 'one', chain(1)),
    count(bench, 'chain200', chain(200)),
    count(bench, 'chain600', chain(600)),
    count(bench, 'wide1000', wide(1000)),
  ])
  const payload = {
    what: 'event payload of a step (1,000 wide)',
    value: side.payload / 1000 / 1024,
    unit: 'KB',
    goal: 1,
  }
  // What was not counted is no number.
  const known = (value) => (Number.isNaN(value) ? undefined : value)
  const perTurn = (of) => known((of.syncs - one.syncs) / (of.commits - one.commits))
  const perCommit = (of) => (of.bytes - one.bytes) / (of.commits - one.commits)
  const note = ({ syncs, commits }) => (syncs === undefined ? 'needs strace' : `${syncs} syncs, ${commits} commits`)
  return [
    { what: 'syncs a turn (chain of 200)', value: perTurn(links), unit: '', goal: 1.05, note: note(links) },
    { what: 'syncs a turn (1,000 wide)', value: perTurn(side), unit: '', goal: 1.05, note: note(side) },
    payload,
    { what: 'bytes written a commit (chain of 200)', value: known(perCommit(links) / 1024), unit: 'KB', goal: 16 },
    { what: 'the same, chain of 600 / chain of 200', value: known(perCommit(more) / perCommit(links)), goal: 1.1 },
  ]
}

async function count(bench, name, steps) {
  const cwd = bench.folder(`record-${name}`)
  bench.file(`record-${name}/${name}.yaml`, asYaml(name, steps))
  const state = bench.state()
  const counts = join(cwd, 'commits')
  const trace = join(cwd, 'trace')
  const command = [
    process.execPath,
    '--import',
    here('./commits.mjs'),
    here('../bin/opsflow.js'),
    'run',
    `${name}.yaml`,
  ]
  const traced = has('strace')
  const words = traced
    ? ['strace', '-f', '-y', '-s', '0', '-e', 'trace=fsync,fdatasync,pwrite64,write', '-o', trace, ...command]
    : command
  await bench.run(words[0], words.slice(1), { cwd, env: { OPSFLOW_STATE: state, OPSFLOW_BENCH_COMMITS: counts } })
  return {
    commits: Number(readFileSync(counts, 'utf8')),
    payload: payloadIn(state),
    ...(traced ? readTrace(readFileSync(trace, 'utf8')) : {}),
  }
}

function payloadIn(state) {
  const [run] = readdirSync(join(state, 'runs'))
  const db = new DatabaseSync(join(state, 'runs', run, 'ledger.db'), { readOnly: true })
  try {
    return db.prepare('SELECT sum(length(body)) AS bytes FROM events').get().bytes
  } finally {
    db.close()
  }
}

function readTrace(text) {
  let [syncs, bytes] = [0, 0]
  for (const line of text.split('\n')) {
    const [, call, file] = /^\d+ +(\w+)\(\d+<([^>]*)>/.exec(line) ?? []
    if (!file?.includes('/ledger.db') || file.endsWith('-shm')) continue
    if (call.endsWith('sync')) syncs++
    else bytes += Number(/= (\d+)$/.exec(line)?.[1] ?? 0)
  }
  return { syncs, bytes }
}
