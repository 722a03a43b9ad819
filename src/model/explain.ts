import { type Diagnostic, type Fix, type Location, report } from '../diagnostics/diagnostic.ts'
import type { Document, Path } from '../document/document.ts'
import { meantBoolean } from '../document/meant-boolean.ts'
import { parseDuration } from '../util/duration.ts'
import { nearest } from '../util/nearest.ts'
import type { FaultSchema, Told } from './faults.ts'
import { KIND_NAMES } from './kind.ts'
import { describe, nameFault, wanted } from './phrases.ts'
import type { Kind } from './schema-table.ts'

/** Says a fault in the words of the language, at its narrowest place. */
export function explain(document: Document, told: Told, kind: Kind): Diagnostic[] {
  const { fault, path } = told
  const { keyword, params, parentSchema } = fault
  const value = document.locate(path, 'value')
  if (fault.data === null && isRefused(document, path)) return []
  switch (keyword) {
    case 'additionalProperties':
      return [unknownKey(document, path, String(params.additionalProperty), parentSchema)]
    case 'propertyNames': {
      const key = String(params.propertyName)
      const { message, hint } = nameFault(key, told.name?.schema ?? {})
      return [report('schema/bad-name', document.locate([...path, key], 'key'), message, { hint })]
    }
    case 'required': {
      const missing = String(params.missingProperty)
      const owner = path.length === 0 ? KIND_NAMES[kind] : label(path)
      return [
        report('schema/missing-key', document.locate(path, 'key'), `${owner} lacks \`${missing}\``, {
          hint: `add \`${missing}: …\``,
        }),
      ]
    }
    case 'oneOf':
      return [oneKind(document, told)]
    case 'dependentRequired': {
      const key = String(params.property)
      const missing = String(params.missingProperty)
      const message = `\`${key}\` stands without \`${missing}\``
      return [
        report('schema/misplaced-key', document.locate([...path, key], 'key'), message, {
          hint: `add \`${missing}: …\` beside it`,
        }),
      ]
    }
    case 'not': {
      const [first = '', second = ''] = parentSchema['x-not'] ?? []
      const related = [{ message: `\`${first}\` stands here`, at: document.locate([...path, first], 'key') }]
      return [
        report(
          'schema/misplaced-key',
          document.locate([...path, second], 'key'),
          `\`${second}\` cannot stand beside \`${first}\``,
          { related, hint: 'keep one of them' },
        ),
      ]
    }
    case 'anyOf': {
      const key = parentSchema['x-key']
      if (key === undefined) return [wrongType(document, told)]
      const belongs = list(parentSchema['x-belongs'] ?? [])
      return [
        report(
          'schema/misplaced-key',
          document.locate([...path, key], 'key'),
          `\`${key}\` says nothing here: it goes with ${belongs}`,
          { hint: 'values for a command go into `env`' },
        ),
      ]
    }
    case 'type':
      return [wrongType(document, told)]
    case 'enum':
    case 'const':
      return [unknownValue(document, told)]
    case 'pattern':
      return [badText(document, told)]
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return [
        report('schema/out-of-range', value, `${label(path)} is empty`, {
          hint: `give it ${EMPTY[keyword]}, or remove the key`,
        }),
      ]
    default: {
      const message = `${label(path)} is ${describe(fault.data)}, ${LIMITS[keyword]?.(params.limit) ?? 'which is not allowed here'}`
      return [report('schema/out-of-range', value, message)]
    }
  }
}

/** A value that the loader took for nothing because it had a fault, which is told already: `*unknown`, `!tag`, `1e999`. */
function isRefused(document: Document, path: Path): boolean {
  const { file, span } = document.locate(path, 'value')
  return /^[*!]/.test(file.text.slice(span.start, span.end)) || !/^(?:|~|null)$/i.test(document.source(path))
}

const LIMITS: { readonly [keyword: string]: (limit: number | undefined) => string } = {
  minimum: (limit) => `and wants ${limit} or more`,
  maximum: (limit) => `and may be ${limit} at most`,
}

