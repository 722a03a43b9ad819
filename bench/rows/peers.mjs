import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { has, median, ratio, TookTooLong, takeTurns } from '../measure.mjs'
import { install } from '../npm.mjs'
import { asYaml, wide } from '../shapes.mjs'

const SLOTS = 8
/** For all that is done with one peer; dagu alone takes a quarter of a minute for each thousand steps, more the busier a machine is. */
const LIMIT_MIN = 5
/** It is compared by a factor of ten: two rounds tell. */
const DAGU_ROUNDS = 2

/**
 * Peers, each with its goal, where there is one: opsflow's time over theirs. `write` lays out a folder with these steps and
 * gives how they are run; it gets where npm put the packages.
 */
const PEERS = {
  wireit: {
    goal: 1 / 1.6,
    packages: { wireit: '0.14.13' },
    write(bench, name, steps) {
      const words = { ...Object.fromEntries(steps.map(({ id }) => [id, 'wireit'])), all: 'wireit' }
      const scripts = Object.fromEntries(steps.map(({ id, run }) => [id, { command: run }]))
      const wireit = { all: { dependencies: steps.map(({ id }) => id) }, ...scripts }
      const file = bench.file(`${name}/package.json`, JSON.stringify({ name: 'bench', scripts: words, wireit }))
      // As `npm run all` starts it, without the time that npm itself takes. Without `files` nothing is ever fresh.
      const env = {
        npm_lifecycle_event: 'all',
        npm_package_json: file,
        WIREIT_PARALLEL: String(SLOTS),
        WIREIT_CACHE: 'none',
      }
      return (folder, cwd) => bench.node(join(folder, 'wireit/bin/wireit.js'), [], { cwd, env })
    },
  },
  dagu: {
    goal: 1 / 10,
    packages: { [`@dagu-org/dagu-${process.platform}-${process.arch}`]: '1.30.2' },
    rounds: DAGU_ROUNDS,
    write(bench, name, steps) {
      const lines = ['type: graph', `maxActiveSteps: ${SLOTS}`, `maxActiveRuns: ${SLOTS}`, 'steps:']
      for (const { id, run } of steps) lines.push(`  - name: ${id}`, `    command: ${JSON.stringify(run)}`)
      const file = bench.file(`${name}/wide.yaml`, `${lines.join('\n')}\n`)
      const [at] = Object.keys(this.packages)
      const env = () => ({ DAGU_HOME: bench.state(), SHELL: '/bin/sh' })
      return (folder, cwd) => bench.run(join(folder, at, 'bin/dagu'), ['start', '--quiet', file], { cwd, env: env() })
    },
  },
  make: {
    write(bench, name, steps) {
      const targets = steps.map(({ id, run }) => `${id}:\n\t@${run}\n`)
      const all = steps.map(({ id }) => id).join(' ')
      bench.file(`${name}/Makefile`, `.PHONY: all ${all}\nall: ${all}\n${targets.join('')}`)
      return (_, cwd) => bench.run('make', [`-j${SLOTS}`], { cwd })
    },
  },
  ninja: {
    write(bench, name, steps) {
      const builds = steps.map(({ id, run }) => `build ${id}: step\n  words = ${run}\n`)
      bench.file(`${name}/build.ninja`, `rule step\n  command = $words\n${builds.join('')}`)
      return (_, cwd) => bench.run('ninja', [`-j${SLOTS}`, '--quiet'], { cwd })
    },
  },
}

/** The same independent steps, as `wide`, by opsflow and by runners that people use. */
export async function peersRow(bench) {
  const rows = []
  for (const [name, peer] of Object.entries(PEERS)) rows.push(await peerRow(bench, name, peer))
  return rows
}

async function peerRow(bench, name, peer) {
  const what =
    `${bench.steps.toLocaleString('en')} no-op steps, 8 slots / ${name} ${Object.values(peer.packages ?? {}).join()}`.trim()
  const until = performance.now() + LIMIT_MIN * 60_000
  try {
    return { what, goal: peer.goal, ...(await compared(within(bench, until), name, peer)) }
  } catch (error) {
    const took = error instanceof TookTooLong && `took more than ${LIMIT_MIN} min`
    return { what, goal: peer.goal, note: took || error.message.split('\n').slice(0, 2).join(' ') }
  }
}

/** The bench, with an end to whatever it runs. */
function within(bench, until) {
  const run = (command, args, more) => bench.run(command, args, { until, ...more })
  return { ...bench, run }
}

async function compared(bench, name, peer) {
  const say = (text) => console.error(`  peers: ${name}: ${text}`)
  if (peer.packages) say('npm installs it')
  const place = peer.packages ? await install(bench, name, peer.packages) : { folder: undefined }
  if (place.problem !== undefined) return { note: place.problem }
  if (!peer.packages && !has(name)) return { note: `there is no \`${name}\` here` }
  const ours = (folder, steps) => {
    bench.file(`${folder}/wide.yaml`, asYaml('wide', steps, SLOTS))
    return (_, cwd) => bench.opsflow(['run', 'wide.yaml'], { cwd })
  }
  const theirs = (folder, steps) => peer.write(bench, folder, steps)
  const subjects = {}
  for (const [who, write] of [
    ['opsflow', ours],
    [name, theirs],
  ]) {
    const { ms } = await checkAllRun(bench, `${name}-${who}-checked`, write, place)
    say(`checked: ${who} runs all ${bench.steps} steps, ${(ms / 1000).toFixed(1)} s`)
    const cwd = bench.folder(`${name}-${who}`)
    const run = write(`${name}-${who}`, wide(bench.steps))
    subjects[who] = () => run(place.folder, cwd)
  }
  const rounds = Math.min(bench.runs, peer.rounds ?? bench.runs)
  // The run that was checked is the warm-up of a slow one.
  const times = await takeTurns(rounds, subjects, { warmUp: peer.rounds === undefined, say })
  const [own, other] = ['opsflow', name].map((who) => `${median(times[who]).toFixed(0)} ms`)
  return {
    value: ratio(times, 'opsflow', name),
    note: `${own} and ${other}, ${rounds} rounds; every step of each seen to run`,
  }
}

/** Runs steps that leave a mark each: whoever is measured must have run all of them. */
async function checkAllRun(bench, folder, write, place) {
  const cwd = bench.folder(folder)
  const marks = bench.file(`${folder}/marks`, '')
  const steps = wide(bench.steps).map((step) => ({ ...step, run: `echo ${step.id} >> ${marks}` }))
  const result = await write(folder, steps)(place.folder, cwd)
  const found = readFileSync(marks, 'utf8').trim().split('\n')
  const count = new Set(found).size
  if (count !== bench.steps || found.length !== bench.steps)
    throw new Error(`${folder}: ${count} of ${bench.steps} steps ran, in ${found.length} starts`)
  return result
}
