/** One of several; `all`: or none of them. */
export function Choice({
  all = false,
  among,
  name,
  set,
  value,
}: {
  readonly name: string
  readonly value: string
  readonly among: readonly string[]
  readonly all?: boolean
  readonly set: (value: string) => void
}) {
  return (
    <label>
      <span>{name}</span>
      <select value={value} onChange={(event) => set(event.target.value)}>
        {all && <option value="">all</option>}
        {(among.includes(value) || value === '' ? among : [...among, value]).map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  )
}