/** What a value lacks that must not be empty. */
const EMPTY = { minLength: 'a text', minItems: 'an item', minProperties: 'a key with a value' } as const

function unknownKey(document: Document, path: Path, key: string, schema: FaultSchema): Diagnostic {
  const allowed = Object.keys(schema.properties ?? {})
  const near = nearest(key, allowed)
  const value = objectAt(document, path)
  const owner = path.length === 0 ? 'the file' : label(path)
  const hint = /^[^'"]*[)\]]|[=<>!&|(]/.test(key)
    ? 'inside of `{ }` a comma ends a value: put the one before it in quotes'
    : near === undefined
      ? `known here: ${allowed.filter((name) => !Object.hasOwn(value, name)).join(', ')}`
      : `did you mean \`${near}\`?`
  return report('schema/unknown-key', document.locate([...path, key], 'key'), `\`${key}\` is no key of ${owner}`, {
    hint,
  })
}

function objectAt(document: Document, path: Path): object {
  let value: unknown = document.value
  for (const part of path) value = (value as { readonly [key: string]: unknown } | undefined)?.[part]
  return value !== null && typeof value === 'object' ? value : {}
}

function oneKind(document: Document, { fault, path }: Told): Diagnostic {
  const kinds = fault.parentSchema['x-one-of'] ?? []
  const what = fault.parentSchema['x-what'] ?? 'value'
  const [first, ...others] = Object.keys(objectAt(document, path)).filter((key) => kinds.includes(key))
  if (first === undefined) {
    const message = `${label(path)} is a ${what} without anything to do`
    return report('schema/one-of', document.locate(path, 'key'), message, { hint: `add exactly one of ${list(kinds)}` })
  }
  const second = others[0] ?? first
  const related = [{ message: `\`${first}\` stands here`, at: document.locate([...path, first], 'key') }]
  const message = `${label(path)} has both \`${first}\` and \`${second}\`, and a ${what} is exactly one of them`
  return report('schema/one-of', document.locate([...path, second], 'key'), message, {
    related,
    hint: `keep one, or make two ${what}s`,
  })
}

function wrongType(document: Document, told: Told): Diagnostic {
  const { fault, path } = told
  const at = document.locate(path, 'value')
  const { data, parentSchema: schema } = fault
  const types = fault.params.types ?? [schema.type ?? []].flat()
  if (schema['x-is'] === 'duration') return badDuration(document, told)
  if (data === null)
    return report('schema/wrong-type', at, `${label(path)} has no value`, {
      hint: `give ${wanted(schema)}, or remove the key`,
    })
  const takesText = types.includes('string') && !types.includes('integer')
  if (takesText && schema['x-is'] !== 'condition' && (typeof data === 'number' || typeof data === 'boolean'))
    return notText(document, told)
  const message = `${label(path)} wants ${wanted(schema)}, and this is ${describe(data)}`
  const meant = types.includes('boolean') ? meantBoolean(document, path) : undefined
  if (meant) {
    const hint = meant.value === data ? 'remove the quotes' : `write \`${meant.value}\``
    return report('schema/wrong-type', at, message, { hint, fix: meant.fix })
  }
  const words = fault.params.words ?? []
  const near = typeof data === 'string' ? nearest(data, words) : undefined
  const hint =
    near !== undefined ? `did you mean \`${near}\`?` : meantUnquoted(types, data) ? 'remove the quotes' : undefined
  return report('schema/wrong-type', at, message, hint === undefined ? {} : { hint })
}

/** A number or boolean where text is wanted: YAML took it for one, because it has no quotes. */
function notText(document: Document, { fault, path }: Told): Diagnostic {
  const at = document.locate(path, 'value')
  const source = document.source(path)
  const text = fault.parentSchema['x-is'] === 'percent' ? `${source}%` : JSON.stringify(source)
  const read = String(fault.data)
  const kind = typeof fault.data
  const as = read === source ? `a ${kind}` : `the ${kind} ${read}`
  const fix: Fix = { title: `write \`${text}\``, safe: true, edits: [{ span: at.span, text }] }
  return report('schema/not-text', at, `${label(path)} wants text, and YAML reads \`${source}\` as ${as}`, {
    hint: `write \`${text}\``,
    fix,
  })
}

/** True where a text is what was wanted, but for its quotes. */
function meantUnquoted(types: readonly string[], data: unknown): boolean {
  if (typeof data !== 'string') return false
  return (types.includes('integer') || types.includes('number')) && /^-?\d+(\.\d+)?$/.test(data)
}

function unknownValue(document: Document, { fault, path }: Told): Diagnostic {
  const at = document.locate(path, 'value')
  const allowed = fault.keyword === 'const' ? [fault.params.allowedValue] : (fault.parentSchema.enum ?? [])
  if (path.at(-1) === 'opsflow' && path.length === 1) {
    const message = `the file says format version ${JSON.stringify(fault.data)}, and this opsflow reads version 1`
    return report('schema/unknown-value', at, message, { hint: 'use a newer opsflow, or write `opsflow: 1`' })
  }
  const near =
    typeof fault.data === 'string'
      ? nearest(
          fault.data,
          allowed.filter((value) => typeof value === 'string'),
        )
      : undefined
  const message = `${label(path)} is ${describe(fault.data)}, and it may only be ${list(allowed.map(String), 'or')}`
  return report('schema/unknown-value', at, message, near === undefined ? {} : { hint: `did you mean \`${near}\`?` })
}

function badText(document: Document, told: Told): Diagnostic {
  const { fault, path } = told
  const schema = fault.parentSchema
  if (schema['x-is'] === 'duration') return badDuration(document, told)
  const { message, hint } = nameFault(String(fault.data), schema)
  return report('schema/bad-name', document.locate(path, 'value'), `${label(path)}: ${message}`, { hint })
}

function badDuration(document: Document, told: Told): Diagnostic {
  const { fault, path } = told
  const at = document.locate(path, 'value')
  const source = document.source(path)
  if (typeof fault.data === 'number' || (typeof fault.data === 'string' && /^\d+$/.test(fault.data))) {
    const number = String(fault.data)
    return report('schema/bad-duration', at, `${label(path)} has no unit: \`${source}\` of what?`, {
      hint: `${number}s or ${number}m?`,
    })
  }
  if (typeof fault.data === 'string' && fault.data.includes('${{')) return durationOfExpression(at, told)
  if (typeof fault.data === 'string' && parseDuration(fault.data) === 0)
    return report(
      'schema/bad-duration',
      at,
      `${label(path)} is \`${source}\`, and a limit of no time lets nothing happen`,
      {
        hint: 'zero does not mean without a limit: give it more time, such as `30s`, or a very long one, such as `30d`',
      },
    )
  const message = `${label(path)} is ${describe(fault.data)}, which is no duration`
  return report('schema/bad-duration', at, message, { hint: 'write it like `30s`, `5m`, `1h30m`, `3d` or `PT5M`' })
}

/** Some durations may be one expression, none may be text around one. */
function durationOfExpression(at: Location, { fault, path }: Told): Diagnostic {
  const what = `${label(path)} is ${describe(fault.data)}`
  if (!String(fault.parentSchema.pattern).includes('$\\{'))
    return report('schema/bad-duration', at, `${what}, and only a fixed duration can stand here`, {
      hint: 'write it like `30s`, `5m`, `1h30m`, `3d` or `PT5M`',
    })
  return report('schema/bad-duration', at, `${what}, which puts text beside \`\${{ }}\``, {
    hint: "write a fixed duration such as `5m`, or a lone `${{ }}` that gives the whole text: `${{ string(x) + 'm' }}`",
  })
}

/** The last key of a path, and the number of an item in it. */
function label(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'the file'
  if (/^\d+$/.test(String(last)) && path.length > 1) return `item ${Number(last) + 1} of \`${path.at(-2)}\``
  return `\`${last}\``
}

function list(names: readonly string[], word = 'or'): string {
  const quoted = names.map((name) => `\`${name}\``)
  return quoted.length < 2 ? (quoted[0] ?? 'nothing') : `${quoted.slice(0, -1).join(', ')} ${word} ${quoted.at(-1)}`
}
