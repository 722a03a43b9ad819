export const inputs = {}
export const outputs = { x: { type: 'string', optional: true } }
export const effects = 'none'
export const run = () => {
  const x = {}
  x.x = x
  return x
}
