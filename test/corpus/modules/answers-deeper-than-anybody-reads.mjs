export const inputs = {}
export const outputs = { x: { type: 'string', optional: true } }
export const effects = 'none'

import { writeSync } from 'node:fs'
export const run = () => {
  writeSync(3, `{"ok":true,"outputs":{"x":${'['.repeat(20000)}${']'.repeat(20000)}}}`)
  process.exit(0)
}
