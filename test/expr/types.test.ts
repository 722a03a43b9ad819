import { describe, expect, it } from 'vitest'
import { mismatch } from '../../src/expr/check.ts'
import { nameOfType, typeOfSchema } from '../../src/expr/types.ts'

describe('the type of a schema', () => {
  it.each([
    [{ type: 'string' }, { kind: 'string' }],
    [{ type: 'integer' }, { kind: 'int' }],
    [{ type: 'number' }, { kind: 'double' }],
    [
      { type: 'boolean', optional: true },
      { kind: 'bool', nullable: true },
    ],
    [{ type: 'boolean', optional: true, default: false }, { kind: 'bool' }],
    [{ enum: ['a', 'b'] }, { kind: 'string', values: ['a', 'b'] }],
    [{ enum: ['a', null] }, { kind: 'string', values: ['a'], nullable: true }],
    [{ enum: [1, 2] }, { kind: 'int' }],
    [{ enum: [1, 'a'] }, { kind: 'dyn' }],
    [{ const: 'x' }, { kind: 'string', values: ['x'] }],
    [{ type: 'array' }, { kind: 'list', of: { kind: 'dyn' } }],
    [
      { type: 'array', items: { type: 'string' } },
      { kind: 'list', of: { kind: 'string' } },
    ],
    [{ type: 'object' }, { kind: 'map', of: { kind: 'dyn' } }],
    [{}, { kind: 'dyn' }],
  ] as const)('%j', (schema, type) => {
    expect(typeOfSchema(schema)).toEqual(type)
  })

  it('makes fields that nobody requires nullable, and stays open where the schema says so', () => {
    const properties = { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string', default: '' } } as const
    const type = typeOfSchema(
      { type: 'object', properties, required: ['a'], additionalProperties: true },
      { name: 'x' },
    )
    expect(type).toMatchObject({
      kind: 'record',
      name: 'x',
      open: true,
      fields: { a: { kind: 'string' }, b: { kind: 'string', nullable: true }, c: { kind: 'string' } },
    })
  })

  it('has names for people', () => {
    expect(nameOfType(typeOfSchema({ type: 'array', items: { type: 'number' } }))).toBe('list of number')
  })
})

describe('giving a value where another is wanted', () => {
  it.each([
    [{ type: 'integer' }, { type: 'number' }, undefined],
    [{ type: 'number' }, { type: 'integer' }, 'is number where int is wanted'],
    [{ type: 'string' }, { enum: ['a'] }, undefined],
    [{ const: 'b' }, { enum: ['a'] }, 'can be `b` where only a are wanted'],
    [{ type: 'array', items: { type: 'string' } }, { type: 'array', items: { type: 'integer' } }, /one is string/],
    [
      { properties: { a: { type: 'string' } } },
      { properties: { b: { type: 'string' } }, required: ['b'] },
      'has no `b`',
    ],
    [{ properties: { a: { type: 'string' } } }, { properties: { a: { type: 'integer' } } }, /has a `a` that is string/],
    [{}, { type: 'integer' }, undefined],
  ] as const)('%j for %j', (given, wanted, expected) => {
    const found = mismatch(typeOfSchema(given), typeOfSchema(wanted))
    if (expected instanceof RegExp) expect(found).toMatch(expected)
    else expect(found).toBe(expected)
  })
})
