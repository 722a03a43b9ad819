export const description = 'Says what it would push'
export const inputs = { remote: { type: 'string' } }
export const outputs = {}
export const effects = 'external'

export async function run({ remote }, { log }) {
  log(`would push to ${remote}`)
  return {}
}
