export const inputs = {}
export const outputs = { x: { type: 'string', optional: true } }
export const effects = 'none'
export const run = () => ({ x: 'x'.repeat(4_000_000) })
