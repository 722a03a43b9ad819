// A mutation worker: loads the instrumented sources and the tests once, then switches one mutant after the other in the
// living process. Takes orders from scripts/mutation.mjs over IPC; whoever hangs it is told by its silence.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const [bundle, mode] = process.argv.slice(2)
/** A mutant that must be there while its file is loaded has a process of its own. */
const active = mode === 'none' || mode === 'cover' ? undefined : mode
const { sources, testFiles, seeds } = JSON.parse(readFileSync(bundle, 'utf8'))
const WORDS = new URL('vitest-words.mjs', import.meta.url).href
/** So often may the mutated place be reached more than without the mutant, before it counts as a loop without end. */
const MORE = { times: 30, plus: 3000 }
/** So many turns of the event loop may pass while nothing but the test itself could end it. */
const ROUNDS = 3000

/** What an instrumented file asks: is this mutant switched on; and which places were reached, where that is wanted. */
const HEADER =
  mode === 'cover'
    ? 'const stry = globalThis.__stryker__; function stryMutAct_9fa48() { return false } function stryCov_9fa48(...ids) { stry.cover(ids) } '
    : 'const stry = globalThis.__stryker__; function stryMutAct_9fa48(id) { return id === stry.activeMutant && stry.hit() } function stryCov_9fa48() {} '

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vitest' && context.parentURL?.includes('/test/')
      ? { url: WORDS, shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) => {
    const source = url.startsWith('file:') ? sources[relative(ROOT, fileURLToPath(url))] : undefined
    return source === undefined
      ? next(url, context)
      : { format: 'module-typescript', source: HEADER + source, shortCircuit: true }
  },
})

let reached = {}
const stryker = {
  activeMutant: active,
  hits: 0,
  limit: Infinity,
  hit() {
    if (++stryker.hits > stryker.limit) throw new Error('the mutated place was reached without end')
    return true
  },
  cover(ids) {
    for (const id of ids) reached[id] = (reached[id] ?? 0) + 1
  },
}
globalThis.__stryker__ = stryker
let stray
const tests = await load()
process.on('unhandledRejection', (reason) => {
  stray = reason ?? new Error('rejected with nothing')
})
process.on('uncaughtException', (error) => {
  stray = error
})

async function load() {
  const { takeTests } = await import(WORDS)
  const found = []
  for (const file of testFiles) {
    await import(pathToFileURL(ROOT + file).href)
    for (const { name, body } of takeTests()) found.push({ name: `${file}: ${name}`, body })
  }
  const { examine } = await import('../../test/sim/examine.ts')
  const { generate } = await import('../../test/sim/generate.ts')
  for (const { kind, from, count, wishes } of seeds) {
    for (let seed = from; seed < from + count; seed++) {
      found.push({
        name: `seed ${seed} (${kind})`,
        body: async () => {
          const { violations } = await examine(generate(seed, wishes), { tieSeed: seed % 3 })
          if (violations.length > 0) throw new Error(violations[0].invariant)
        },
      })
    }
  }
  return found
}

/** Whether a test passes; `endless` where it never comes to its end. */
async function passes(test) {
  stray = undefined
  let verdict
  try {
    Promise.resolve(test.body()).then(
      () => {
        verdict ??= 'passed'
      },
      (error) => {
        verdict ??= `failed: ${String(error?.message ?? error).split('\n')[0]}`
      },
    )
  } catch (error) {
    verdict = `failed: ${String(error?.message ?? error).split('\n')[0]}`
  }
  for (let round = 0; round < ROUNDS && verdict === undefined; round++) await new Promise((next) => setImmediate(next))
  if (verdict === 'passed') await new Promise((next) => setImmediate(next))
  if (verdict === 'passed' && stray !== undefined) verdict = `failed: ${String(stray?.message ?? stray)}`
  process.send('alive')
  return verdict ?? 'endless'
}

/** Runs the tests that may find the mutant until one does; says whether the process is still sound afterwards. */
async function judge({ mutant, plan }) {
  let ran = 0
  for (const { test, hits } of plan) {
    ran++
    stryker.activeMutant = mutant
    stryker.hits = 0
    stryker.limit = hits * MORE.times + MORE.plus
    const verdict = await passes(tests[test])
    const looped = stryker.hits > stryker.limit
    stryker.activeMutant = active
    stryker.limit = Infinity
    if (verdict === 'passed' && !looped) continue
    const sound = active !== undefined || (await passes(tests[test])) === 'passed'
    const status = looped || verdict === 'endless' ? 'timeout' : 'killed'
    return { mutant, status, by: tests[test].name, why: verdict, ran, sound }
  }
  return { mutant, status: 'survived', ran, sound: true }
}

/** Which test reaches which mutants, how often, and how long it takes. */
async function cover() {
  const atLoad = Object.keys(reached)
  const report = []
  for (const test of tests) {
    reached = {}
    const start = performance.now()
    const verdict = await passes(test)
    report.push({ name: test.name, verdict, ms: performance.now() - start, hits: reached })
  }
  return { tests: report, atLoad }
}

process.on('disconnect', () => process.exit())
process.on('message', async (order) => process.send(mode === 'cover' ? await cover() : await judge(order)))
process.send('ready')
