export const inputs = {}
export const outputs = { x: { type: 'string', optional: true } }
export const effects = 'none'
export const run = () => {
  throw Object.assign(new Error(), {
    message: {
      toString() {
        throw new Error('said')
      },
    },
    stack: undefined,
  })
}
