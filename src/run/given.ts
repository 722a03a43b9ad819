import { durationValue, evaluate, type Roots } from '../expr/evaluate.ts'
import { parseExpression } from '../expr/parse.ts'
import { parseDuration } from '../util/duration.ts'
import type { Json, JsonObject } from '../util/json.ts'

/*
 * What the condition of a wait reads besides the signal. It is read when the wait is opened and goes on record with it,
 * so that another process, and this run after a resume, judge the wait by the same values.
 */

const OF_THE_SIGNAL = ['payload', 'signal']

type Tree = { [name: string]: Json }

/** The values behind the names of a condition, nested as it reads them; undefined where it reads the signal alone. */
export function givenFor(condition: string, roots: Roots): JsonObject | undefined {
  const parsed = parseExpression(condition)
  if (!parsed.ok) return undefined
  const paths = parsed.expression.references
    .map(({ path }) => path)
    .filter(([root]) => !OF_THE_SIGNAL.includes(root!))
    // what holds another comes first, and then gives that too
    .sort((a, b) => a.length - b.length)
  const given: Tree = Object.create(null)
  for (const path of paths) put(given, path, roots)
  return Object.keys(given).length === 0 ? undefined : given
}

/**
 * Puts the value at a path; where a part of it is null, that null, so that a guard such as `x != null` sees it. A whole
 * root only where the condition reads it whole.
 */
function put(given: Tree, path: readonly string[], roots: Roots): void {
  for (let length = path.length; length > 0 && (length > 1 || path.length === 1); length--) {
    const part = path.slice(0, length)
    const result = evaluate(
      part[0] +
        part
          .slice(1)
          .map((name) => `[${JSON.stringify(name)}]`)
          .join(''),
      roots,
    )
    if (!result.ok) continue
    let at = given
    for (const name of part.slice(0, -1)) {
      const inner = at[name] ?? Object.create(null)
      if (Object.hasOwn(at, name) && !isTree(inner)) return
      at[name] = inner
      at = inner
    }
    const last = part.at(-1)!
    if (!Object.hasOwn(at, last)) at[last] = result.value
    return
  }
}

function isTree(value: Json): value is Tree {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** The roots that a record of `givenFor` stands for. A record is JSON: what took time is a text there, and no text here. */
export function rootsOf(given: JsonObject | undefined): Roots {
  if (given === undefined) return {}
  const { steps, run } = given
  return {
    ...given,
    ...(isTree(steps ?? null) && { steps: mapped(steps as JsonObject, timed) }),
    ...(run !== undefined && { run: timed(run) }),
  }
}

function timed(value: Json, name?: string): Json {
  if (name === 'duration' && typeof value === 'string') return durationValue(parseDuration(value) ?? 0)
  // what a step gave is its own
  if (name === 'outputs') return value
  if (Array.isArray(value)) return value.map((item) => timed(item))
  return isTree(value) ? mapped(value, timed) : value
}

function mapped(value: JsonObject, change: (value: Json, name?: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner, name)]))
}
