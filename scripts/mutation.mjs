// Changes the scheduler, the reducer, gates and the judge in thousands of small ways and looks which of them the fast
// tests find: `npm run mutation [-- word-in-a-path ...]`. The mutants are Stryker's; they are switched within living
// processes because a mutant meets a few milliseconds of tests. Writes .cache/mutation.json, prints what survived;
// `--quick` leaves out most seeds, `--left` judges only what was not found the last time, `--record` publishes.
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Instrumenter } from '@stryker-mutator/instrumenter'
import { record } from './guarantees/measurements.mjs'
import { reasonFor } from './mutation/reasons.mjs'
import { LEFT_OUT, MUTATED, SEEDS, TESTS } from './mutation/targets.mjs'

const RESULT = '.cache/mutation.json'
const SURVIVORS = 'docs/survivors.md'
const GAP = 'No test sees the difference yet'
const BUNDLE = '.cache/mutation-sources.json'
/** A worker speaks after each test; so long it is silent only where a mutant never lets go. */
const SILENCE_MS = 60_000
/** Every mutant meets so many tests and seeds first; only what is left then meets the rest. */
const FIRST_TESTS = 60
const FIRST_SEEDS = 16
/** `--quick`: the first seeds only. */
const isQuick = process.argv.includes('--quick')
/** `--left`: only what was not found the last time. */
const isLeft = process.argv.includes('--left')
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const jobs = Number(process.env.JOBS ?? Math.min(2, availableParallelism()))
const started = performance.now()

const files = MUTATED.flatMap((pattern) => globSync(pattern))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort()
const mutants = await instrument()
/** `--record`: puts into the measurements what is known of the sources as they are, and judges nothing. */
if (process.argv.includes('--record')) {
  writeRecord()
  process.exit(0)
}
const before = existsSync(RESULT) ? JSON.parse(readFileSync(RESULT, 'utf8')).mutants : {}
const coverage = await cover()
const results = {}
await judgeAll()
report()

async function instrument() {
  const silent = () => {}
  const logger = {
    isDebugEnabled: () => false,
    isTraceEnabled: () => false,
    debug: silent,
    trace: silent,
    info: silent,
    warn: console.warn,
    error: console.error,
  }
  const texts = Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')]))
  const input = files.map((name) => ({ name, content: texts[name], mutate: true }))
  const result = await new Instrumenter(logger).instrument(input, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
    noHeader: true,
  })
  const testFiles = TESTS.flatMap((pattern) => globSync(pattern)).filter((file) => !LEFT_OUT.includes(file))
  mkdirSync('.cache', { recursive: true })
  const sources = Object.fromEntries(result.files.map(({ name, content }) => [name, content]))
  // The second round is what so many seeds are for.
  const seeds = SEEDS.map((kind) => (isQuick ? { ...kind, count: Math.ceil(kind.count / 5) } : kind))
  writeFileSync(BUNDLE, JSON.stringify({ sources, testFiles: testFiles.sort(), seeds }))
  return result.mutants.map((mutant) => describe(mutant, texts))
}

/** A mutant by what it does to which text, so that it is known again after other lines of its file have changed. */
function describe({ id, fileName, mutatorName, replacement, location }, texts) {
  const lines = texts[fileName].split('\n')
  const { start, end } = location
  const original =
    start.line === end.line
      ? lines[start.line].slice(start.column, end.column)
      : [
          lines[start.line].slice(start.column),
          ...lines.slice(start.line + 1, end.line),
          lines[end.line].slice(0, end.column),
        ].join('\n')
  const line = lines[start.line].trim()
  const name = createHash('sha256')
    .update(JSON.stringify([fileName, mutatorName, line, original, replacement, start.column]))
    .digest('hex')
    .slice(0, 12)
  return { id, name, file: fileName, at: start.line + 1, mutator: mutatorName, line, original, replacement }
}

function startWorker(active = 'none') {
  const worker = fork(fileURLToPath(new URL('mutation/worker.mjs', import.meta.url)), [BUNDLE, active], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--max-old-space-size=1500', '--disable-warning=ExperimentalWarning'],
  })
  const alive = answer(worker)
  const ask = (order) => {
    worker.send(order)
    return answer(worker)
  }
  return { ask, ready: alive, end: () => void worker.kill('SIGKILL') }
}

