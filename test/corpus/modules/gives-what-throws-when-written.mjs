export const inputs = {}
export const outputs = { x: { type: 'string', optional: true } }
export const effects = 'none'
export const run = () => ({
  x: {
    toJSON() {
      throw new Error('written')
    },
  },
})
