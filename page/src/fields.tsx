import type { ValueSchema } from '../../src/model/value-schema.ts'

export type Schemas = { readonly [field: string]: ValueSchema }

/** One control for each value; what is wrong with one the server says. */
export function ValueFields({ id, schemas }: { readonly schemas: Schemas; readonly id: string }) {
  return Object.entries(schemas).map(([name, schema]) => {
    const choices = schema.enum ?? (schema.type === 'boolean' ? [true, false] : undefined)
    const common = { name: `field:${name}`, id: `${id}:${name}` }
    const start = schema.default === undefined || schema.default === null ? '' : textOf(schema.default)
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

/** What was typed; a field that was left empty is not given. */
export function textsOf(form: FormData, schemas: Schemas): { readonly [name: string]: string } {
  const typed = Object.keys(schemas).map((name) => [name, String(form.get(`field:${name}`) ?? '')] as const)
  return Object.fromEntries(typed.filter(([, value]) => value !== ''))
}
