// Which file is made by what.
import { bundle } from './bundle.mjs'
import { referenceOf } from './reference.mjs'
import { tableOf } from './table.mjs'
import { typesOf } from './types.mjs'
import { validatorsOf } from './validators.mjs'

/** Every generated file: path from the project root -> text. */
export async function generate(root) {
  const authored = await bundle(root, {
    pipeline: 'Pipeline',
    coordinator: 'Coordinator',
    agents: 'AgentsFile',
    config: 'Config',
  })
  return new Map([
    ['src/model/generated/authored.types.ts', await typesOf(authored)],
    ['src/model/generated/validators.ts', validatorsOf(authored)],
    ['src/model/generated/schemas.ts', tableOf(authored)],
    ['docs/language.md', referenceOf(authored)],
  ])
}
