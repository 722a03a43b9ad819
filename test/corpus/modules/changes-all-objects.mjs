export const inputs = {}
export const outputs = { x: { type: 'string', optional: true } }
export const effects = 'none'
Object.prototype.polluted = true
Array.prototype.map = () => []
JSON.parse = () => ({ ok: true, outputs: { x: 'forged' } })
export const run = () => ({ x: 'real' })
