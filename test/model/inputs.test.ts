import { describe, expect, test } from 'vitest'
import { applyDefaults, checkValues, parseInput } from '../../src/model/inputs.ts'
import type { ValueSchema } from '../../src/model/value-schema.ts'

const schemas: { readonly [name: string]: ValueSchema } = {
  version: { type: 'string', optional: true },
  remote: { type: 'string', default: 'origin' },
  count: { type: 'integer', description: 'how many' },
}

describe('applyDefaults', () => {
  test('gives every declared name, absent ones as their default or null', () => {
    expect(applyDefaults(schemas, { count: 3 })).toEqual({ version: null, remote: 'origin', count: 3 })
  })

  test('keeps what is given, leaves out what is not declared, takes null for nothing', () => {
    expect(applyDefaults(schemas, { count: 0, remote: null, version: '1', other: 1 })).toEqual({
      version: '1',
      remote: 'origin',
      count: 0,
    })
  })

  test('is not fooled by names that every object has', () => {
    expect(applyDefaults(Object.fromEntries([['constructor', { type: 'string', default: 'x' }]]), {})).toEqual({
      constructor: 'x',
    })
  })
})

describe('checkValues', () => {
  test('is silent when all is there', () => {
    expect(checkValues(schemas, { count: 3, remote: null })).toEqual([])
  })

  test('names what is unknown, wrong and missing', () => {
    expect(checkValues(schemas, { verison: '1', remote: 5 })).toEqual([
      { path: ['verison'], message: 'there is no input `verison`', hint: 'did you mean `version`?' },
      { path: ['remote'], message: '`remote` wants text, and this is the number 5' },
      { path: ['count'], message: 'the input `count` is missing', hint: '`count`: how many' },
    ])
  })

  test('calls values what the caller calls them', () => {
    expect(checkValues({}, { a: 1 }, 'field')).toEqual([
      { path: ['a'], message: 'there is no field `a`', hint: 'there is no field at all' },
    ])
  })
})

describe('parseInput', () => {
  test.each<[ValueSchema, string, unknown]>([
    [{ type: 'string' }, '1.10', '1.10'],
    [{ type: 'string' }, 'true', 'true'],
    [{ type: 'integer' }, '42', 42],
    [{ type: 'integer' }, '-7', -7],
    [{ type: 'number' }, '1.5e2', 150],
    [{ type: 'boolean' }, 'false', false],
    [{ type: 'array' }, '["a", 1]', ['a', 1]],
    [{ type: 'object' }, '{"a": null}', { a: null }],
    [{ enum: ['plan', 'apply'] }, 'plan', 'plan'],
    [{ enum: [1, 2] }, '2', 2],
    [{ const: true }, 'true', true],
    [{}, '5', '5'],
  ])('reads for %j the text %j', (schema, text, value) => {
    expect(parseInput(schema, text)).toEqual({ ok: true, value })
  })

  test.each<[ValueSchema, string, string]>([
    [{ type: 'integer' }, '1.5', '`1.5` is no whole number'],
    [{ type: 'integer' }, '', '`` is no whole number'],
    [{ type: 'number' }, '0x10', '`0x10` is no number'],
    [{ type: 'number' }, '1e999', '`1e999` is no number'],
    [{ type: 'boolean' }, 'yes', '`yes` is neither `true` nor `false`'],
    [{ type: 'array' }, 'a,b', '`a,b` is not the JSON of a list, such as \'["a", "b"]\''],
    [{ type: 'object' }, 'a', '`a` is not the JSON of an object, such as \'{"key": "value"}\''],
  ])('refuses for %j the text %j', (schema, text, message) => {
    expect(parseInput(schema, text)).toEqual({ ok: false, message })
  })
})
