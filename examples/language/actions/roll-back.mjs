export const description = 'Takes back what an unpublished release left behind'
export const inputs = {}
export const outputs = {}
export const effects = 'workspace'

export async function run() {
  return {}
}
