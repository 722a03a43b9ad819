import type { FaultSchema } from './faults.ts'

/** What a schema wants, as a noun with its article. */
export function wanted(schema: FaultSchema): string {
  if (schema['x-expects'] !== undefined) return schema['x-expects']
  const is = schema['x-is']
  if (is === 'condition') return 'an expression that gives true or false'
  if (is === 'duration') return 'a duration such as `30s`'
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  return types.map((type) => TYPES[type] ?? type).join(' or ') || 'something else'
}

const TYPES: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'keys and values',
  null: 'nothing',
}

/** What a value is, short enough for one line. */
export function describe(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map'
  if (typeof value === 'string')
    return value === '' ? 'empty' : `\`${value.length > 40 ? `${value.slice(0, 39)}…` : value}\``
  return `the ${typeof value} ${String(value)}`
}

/** Why a name or a text of fixed form is refused, and the nearest one that would do. */
export function nameFault(text: string, schema: FaultSchema): { readonly message: string; readonly hint: string } {
  const shown = describe(text)
  switch (schema['x-is']) {
    case 'name': {
      if (['in', 'true', 'false', 'null'].includes(text))
        return { message: `${shown} is a word of the expression language`, hint: `write \`${text}_\` or another name` }
      const better = toName(text)
      const why = text.includes('-')
        ? 'expressions read it, and there a dash is a minus'
        : 'expressions read it: small letters, digits and underscores, a letter first'
      return {
        message: `${shown} cannot be a name here: ${why}`,
        hint: better === undefined ? 'write it like `unit_tests`' : `write \`${better}\``,
      }
    }
    case 'dashed-name':
      return {
        message: `${shown} is no name: letters, digits, underscores and dashes, a letter first`,
        hint: 'write it like `release-manager`',
      }
    case 'task-name':
      return {
        message: `${shown} is no name of a task: small letters, digits, underscores and dashes, a letter first`,
        hint: 'write it like `commit_and_tag`',
      }
    case 'variable-name':
      return { message: `${shown} is no name of an environment variable`, hint: 'write it like `NODE_ENV`' }
    case 'coordinator-name':
      return {
        message: `${shown} is no name of a coordinator: capital letters, digits and underscores`,
        hint: 'write it like `COORD_OPS`',
      }
    case 'signal-name':
    case 'signal-pattern':
      return {
        message: `${shown} is no signal: a name space, a colon and a name, in capital letters`,
        hint: 'write it like `OPS:RELEASE`',
      }
    case 'fixed-name':
      return text.includes('${{')
        ? {
            message: `${shown} is an expression, and this must be a name that is known before the run`,
            hint: 'choose between steps with `when`',
          }
        : {
            message: `${shown} is no name of an action`,
            hint: 'write it like `release/next-version` or `./actions/deploy.mjs`',
          }
    case 'percent':
      return { message: `${shown} is no share`, hint: 'write it like `80%`' }
    case 'template':
      return { message: `${shown} is not one expression`, hint: 'write it like `${{ inputs.count }}`' }
    default:
      return { message: `${shown} has the wrong form`, hint: 'see the language reference' }
  }
}

function toName(text: string): string | undefined {
  const name = text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_\d]+|_+$/g, '')
  return /^[a-z][a-z0-9_]*$/.test(name) && !['in', 'true', 'false', 'null'].includes(name) ? name : undefined
}
