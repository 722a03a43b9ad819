import Ajv2020 from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { allSchemas, keysOf, type Node } from './schemas.ts'

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'
const KEYWORDS = ['x-is', 'x-expects', 'x-one-of', 'x-what', 'x-key', 'x-belongs', 'x-not', 'x-not-yet-supported']

function ajvOfAll() {
  const ajv = new Ajv2020.default({
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
    allErrors: true,
  })
  for (const keyword of KEYWORDS) ajv.addKeyword({ keyword })
  for (const { file, schema } of allSchemas()) ajv.addSchema(schema, file)
  return ajv
}

describe.each(allSchemas())('$file', ({ file, schema }) => {
  test('is draft 2020-12 with a title and a description', () => {
    expect(schema.$schema).toBe(DRAFT)
    expect(schema).toMatchObject({ title: expect.any(String), description: expect.any(String) })
  })

  test('says of every key what it means and shows it', () => {
    const silent = [...keysOf({ file, schema })].filter(([, node]) => !node.description || !node.examples?.length)
    expect(silent.map(([name]) => name)).toEqual([])
  })

  test('says of every definition what it means and shows it', () => {
    const silent = Object.entries(schema.$defs ?? {}).filter(([, node]) => !node.description || !node.examples?.length)
    expect(silent.map(([name]) => name)).toEqual([])
  })

  test('shows only examples and defaults that fit', () => {
    const ajv = ajvOfAll()
    const faults: string[] = []
    const look = (node: Node, pointer: string) => {
      const shown = [...(node.examples ?? []), ...('default' in node ? [node.default] : [])]
      const validate = shown.length > 0 ? ajv.getSchema(`${file}#${pointer}`) : undefined
      for (const value of shown) {
        if (!validate?.(value)) faults.push(`${pointer}: ${JSON.stringify(value)} ${ajv.errorsText(validate?.errors)}`)
      }
    }
    look(schema, '')
    for (const [key, node] of Object.entries(schema.properties ?? {})) look(node, `/properties/${key}`)
    for (const [name, definition] of Object.entries(schema.$defs ?? {})) {
      look(definition, `/$defs/${name}`)
      for (const [key, node] of Object.entries(definition.properties ?? {}))
        look(node, `/$defs/${name}/properties/${key}`)
    }
    expect(faults).toEqual([])
  })

  test('lets no object have keys that nobody wrote down', () => {
    const open = Object.entries(schema.$defs ?? {}).filter(
      ([, node]) => node.type === 'object' && !('additionalProperties' in node),
    )
    expect(open.map(([name]) => name)).toEqual([])
  })
})
