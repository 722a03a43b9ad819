export const description = 'Pushes branch and tag'
export const inputs = { remote: { type: 'string' } }
export const outputs = {}
export const effects = 'external'

export async function run({ remote }, { log }) {
  log(`would push to ${remote}`)
  return {}
}
