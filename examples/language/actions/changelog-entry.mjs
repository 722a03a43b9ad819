export const description = 'The heading of a version, as a changelog has it'
export const inputs = { version: { type: 'string' } }
export const outputs = { entry: { type: 'string' } }
export const effects = 'workspace'

export async function run({ version }) {
  return { entry: `## ${version}` }
}
