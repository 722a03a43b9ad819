import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDocument } from '../../src/document/read.ts'
import type { Kind } from '../../src/model/schema-table.ts'
import { notYetSupported } from '../../src/model/supported.ts'
import { validateAs } from '../../src/model/validate.ts'
import type { Json, JsonObject } from '../../src/util/json.ts'
import { allSchemas } from '../schema/schemas.ts'

const kinds: readonly Kind[] = ['pipeline', 'coordinator', 'agents', 'config']
const folder = join(import.meta.dirname, '..', '..', 'examples', 'language')

/** The values of all examples of the language: seeds that reach deep into the schemas. */
const seeds: readonly Json[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((path) => readDocument({ path, text: readFileSync(join(folder, path), 'utf8') }).document!.value)

const junk: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  null,
  true,
  0,
  1.5,
  -3,
  '',
  'x',
  '5m',
  '80%',
  '${{ x }}',
  'A:B',
  [],
  {},
  ['x'],
  { a: 1 },
  [{}],
  { __proto__x: {} },
)
const keys = fc.constantFrom(
  'run',
  'uses',
  'with',
  'needs',
  'when',
  'paths',
  'wait',
  'timeout',
  'a',
  'Build-It',
  '__proto__',
  'constructor',
  'toString',
  'x/y~z',
  '0',
)

/** The value with one place changed: the walk says which, the edit says how. */
function mutate(
  value: Json,
  walk: readonly number[],
  edit: { readonly key: string; readonly to: Json; readonly drop: boolean },
): Json {
  const [step, ...rest] = walk
  if (Array.isArray(value)) {
    if (step === undefined || value.length === 0) return edit.to
    const at = step % value.length
    return value.map((item, index) => (index === at ? mutate(item, rest, edit) : item))
  }
  if (value === null || typeof value !== 'object') return edit.to
  const entries = Object.entries(value as JsonObject)
  if (step === undefined || entries.length === 0) return Object.fromEntries([...entries, [edit.key, edit.to]])
  const at = step % entries.length
  if (edit.drop && rest.length === 0) return Object.fromEntries(entries.filter((_, index) => index !== at))
  return Object.fromEntries(entries.map(([key, part], index) => [key, index === at ? mutate(part, rest, edit) : part]))
}

const mutation = fc.tuple(
  fc.array(fc.nat(40), { maxLength: 7 }),
  fc.record({ key: keys, to: junk, drop: fc.boolean() }),
)
const mutant = fc
  .tuple(fc.constantFrom(...seeds), fc.array(mutation, { minLength: 0, maxLength: 3 }))
  .map(([seed, edits]) => edits.reduce((value, [walk, edit]) => mutate(value, walk, edit), seed))

const ajv = new Ajv2020.default({ strict: false, allErrors: true })
for (const { file, schema } of allSchemas()) ajv.addSchema(schema, file)

describe('whatever a file says', () => {
  test('the generated validators judge it as the schemas do, and every refusal has its reason in the file', () => {
    let valid = 0
    let refused = 0
    fc.assert(
      fc.property(mutant, fc.constantFrom(...kinds), (value, kind) => {
        const { document } = readDocument({ path: 'x.yaml', text: JSON.stringify(value) })
        if (!document) return
        const result = validateAs(document, kind)
        expect(result.ok).toBe(ajv.validate(`${kind}.schema.json`, document.value))
        if (result.ok) {
          valid++
          expect(() => notYetSupported(document, kind)).not.toThrow()
          return
        }
        refused++
        expect(result.diagnostics.length).toBeGreaterThan(0)
        for (const { at, message } of result.diagnostics) {
          expect(at.span.start).toBeLessThanOrEqual(at.span.end)
          expect(at.span.end).toBeLessThanOrEqual(document.file.text.length)
          expect(message).not.toMatch(/undefined|\[object|oneOf|anyOf|NaN/)
        }
      }),
      { numRuns: 1500 },
    )
    expect(valid).toBeGreaterThan(50)
    expect(refused).toBeGreaterThan(500)
  })
})
