import { isTemplate, loneExpression, scanTemplate } from '../expr/template.ts'
import { conversionTo, type ExprType, nameOfType } from '../expr/types.ts'
import { checkValue } from '../model/check-value.ts'
import { isRequired } from '../model/inputs.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { Json } from '../util/json.ts'
import { checkValueText, type Place } from './expressions.ts'
import { hintFor, tell } from './report.ts'
import type { Reader } from './scope.ts'
import { entries, keyAt, type Source, valueAt } from './source.ts'

/** What is called, for messages: `the task \`publish\``. */
export interface Callee {
  readonly what: string
  readonly inputs: { readonly [name: string]: ValueSchema }
  /** Where an input is declared, for the related place. */
  readonly declared?: (input: string) => Source | undefined
}

/**
 * Checks what a caller gives by `with` against what the callee declares: each name known, each required one given, each
 * value of its type. Returns the values as written.
 */
export function checkWith(
  place: Place,
  given: Source | undefined,
  callee: Callee,
  caller: Source,
  reader: Reader,
): { [name: string]: Json } {
  const values: { [name: string]: Json } = {}
  for (const [name, value] of entries(given)) {
    const schema = Object.hasOwn(callee.inputs, name) ? callee.inputs[name] : undefined
    if (schema === undefined) {
      checkValueText(place, value, reader)
      const names = Object.keys(callee.inputs)
      tell(
        place.session,
        'plan/unknown-input',
        keyAt(value),
        `${callee.what} has no input \`${name}\``,
        hintFor(name, names, 'its inputs'),
      )
      continue
    }
    checkGiven(place, value, schema, name, callee, reader)
    values[name] = value.value
  }
  const missing = Object.keys(callee.inputs).filter(
    (name) => isRequired(callee.inputs[name]!) && !Object.hasOwn(values, name),
  )
  for (const name of missing) {
    const source = callee.declared?.(name)
    tell(place.session, 'plan/missing-input', keyAt(given ?? caller), `${callee.what} requires the input \`${name}\``, {
      hint: `give it: \`with: { ${name}: ... }\``,
      ...(source && { related: [{ message: `\`${name}\` is declared here`, at: keyAt(source) }] }),
    })
  }
  return values
}

/** One value against one schema: literals by value, `${{ }}` by type. */
function checkGiven(
  place: Place,
  value: Source,
  schema: ValueSchema,
  name: string,
  callee: Callee,
  reader: Reader,
): void {
  if (value.value === null && !isRequired(schema)) return
  if (!holdsTemplate(value.value)) {
    for (const fault of checkValue(schema, value.value, name)) {
      tell(place.session, 'plan/value-type', placeAt(value, fault.path), `${fault.message}`, {
        hint: `${callee.what} declares \`${name}\` so`,
      })
    }
    return
  }
  const type = checkValueText(place, value, reader)
  const why = misfit(type, schema)
  if (why === undefined) return
  const source = callee.declared?.(name)
  const related = source && { related: [{ message: `\`${name}\` is declared here`, at: keyAt(source) }] }
  if (why === 'null') {
    tell(
      place.session,
      'expr/null',
      valueAt(value),
      `\`${name}\` of ${callee.what} is required, and this can be null`,
      {
        hint: 'give a value for that case, `x != null ? x : "default"`, or declare the input `optional: true`',
        ...related,
      },
    )
  } else {
    tell(
      place.session,
      'plan/value-type',
      valueAt(value),
      `\`${name}\` of ${callee.what} takes ${why}, and this gives ${nameOfType(type)}`,
      { ...conversionHint(value.value, type, why), ...related },
    )
  }
}

/** The conversion that would make it fit, where the value is one expression. */
function conversionHint(value: Json, type: ExprType, wanted: string): { hint: string } | undefined {
  const lone = typeof value === 'string' ? loneExpression(scanTemplate(value)) : undefined
  const call = conversionTo(wanted, type)
  return lone === undefined || call === undefined
    ? undefined
    : { hint: `convert it: \`\${{ ${call}(${lone.source.trim()}) }}\`` }
}

function placeAt(value: Source, path: readonly (string | number)[]) {
  return value.document.locate([...value.path, ...path], 'value')
}

/** True where a text somewhere in the value has a `${{ }}`. */
export function holdsTemplate(value: Json): boolean {
  if (typeof value === 'string') return isTemplate(value)
  if (value === null || typeof value !== 'object') return false
  return Object.values(value).some((inner) => holdsTemplate(inner as Json))
}

/** What the schema wants and the type cannot be: `null`, the name of the wanted type, or undefined where it fits. */
function misfit(type: ExprType, schema: ValueSchema): string | undefined {
  if (type.kind === 'dyn') return undefined
  if (type.kind === 'null' || type.nullable) {
    if (isRequired(schema) || type.kind !== 'null')
      return isRequired(schema) || schema.default !== undefined ? 'null' : misfit({ ...type, nullable: false }, schema)
    return undefined
  }
  const wanted = schema.type
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  if (values !== undefined && type.kind === 'string' && type.values !== undefined) {
    return type.values.every((value) => values.includes(value))
      ? undefined
      : `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`
  }
  if (wanted === undefined) return undefined
  const kinds: { readonly [type: string]: readonly ExprType['kind'][] } = {
    string: ['string', 'duration', 'timestamp', 'bytes'],
    integer: ['int', 'double'],
    number: ['int', 'double'],
    boolean: ['bool'],
    array: ['list'],
    object: ['map', 'record'],
  }
  if (!kinds[wanted]!.includes(type.kind)) return wanted
  if (type.kind === 'list' && schema.items)
    return misfit(type.of, schema.items) === undefined ? undefined : `a list of ${schema.items.type ?? 'its items'}`
  return undefined
}