/** The next answer of a worker; undefined where it died, or fell silent in the middle of one test. */
function answer(worker) {
  return new Promise((resolve) => {
    const done = (message) => {
      clearTimeout(timer)
      worker.off('message', hear)
      worker.off('exit', gone)
      resolve(message)
    }
    const gone = () => done(undefined)
    const hear = (message) => (message === 'alive' ? timer.refresh() : done(message))
    const timer = setTimeout(gone, SILENCE_MS)
    worker.on('message', hear)
    worker.on('exit', gone)
  })
}

async function cover() {
  const worker = startWorker('cover')
  await worker.ready
  const covered = await worker.ask({})
  worker.end()
  const broken = covered.tests.filter(({ verdict }) => verdict !== 'passed')
  if (broken.length > 0) throw new Error(`without a mutant: ${broken[0].name}: ${broken[0].verdict}`)
  const breadth = covered.tests.map(({ hits }) => Object.keys(hits).length)
  const perMutant = new Map()
  for (const [test, { hits }] of covered.tests.entries())
    for (const [id, count] of Object.entries(hits)) {
      if (!perMutant.has(id)) perMutant.set(id, [])
      perMutant.get(id).push({ test, hits: count })
    }
  const isSeed = covered.tests.map(({ name }) => name.startsWith('seed '))
  for (const plan of perMutant.values()) {
    const units = plan.filter(({ test }) => !isSeed[test]).sort((one, two) => breadth[one.test] - breadth[two.test])
    const seeds = plan.filter(({ test }) => isSeed[test])
    const first = [
      ...units.slice(0, 8),
      ...seeds.slice(0, 8),
      ...units.slice(8, FIRST_TESTS),
      ...seeds.slice(8, FIRST_SEEDS),
    ]
    const rest = [...units.slice(FIRST_TESTS), ...seeds.slice(FIRST_SEEDS)]
    plan.splice(0, plan.length, ...first, ...rest)
    plan.first = first.length
  }
  const seconds = covered.tests.reduce((sum, { ms }) => sum + ms, 0) / 1000
  console.log(
    `${mutants.length} mutants of ${files.length} files, ${covered.tests.length} tests in ${seconds.toFixed(1)} s`,
  )
  return {
    perMutant,
    atLoad: new Set(covered.atLoad),
    names: covered.tests.map(({ name }) => name),
    all: covered.tests.map((_, test) => ({ test, hits: 1000 })),
  }
}

/** First all mutants with few seeds, then what survived with the rest. */
async function judgeAll() {
  const asked = mutants.filter(({ name }) => !isLeft || !isFound(before[name]))
  // What survived once is asked for last: it takes longest.
  asked.sort((one, two) => Number(before[one.name] !== undefined) - Number(before[two.name] !== undefined))
  await pass(asked, (plan) => plan.slice(0, plan.first))
  const left = asked.filter(({ id }) => results[id].status === 'survived' && !coverage.atLoad.has(id))
  console.log(`${left.length} survived the first tests`)
  if (!isQuick) await pass(left, (plan) => plan.slice(plan.first))
}

async function pass(queued, part) {
  const queue = [...queued]
  let done = 0
  let spoken = performance.now()
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      let worker
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        const atLoad = coverage.atLoad.has(mutant.id)
        const covering = coverage.perMutant.get(mutant.id) ?? []
        const killer = before[mutant.name]?.by
        const first = covering.filter(({ test }) => coverage.names[test] === killer)
        const plan = atLoad ? coverage.all : [...first, ...part(covering)]
        if (atLoad) worker = worker?.end()
        if (covering.length === 0 && !atLoad) results[mutant.id] = { status: 'uncovered' }
        else if (plan.length > 0) {
          worker ??= startWorker(atLoad ? mutant.id : 'none')
          const verdict = await judge(worker, mutant, plan)
          results[mutant.id] = verdict
          if (!verdict.sound || atLoad) worker = worker.end()
          if (!verdict.sound && !atLoad) {
            // What an earlier mutant left behind may have spoken: asked again in a process of its own.
            worker = startWorker()
            results[mutant.id] = await judge(worker, mutant, plan)
            worker = worker.end()
          }
        }
        done++
        if (performance.now() - spoken < 20_000) continue
        spoken = performance.now()
        console.log(`${done} of ${queued.length}`)
        save()
      }
      worker?.end()
    }),
  )
}

/** A worker that dies or falls silent under a mutant has met a loop without end. */
async function judge(worker, mutant, plan) {
  const ready = await worker.ready
  const verdict = ready && (await worker.ask({ mutant: mutant.id, plan }))
  return verdict ?? { status: 'timeout', by: ready ? 'silence' : 'load', sound: false }
}

