import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { has, median, ratio, takeTurns } from '../measure.mjs'
import { install } from '../npm.mjs'
import { asYaml, wide } from '../shapes.mjs'

const COUNT = 1000
const SLOTS = 8
/** The one takes fifteen seconds a round. */
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
  const what = `1,000 no-op steps, 8 slots / ${name} ${Object.values(peer.packages ?? {}).join()}`.trim()
  const missing = { what, goal: peer.goal }
  const place = peer.packages ? await install(bench, name, peer.packages) : { folder: undefined }
  if (place.problem !== undefined) return { ...missing, note: place.problem }
  if (!peer.packages && !has(name)) return { ...missing, note: `there is no \`${name}\` here` }
  const ours = (folder, steps) => {
    bench.file(`${folder}/wide.yaml`, asYaml('wide', steps, SLOTS))
    return (_, cwd) => bench.opsflow(['run', 'wide.yaml'], { cwd })
  }
  const theirs = (folder, steps) => peer.write(bench, folder, steps)
  try {
    const subjects = {}
    for (const [who, write] of [
      ['opsflow', ours],
      [name, theirs],
    ]) {
      await checkAllRun(bench, `${name}-${who}-checked`, write, place)
      const cwd = bench.folder(`${name}-${who}`)
      const run = write(`${name}-${who}`, wide(COUNT))
      subjects[who] = () => run(place.folder, cwd)
    }
    const rounds = Math.min(bench.runs, peer.rounds ?? bench.runs)
    // The run that was checked is the warm-up of a slow one.
    const times = await takeTurns(rounds, subjects, { warmUp: peer.rounds === undefined })
    const [own, other] = ['opsflow', name].map((who) => `${median(times[who]).toFixed(0)} ms`)
    const value = ratio(times, 'opsflow', name)
    return {
      what,
      value,
      goal: peer.goal,
      note: `${own} and ${other}, ${rounds} rounds; every step of each seen to run`,
    }
  } catch (error) {
    return { ...missing, note: error.message.split('\n').slice(0, 2).join(' ') }
  }
}

/** Runs steps that leave a mark each: whoever is measured must have run all of them. */
async function checkAllRun(bench, folder, write, place) {
  const cwd = bench.folder(folder)
  const marks = bench.file(`${folder}/marks`, '')
  const steps = wide(COUNT).map((step) => ({ ...step, run: `echo ${step.id} >> ${marks}` }))
  await write(folder, steps)(place.folder, cwd)
  const found = readFileSync(marks, 'utf8').trim().split('\n')
  const count = new Set(found).size
  if (count !== COUNT || found.length !== COUNT)
    throw new Error(`${folder}: ${count} of ${COUNT} steps ran, in ${found.length} starts`)
}
