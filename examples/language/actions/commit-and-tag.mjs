export const description = 'Says what it would commit and tag'
export const inputs = { version: { type: 'string' } }
export const outputs = { commit: { type: 'string' } }
export const effects = 'workspace'

export async function run({ version }, { log }) {
  log(`would tag v${version}`)
  return { commit: 'HEAD' }
}
