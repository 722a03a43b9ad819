// Which test shows which promise, and what was measured: `npm run guarantees` writes docs/guarantees.md from the titles of
// the tests and from docs/measurements.json; with `--check` it writes nothing and fails on a promise without a test.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { collect, faults, readInvariants, readTests } from './guarantees/collect.mjs'
import { page } from './guarantees/page.mjs'
import { PROMISES } from './guarantees/promises.mjs'

export const PAGE = 'docs/guarantees.md'
const MEASUREMENTS = 'docs/measurements.json'

/** What is wrong with the promises of this repository, and the page about them. */
export function guarantees() {
  const found = collect(readTests())
  const measured = existsSync(MEASUREMENTS) ? JSON.parse(readFileSync(MEASUREMENTS, 'utf8')) : {}
  return { faults: faults(PROMISES, found), page: page(PROMISES, found.tests, readInvariants(), measured) }
}

if (import.meta.main) {
  const { faults: wrong, page: text } = guarantees()
  for (const line of wrong) console.error(`guarantees: ${line}`)
  if (wrong.length > 0) process.exit(1)
  if (process.argv.includes('--check')) console.log('guarantees: every promise has its tests')
  else writeFileSync(PAGE, text)
}
