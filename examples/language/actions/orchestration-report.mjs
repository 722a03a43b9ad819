export const description = 'Stands where a report of the rounds would be written'
export const inputs = {}
export const outputs = {}
export const effects = 'workspace'

export async function run() {
  return {}
}
