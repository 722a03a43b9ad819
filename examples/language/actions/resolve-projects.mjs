export const description = 'The one project that was asked for, as a list'
export const inputs = { only: { type: 'string', default: '' } }
export const outputs = {
  found: { type: 'array', items: { type: 'object', properties: { alias: { type: 'string' } }, required: ['alias'] } },
}
export const effects = 'none'

export async function run({ only }) {
  return { found: only === '' ? [] : [{ alias: only }] }
}
