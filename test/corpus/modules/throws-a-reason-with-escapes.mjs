export const inputs = {}
export const outputs = { x: { type: 'string', optional: true } }
export const effects = 'none'
export const run = () => {
  throw Object.assign(new Error('\x1b[2Jno'), { reason: '\x1b[2J', hint: '\x1b[2J' })
}
