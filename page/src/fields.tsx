import type { ValueSchema } from '../../src/model/value-schema.ts'

export type Schemas = { readonly [field: string]: ValueSchema }

/** One control for each value; what is wrong with one the server says. */
export function ValueFields({ id, schemas }: { readonly schemas: Schemas; readonly id: string }) {
  return Object.entries(schemas).map(([name, schema]) => {
    const choices = schema.enum ?? (schema.type === 'boolean' ? [true, false] : undefined)
    const common = { name: `field:${name}`, id: `${id}:${name}` }
    const start = startOf(schema)
    const isNeeded = schema.default === undefined && schema.optional !== true
    const type = schema.type === 'string' || choices !== undefined ? undefined : schema.type
    const about = [type, isNeeded ? 'required' : undefined, schema.description].filter(Boolean).join(', ')
    return (
      <label key={name} htmlFor={common.id}>
        <span>
          {name}
          {about !== '' && <span className="dim"> · {about}</span>}
        </span>
        {choices ? (
          <select {...common} defaultValue={start}>
            <option value="" />
            {choices.map((choice) => (
              <option key={textOf(choice)}>{textOf(choice)}</option>
            ))}
          </select>
        ) : (
          <input {...common} inputMode={schema.type === 'integer' ? 'numeric' : undefined} defaultValue={start} />
        )}
      </label>
    )
  })
}

/** Values as the command line takes them: text as it is, the rest as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What stands there at first: the default, on one line. */
function startOf({ default: value }: ValueSchema): string {
  return value === undefined || value === null ? '' : textOf(value).replace(/[\r\n]/g, '')
}

/** What was typed; a field that was left empty, or as it was, is not given: its default is for the command to know. */
export function textsOf(form: FormData, schemas: Schemas): { readonly [name: string]: string } {
  const all = Object.entries(schemas).map(([name, schema]) => [name, `${form.get(`field:${name}`)}`, schema] as const)
  const typed = all.filter(([, text, schema]) => text !== '' && text !== startOf(schema))
  return Object.fromEntries(typed.map(([name, text]) => [name, text]))
}
