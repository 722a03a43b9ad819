export const inputs = {}
export const outputs = { x: { type: 'string', optional: true } }
export const effects = 'none'
export const run = () => ({
  get x() {
    throw new Error('read')
  },
})