function isFound(result) {
  return result?.status === 'killed' || result?.status === 'timeout'
}

function save() {
  const kept = Object.fromEntries(Object.entries(before).filter(([, { file }]) => !files.includes(file)))
  for (const mutant of mutants) {
    const result = results[mutant.id]
    if (result === undefined) {
      if (before[mutant.name]) kept[mutant.name] = before[mutant.name]
      continue
    }
    const { id: _id, name, ...what } = mutant
    kept[name] = { ...what, status: result.status, by: result.by }
  }
  writeFileSync(RESULT, JSON.stringify({ mutants: kept }, null, 1))
}

function report() {
  save()
  const perFile = new Map(files.map((file) => [file, { found: 0, all: 0 }]))
  for (const mutant of mutants) {
    const result = results[mutant.id] ?? before[mutant.name]
    const { status, by } = result
    const count = perFile.get(mutant.file)
    count.all++
    if (isFound(result)) count.found++
    else
      console.log(
        `${mutant.file}:${mutant.at} ${mutant.mutator} ${status}${by ? ` ${by}` : ''} [${mutant.name}]\n    ${mutant.line}\n    ${mutant.original.split('\n')[0]} -> ${mutant.replacement.split('\n')[0]}`,
      )
  }
  for (const [file, { found, all }] of perFile)
    console.log(`${file}: ${found} of ${all} (${((100 * found) / all).toFixed(1)} %)`)
  const found = [...perFile.values()].reduce((sum, count) => sum + count.found, 0)
  console.log(
    `${found} of ${mutants.length} found (${((100 * found) / mutants.length).toFixed(1)} %) in ${Math.round((performance.now() - started) / 1000)} s`,
  )
}

/** What is known of every mutant of the sources as they are: the numbers for the measurements, and the page of survivors. */
function writeRecord() {
  const known = JSON.parse(readFileSync(RESULT, 'utf8')).mutants
  const perFile = new Map(files.map((file) => [file, { file, found: 0, all: 0 }]))
  const left = new Map()
  let unmet = 0
  for (const mutant of mutants) {
    const count = perFile.get(mutant.file)
    if (known[mutant.name] === undefined) {
      unmet++
      continue
    }
    count.all++
    if (isFound(known[mutant.name])) count.found++
    else {
      const reason = reasonFor(mutant) ?? GAP
      left.set(reason, [...(left.get(reason) ?? []), mutant])
    }
  }
  const all = mutants.length - unmet
  const found = [...perFile.values()].reduce((sum, count) => sum + count.found, 0)
  const reasons = [...left].map(([reason, some]) => ({ reason, mutants: some.length }))
  const tests = JSON.parse(readFileSync(BUNDLE, 'utf8')).testFiles.length
  const seeds = SEEDS.reduce((sum, { count }) => sum + count, 0)
  record('mutation', 'npm run mutation', {
    all,
    found,
    unmet,
    tests,
    seeds,
    firstSeeds: FIRST_SEEDS,
    files: [...perFile.values()].filter((count) => count.all > 0),
    reasons,
  })
  writeFileSync(SURVIVORS, survivorsPage(left, { all, found }))
  console.log(`${found} of ${all} (${((100 * found) / all).toFixed(1)} %), ${unmet} not met`)
}

function survivorsPage(left, { all, found }) {
  const lines = [
    '<!-- Written by `npm run mutation -- --record`. Do not edit. -->',
    '# Mutants that survived',
    '',
    `${all - found} of ${all} small changes to the scheduler, the reducer, gates and the judge were found by no test that met them. Here is`,
    'each of them, with the reason why it is no gap of the tests, or as one. How they are made: [testing](testing.md#mutants).',
    '',
  ]
  for (const [reason, some] of [...left].sort(([one], [two]) => Number(one === GAP) - Number(two === GAP))) {
    lines.push(`## ${reason}`, '')
    for (const [file, these] of Map.groupBy(some, (mutant) => mutant.file)) {
      lines.push(`${file}:`, '', '```text')
      for (const { at, original, replacement } of these)
        lines.push(`${at}: ${short(original)}  ->  ${short(replacement)}`)
      lines.push('```', '')
    }
  }
  return `${lines.join('\n').trimEnd()}\n`
}

function short(text) {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 70 ? `${line.slice(0, 67)}...` : line
}
