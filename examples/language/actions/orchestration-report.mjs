export const description = 'Writes what the rounds did'
export const inputs = {}
export const outputs = {}
export const effects = 'workspace'

export async function run() {
  return {}
}
