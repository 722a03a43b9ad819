import { isTemplate } from '../expr/template.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { own } from '../util/own.ts'
import type { PipelinePlan } from './plan.ts'
import { referencesIn } from './references.ts'

/** What a value takes in of its pipeline: a text that is equal where all of it is. */
export type Reads = (value: Json) => string

/**
 * Finds what the texts of a value read of what stands around them: vars, with all that those read in turn, inputs, and the
 * list of secrets where it is read as a whole. A name that only the run knows (`vars[inputs.x]`) reads all there is.
 *
 * Every text is asked that could be an expression; one that is not and reads like one only makes for a name too many.
 * `inputs`: their values, where they are known; those of a sub-pipeline come with the step that calls it.
 */
export function readsOf({ vars, inputs: declared, secrets }: PipelinePlan, inputs: JsonObject | undefined): Reads {
  const known = new Map<string, readonly (readonly string[])[]>()
  const pathsIn = (text: string): readonly (readonly string[])[] => {
    if (!/\b(?:vars|inputs|secrets)\b/.test(text)) return []
    let paths = known.get(text)
    if (paths === undefined) {
      paths = referencesIn(text, isTemplate(text) ? 'template' : 'bare').map(({ path }) => path)
      known.set(text, paths)
    }
    return paths
  }
  const input = (name: string): Json => own(inputs, name) ?? null
  return (value) => {
    const found = new Map<string, Json>()
    const open: (Json | undefined)[] = [value]
    const take = (key: string, read: Json, holdsTexts: boolean): void => {
      if (found.has(key)) return
      found.set(key, read)
      if (holdsTexts) open.push(read)
    }
    while (open.length > 0) {
      const next = open.pop()
      if (next !== null && typeof next === 'object') for (const part of Object.values(next)) open.push(part as Json)
      if (typeof next !== 'string') continue
      for (const [root, name] of pathsIn(next)) {
        if (root === 'vars') {
          if (name !== undefined && Object.hasOwn(vars, name)) take(`vars.${name}`, vars[name]!, true)
          else take('vars', vars, true)
        }
        if (root === 'inputs' && inputs !== undefined) {
          if (name !== undefined) take(`inputs.${name}`, input(name), false)
          else
            take(
              'inputs',
              Object.keys(declared).map((each) => [each, input(each)]),
              false,
            )
        }
        if (root === 'secrets' && name === undefined) take('secrets', secrets, false)
      }
    }
    // as it is, and not sorted through and through: the order of a map is data, which expressions can tell
    return JSON.stringify([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}
