export const description = 'Writes the entry of a version into the changelog'
export const inputs = { version: { type: 'string' } }
export const outputs = { entry: { type: 'string' } }
export const effects = 'workspace'

export async function run({ version }) {
  return { entry: `## ${version}` }
}
