import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TABLE } from '../../src/model/generated/schemas.ts'
import { parseDuration } from '../../src/util/duration.ts'
import { allSchemas } from './schemas.ts'

const { schema: common } = allSchemas().find(({ file }) => file === 'common.schema.json')!
const patternOf = (name: string) => new RegExp(common.$defs![name]!.pattern as string, 'u')

describe('a duration', () => {
  const part = (unit: string) =>
    fc.option(
      fc.integer({ min: 0, max: 99 }).map((count) => `${count}${unit}`),
      { nil: '' },
    )
  const written = fc.oneof(
    fc.tuple(part('d'), part('h'), part('m'), part('s'), part('ms')).map((parts) => parts.join('')),
    fc
      .tuple(part('D'), part('H'), part('M'), part('S'))
      .map(([day, ...time]) => `P${day}${time.join('') === '' ? '' : `T${time.join('')}`}`),
    fc.string({ unit: fc.constantFrom('1', '2', 'd', 'h', 'm', 's', 'P', 'T', 'M', ' ', '.', '-'), maxLength: 6 }),
    fc.constantFrom('', 'P', 'PT', '5', '5 m', '-5m', '1.5h', '1m1h', '30S', 'PT5m'),
  )

  test('is one for the schema exactly when the parser reads it', () => {
    let read = 0
    fc.assert(
      fc.property(written, (text) => {
        // The parser takes a dangling T for nothing; a schema that editors show should not.
        fc.pre(!/T$/.test(text))
        if (parseDuration(text) !== undefined) read++
        expect([text, patternOf('duration').test(text)]).toEqual([text, parseDuration(text) !== undefined])
        expect(patternOf('durationOrTemplate').test(text)).toBe(parseDuration(text) !== undefined)
        const isLimit = (parseDuration(text) ?? 0) > 0
        expect([text, patternOf('limit').test(text)]).toEqual([text, isLimit])
        expect([text, patternOf('limitOrTemplate').test(text)]).toEqual([text, isLimit])
      }),
      { numRuns: 1000 },
    )
    expect(read).toBeGreaterThan(100)
  })

  test('may be an expression only where the schema says so', () => {
    expect(patternOf('durationOrTemplate').test('${{ inputs.limit }}')).toBe(true)
    expect(patternOf('limitOrTemplate').test('${{ inputs.limit }}')).toBe(true)
    expect(patternOf('duration').test('${{ inputs.limit }}')).toBe(false)
    expect(patternOf('limit').test('${{ inputs.limit }}')).toBe(false)
  })
})

test('the type of value schemas, written by hand, has the keys of the schema and no others', () => {
  const text = readFileSync(join(import.meta.dirname, '../../src/model/value-schema.ts'), 'utf8')
  const keys = [...text.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, key]) => key)
  expect(keys.toSorted()).toEqual(Object.keys(TABLE.valueSchema?.properties ?? {}).toSorted())
})
