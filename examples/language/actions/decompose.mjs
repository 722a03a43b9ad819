export const description = 'Finds nothing to do, whatever the findings'
export const inputs = { findings: { type: 'array' } }
export const outputs = { tasks: { type: 'array' } }
export const effects = 'none'

export async function run() {
  return { tasks: [] }
}
