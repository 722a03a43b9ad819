import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'

interface Promised {
  readonly number: number
  readonly name: string
  readonly says: string
  readonly parts: { readonly [part: string]: string }
  readonly open?: { readonly [part: string]: string }
}

interface Found {
  readonly tests: readonly { readonly file: string; readonly title: string; readonly promises: readonly string[] }[]
  readonly problems: readonly string[]
}

const ROOT = join(import.meta.dirname, '..')
const load = (path: string): Promise<unknown> => import(pathToFileURL(join(ROOT, 'scripts', path)).href)
const { PROMISES } = (await load('guarantees/promises.mjs')) as { PROMISES: readonly Promised[] }
const { collect, faults, readTests } = (await load('guarantees/collect.mjs')) as {
  collect(files: { readonly [path: string]: string }): Found
  faults(promises: readonly Promised[], found: Found): readonly string[]
  readTests(root: string): { readonly [path: string]: string }
}

/** A house with one promise of two parts. */
const ONE: readonly Promised[] = [{ number: 1, name: 'one', says: 'One.', parts: { a: 'First.', b: 'Second.' } }]
const judged = (text: string) => faults(ONE, collect({ 'test/x.test.ts': text }))

describe('the promises of a run', () => {
  const found = collect(readTests(ROOT))

  test('are 29, numbered in order, and each has parts', () => {
    expect(PROMISES.map(({ number }) => number)).toEqual(Array.from({ length: 29 }, (_, index) => index + 1))
    for (const { parts } of PROMISES) expect(Object.keys(parts).length).toBeGreaterThan(0)
  })

  test('have a test for every part, and no test names one that does not exist', () => {
    expect(faults(PROMISES, found)).toEqual([])
  })

  test('are on the page with those tests', () => {
    const page = readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8')
    for (const { number, parts, open = {} } of PROMISES)
      for (const part of [...Object.keys(parts), ...Object.keys(open)]) expect(page).toContain(`- **${number}${part}**`)
    const named = [...page.matchAll(/\]\(\.\.\/(test\/[^)]*)\)/g)].map((match) => match[1]!)
    expect(named.length).toBeGreaterThan(50)
    for (const path of new Set(named)) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true])
  })
})

describe('the check of the promises', () => {
  test('is silent where every part has a test, by whatever call and however its title is written', () => {
    expect(
      judged("test('promise 1a: it does', () => {})\nit.each([['x', f(1)]])(\n  `promise 1b: ${x}`, () => {})"),
    ).toEqual([])
    expect(judged("describe.runIf(here)('promises 1a, 1b: both', () => {})")).toEqual([])
    expect(judged("test.for([\n  ['(', 1],\n  [g(')('), 2],\n] as const)('promises 1a, 1b: both', () => {})")).toEqual(
      [],
    )
  })

  test.each([
    ['a part that no test names', "test('promise 1a: it does', () => {})", 'promise 1b has no test: Second.'],
    ['a test that is skipped', "test.skip('promises 1a, 1b: both', () => {})", 'is not run'],
    ['a group that is skipped', "describe.skip('promises 1a, 1b: both', () => {})", 'is not run'],
    ['a test that is still to be written', "it.todo('promises 1a, 1b: both')", 'is not run'],
    [
      'a part that does not exist',
      "test('promises 1a, 1b, 1c: all', () => {})",
      'names promise 1c, which does not exist',
    ],
    [
      'a promise that does not exist',
      "test('promises 1a, 1b, 30: all', () => {})",
      'names promise 30, which does not exist',
    ],
    ['a text that is no title', "const text = 'promise 1a: it does'", 'is no title of a test'],
  ])('bites on %s', (_, text, fault) => {
    expect(judged(text)).toContainEqual(expect.stringContaining(fault))
  })
})
