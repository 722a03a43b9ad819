import type { Description } from './protocol.ts'
import { importAction } from './run-action.ts'

/** Reads what users' modules export about themselves; runs in a host process, since importing a module runs it. */
export async function describeModules(modules: {
  readonly [uses: string]: string
}): Promise<{ [uses: string]: Description }> {
  const found: { [uses: string]: Description } = {}
  for (const [uses, file] of Object.entries(modules)) found[uses] = await describeOne(file)
  return found
}

async function describeOne(file: string): Promise<Description> {
  try {
    const { description, inputs, outputs, effects } = await importAction(file)
    for (const [name, value] of Object.entries({ inputs, outputs })) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return { ok: false, message: `its \`${name}\` is no map of names to schemas` }
      }
    }
    if (!['none', 'workspace', 'external'].includes(effects)) {
      return { ok: false, message: 'its `effects` is none of `none`, `workspace`, `external`' }
    }
    return { ok: true, description: String(description), inputs, outputs, effects }
  } catch (error) {
    return { ok: false, message: `it cannot be imported: ${error instanceof Error ? error.message : String(error)}` }
  }
}
