// Stands in for `vitest` in a mutation worker: collects the tests of a file instead of running them. `expect` is the
// real one.
import { expect } from '../../node_modules/vitest/dist/index.js'

const tests = []
let path = []

function test(name, options, body) {
  tests.push({ name: [...path, name].join(' > '), body: typeof options === 'function' ? options : body })
}

test.each = (rows) => (name, options, body) => {
  for (const [index, row] of rows.entries()) {
    const values = Array.isArray(row) ? row : [row]
    const run = typeof options === 'function' ? options : body
    test(`${name} #${index}`, () => run(...values))
  }
}

function describe(name, body) {
  path = [...path, name]
  body()
  path = path.slice(0, -1)
}

test.for = (rows) => (name, options, body) => {
  const run = typeof options === 'function' ? options : body
  for (const [index, row] of [...rows].entries()) test(`${name} #${index}`, () => run(row))
}

describe.each = (rows) => (name, body) => {
  for (const [index, row] of rows.entries())
    describe(`${name} #${index}`, () => body(...(Array.isArray(row) ? row : [row])))
}

function refuse() {
  throw new Error('tests of mutation workers have no hooks')
}

/** The tests that were collected since the last call. */
export function takeTests() {
  return tests.splice(0)
}

export { describe, expect, test, test as it }
export const beforeEach = refuse
export const afterEach = refuse
export const beforeAll = refuse
export const afterAll = refuse
export const vi = new Proxy({}, { get: refuse })
