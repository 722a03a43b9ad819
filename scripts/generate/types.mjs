// Definitions -> TypeScript types, by json-schema-to-typescript. Every definition becomes one named type: references
// are given to the compiler as ready type names, so that a description beside a `$ref` makes no second type.
import { compile } from 'json-schema-to-typescript'
import { banner } from './bundle.mjs'

/** Definitions whose type is written by hand, and where. */
const WRITTEN = { json: ['Json', '../../util/json.ts'], valueSchema: ['ValueSchema', '../value-schema.ts'] }

export async function typesOf({ defs }) {
  const typeName = (name) => WRITTEN[name]?.[0] ?? name[0].toUpperCase() + name.slice(1)
  const used = new Set()
  const convert = (node, top) => {
    if (Array.isArray(node)) return node.map((item) => convert(item))
    if (node === null || typeof node !== 'object') return node
    if (!top && typeof node.$ref === 'string') {
      used.add(node.$ref)
      return { description: node.description, tsType: typeName(node.$ref) }
    }
    // Rules between keys are the validator's; a type that spelled them out would say less, not more.
    const {
      oneOf,
      dependentRequired,
      dependentSchemas,
      not,
      propertyNames,
      examples,
      minItems,
      default: _,
      ...rest
    } = node
    const out = { ...rest, ...(minItems !== undefined && rest.type !== 'array' ? { minItems } : {}) }
    for (const key of ['items', 'additionalProperties']) if (out[key]) out[key] = convert(out[key])
    if (out.anyOf) out.anyOf = convert(out.anyOf)
    if (out.properties)
      out.properties = Object.fromEntries(
        Object.entries(out.properties).map(([name, schema]) => [name, convert(schema)]),
      )
    return out
  }
  const emitted = [...defs].filter(([name]) => !WRITTEN[name])
  const parts = []
  for (const [name, schema] of emitted) {
    const text = await compile({ ...convert(schema, true), title: typeName(name) }, typeName(name), {
      bannerComment: '',
      additionalProperties: false,
      declareExternallyReferenced: false,
      unknownAny: true,
      format: true,
      style: { semi: false, singleQuote: true, printWidth: 120 },
    })
    parts.push(readonly(text.trim()))
  }
  const imports = Object.entries(WRITTEN)
    .filter(([name]) => used.has(name))
    .map(([, [type, from]]) => `import type { ${type} } from '${from}'`)
  return `${[banner, ...imports].join('\n')}\n\n${parts.join('\n\n')}\n`
}

/** Data is read-only: properties, and arrays of one named type or of a union in brackets. */
function readonly(text) {
  return text
    .replace(/^(\s+)((?:[\w$]+|"[^"]+"|'[^']+'|\[k: string\])\??: )/gm, '$1readonly $2')
    .replace(/(?<![\w)\]])((?:\w+|\((?:'[^']*'|[\w |])+\))\[\])/g, 'readonly $1')
}
