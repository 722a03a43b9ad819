// Definitions -> one module of validators, by ajv's standalone code: nothing of ajv is needed at run time. Each
// definition is compiled once and shared; errors carry the schema that failed, which the mapper in src/model reads.
import Ajv from 'ajv/dist/2020.js'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { banner, without } from './bundle.mjs'

/** Keywords that say something to us, to editors or to readers, and nothing to a validator. */
const ANNOTATIONS = ['x-is', 'x-expects', 'x-one-of', 'x-what', 'x-key', 'x-belongs', 'x-not', 'x-not-yet-supported']

export function validatorsOf({ roots, defs }) {
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
    verbose: true,
    messages: false,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
  })
  // Of the draft's features that no schema of ours uses, and that would double the code.
  Object.assign(ajv.opts, { unevaluated: false, dynamicRef: false })
  for (const keyword of ANNOTATIONS) ajv.addKeyword({ keyword })
  for (const [name, schema] of defs)
    ajv.addSchema(without(schema, ['description', 'examples', 'default', 'x-not-yet-supported', '$comment']), name)
  const code = standaloneCode(ajv, Object.fromEntries(roots.map(({ kind, name }) => [kind, name])))
  const needs = /require\([^)]*\)(?:\.default)?/g
  const inlined = code.replace('"use strict";\n', '').replace(needs, (call) => {
    if (call.includes('ucs2length')) return '(text) => [...text].length'
    if (call.includes('runtime/equal')) return '(a, b) => JSON.stringify(a) === JSON.stringify(b)'
    throw new Error(`a validator needs ${call} at run time: give it here or leave out the keyword`)
  })
  return `// @ts-nocheck\n${banner}\n${SHARED}${shorten(inlined)}\n`
}

const SHARED = `
function put(list, error) {
  if (list === null) return [error]
  list.push(error)
  return list
}
function join(list, errors) {
  if (list === null) return errors
  for (const error of errors) list.push(error)
  return list
}
`

/** The same code with less of it: helpers instead of a thousand copies, and no second copy of the failing schema. */
function shorten(code) {
  return code
    .replace(/^(const err\d+ = .*?),schema:.*?,parentSchema:/gm, '$1,parentSchema:')
    .replace(
      /const (err\d+) = (\{.*\});\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}/g,
      'vErrors = put(vErrors, $2);',
    )
    .replace(
      /vErrors = vErrors === null \? (validate\d+\.errors) : vErrors\.concat\(\1\);/g,
      'vErrors = join(vErrors, $1);',
    )
    .replace(/, parentData, parentDataProperty, rootData=data(?:, dynamicAnchors=\{\})?\}=\{\}/g, '}={}')
    .replace(/,parentData(?::[^,]+)?,parentDataProperty(?::[^,]+)?,rootData(?:,dynamicAnchors)?\}/g, '}')
    .trim()
}
