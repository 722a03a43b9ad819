import { Ajv, type Ajv as AjvInstance } from 'ajv'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkValue } from '../../src/model/check-value.ts'
import type { ValueSchema } from '../../src/model/value-schema.ts'
import type { Json } from '../../src/util/json.ts'

const ajv: AjvInstance = new Ajv({ strict: false, allErrors: true, ownProperties: true, validateSchema: false })
addFormats.default(ajv)

function accepts(schema: ValueSchema, value: Json): boolean {
  return checkValue(schema, value).length === 0
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-', ' ', 'é', '😀'), maxLength: 5 })
const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor')
const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -3, max: 6 }),
  fc.constantFrom(0.5, 2.5, -1.5),
  text,
)
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs) as Json),
  ),
}))
const size = fc.integer({ min: 0, max: 4 })
const { schema } = fc.letrec<{ schema: ValueSchema }>((tie) => ({
  schema: fc.record(
    {
      type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'array', 'object'),
      enum: fc.array(value, { minLength: 1, maxLength: 4 }),
      const: value,
      pattern: fc.constantFrom('^a', 'b$', '^[ab]{2,3}$', 'a|1', '^\\S*$', '.'),
      minLength: size,
      maxLength: size,
      minimum: fc.integer({ min: -2, max: 3 }),
      maximum: fc.integer({ min: -2, max: 5 }),
      items: fc.option(tie('schema'), { nil: {}, depthSize: 'small' }),
      minItems: size,
      maxItems: size,
      properties: fc.dictionary(
        fc.constantFrom('a', 'b', 'c'),
        fc.option(tie('schema'), { nil: {}, depthSize: 'small' }),
        { maxKeys: 3 },
      ),
      required: fc.uniqueArray(key, { maxLength: 3 }),
      additionalProperties: fc.boolean(),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<ValueSchema>,
}))

describe('checkValue', () => {
  test('accepts and refuses what JSON Schema does', () => {
    let refused = 0
    fc.assert(
      fc.property(schema, value, (schema, value) => {
        const expected = ajv.validate(schema, value)
        if (!expected) refused++
        expect(accepts(schema, value)).toBe(expected)
        ajv.removeSchema()
      }),
      { numRuns: 300 },
    )
    expect(refused).toBeGreaterThan(30)
  })

  test.each([
    [
      'uri',
      ['https://example.org/', 'mailto:a@b.org', 'urn:x:y', 'https://example.org/a?b=c#d'],
      ['', 'example.org', '/a/b', 'https://example.org/a b', '1http://x'],
    ],
    [
      'email',
      ['a@example.org', 'first.last+tag@sub.example.org'],
      ['', 'a', 'a@', '@b.org', 'a b@c.org', '.a@example.org', 'a@-b.org'],
    ],
    [
      'date',
      ['2024-02-29', '2026-11-20', '2000-02-29'],
      ['2023-02-29', '1900-02-29', '2026-13-01', '2026-00-10', '2026-4-1', '2026-04-31', ''],
    ],
    [
      'date-time',
      ['2026-11-20T04:00:00Z', '2026-11-20t04:00:00.123+02:00', '2026-11-20 04:00:00Z'],
      ['2026-11-20', '2026-11-20T24:00:00Z', '2026-11-20T04:60:00Z', '2026-11-20T04:00:00', '2026-02-30T04:00:00Z'],
    ],
    [
      'uuid',
      ['123e4567-e89b-12d3-a456-426614174000', 'urn:uuid:123e4567-e89b-12d3-a456-426614174000'],
      ['123e4567e89b12d3a456426614174000', 'g23e4567-e89b-12d3-a456-426614174000', ''],
    ],
  ])('knows the format %s as JSON Schema does', (format, good, bad) => {
    for (const text of [...good, ...bad]) {
      expect([text, accepts({ type: 'string', format }, text)]).toEqual([text, good.includes(text)])
      expect([text, ajv.validate({ type: 'string', format }, text)]).toEqual([text, good.includes(text)])
    }
  })

  test('says where in the value the fault is, in words', () => {
    const schema: ValueSchema = {
      type: 'array',
      items: {
        type: 'object',
        properties: { id: { type: 'string', minLength: 2 }, size: { type: 'integer', maximum: 3 } },
        required: ['id'],
        additionalProperties: false,
      },
    }
    expect(checkValue(schema, [{ id: 'a', size: 4 }, { other: 1 }, 'x'], 'tasks')).toEqual([
      { path: [0, 'id'], message: '`tasks[0].id` has 1 characters, and wants 2 or more' },
      { path: [0, 'size'], message: '`tasks[0].size` is 4, and may be 3 at most' },
      { path: [1], message: '`tasks[1]` lacks `id`' },
      { path: [1, 'other'], message: '`tasks[1].other` is not declared' },
      { path: [2], message: '`tasks[2]` wants keys and values, and this is `x`' },
    ])
  })

  test('lets an optional field be null', () => {
    const schema: ValueSchema = {
      type: 'object',
      properties: { a: { type: 'string', optional: true }, b: { type: 'string' } },
    }
    expect(accepts(schema, { a: null })).toBe(true)
    expect(accepts(schema, { b: null })).toBe(false)
  })

  test('takes time in proportion to the text, whatever the pattern', () => {
    const start = performance.now()
    expect(accepts({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toBe(false)
    expect(performance.now() - start).toBeLessThan(5000)
  })

  test('says that a pattern of another kind cannot be checked, and does not throw', () => {
    expect(checkValue({ pattern: '(?=a)' }, 'a')[0]?.message).toMatch(
      /^`value` cannot be checked: its pattern `\(\?=a\)` is refused/,
    )
  })
})
