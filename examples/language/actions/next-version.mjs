export const description = 'Says which version comes next'
export const inputs = {}
export const outputs = { version: { type: 'string' } }
export const effects = 'none'

export async function run() {
  return { version: '1.1.0' }
}
