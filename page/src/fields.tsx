import { type Schemas, startOf, textOf } from './typed.ts'

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
