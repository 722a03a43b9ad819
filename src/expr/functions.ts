import { callLibrary, isDuration, libraryMessage } from './cel.ts'
import { type Budget, charge, EvaluationFailure, MAX_TEXT } from './failure.ts'
import { compileGlob } from './glob.ts'
import { compileRegex } from './regex.ts'
import { durationText, entering, kindOf, nameOfValue, type Value } from './values.ts'

/** Calls on values: our own functions first, the library's for the rest. */

type Native = (args: readonly Value[], budget: Budget) => Value | undefined

/** Undefined says: not for these kinds of values, ask the library. */
const FUNCTIONS: { readonly [name: string]: Native } = {
  glob: ([path, pattern], budget) => {
    if (typeof path !== 'string' || typeof pattern !== 'string') return undefined
    const glob = compileGlob(pattern)
    if (!glob.ok) throw new EvaluationFailure(`\`${pattern}\` is no glob: ${glob.message}`)
    charge(budget, path.length + pattern.length)
    return glob.test(path)
  },
  dyn: ([value], _budget) => value,
  size: ([value], budget) => sizeOf(value, budget),
  string: ([value]) => {
    if (isDuration(value)) return durationText(value)
    return value instanceof Date ? value.toISOString() : undefined
  },
}

const METHODS: { readonly [name: string]: Native } = {
  size: ([value], budget) => sizeOf(value, budget),
  regex: ([text, pattern], budget) => {
    if (typeof text !== 'string' || typeof pattern !== 'string') return undefined
    const regex = compileRegex(pattern)
    if (!regex.ok) throw new EvaluationFailure(`\`${pattern}\` is no pattern: ${regex.message}`)
    charge(budget, text.length + pattern.length)
    return regex.test(text)
  },
}

/** What the library has and this language does not, with what to use instead. */
export const REFUSED: { readonly [name: string]: string } = {
  matches: 'use `text.regex(pattern)`, which takes linear time',
  uint: 'use `int(…)`',
  type: 'the linter knows the types; compare values instead',
}

/** Finding an overload costs the library about as much as this many steps of ours. */
const LIBRARY_CALL = 10

function sizeOf(value: Value | undefined, budget: Budget): Value | undefined {
  if (value === undefined || value === null || typeof value !== 'object') return undefined
  if (Array.isArray(value)) return BigInt(value.length)
  if (kindOf(value) !== 'map') return undefined
  const count = Object.keys(value).length
  charge(budget, count)
  return BigInt(count)
}

export function callFunction(name: string, args: readonly Value[], budget: Budget): Value {
  return call(name, Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined, [], args, budget)
}

export function callMethod(name: string, receiver: Value, args: readonly Value[], budget: Budget): Value {
  return call(name, Object.hasOwn(METHODS, name) ? METHODS[name] : undefined, [receiver], args, budget)
}

function call(
  name: string,
  native: Native | undefined,
  receiver: [Value] | [],
  args: readonly Value[],
  budget: Budget,
): Value {
  if (Object.hasOwn(REFUSED, name)) throw new EvaluationFailure(`\`${name}\` is not available: ${REFUSED[name]}`)
  const own = native?.([...receiver, ...args], budget)
  if (own !== undefined) return own
  charge(budget, LIBRARY_CALL)
  for (const value of [...receiver, ...args]) chargeSize(value, budget)
  try {
    const plain = args.map(copied)
    const result = entering(callLibrary(name, receiver.length === 1 ? [copied(receiver[0])] : [], plain))
    chargeSize(result, budget)
    return result
  } catch (error) {
    if (error instanceof EvaluationFailure) throw error
    throw new EvaluationFailure(callMessage(name, receiver, args, error))
  }
}

/** The library gets an array of its own, so that a lazy list works as an argument. */
function copied(value: Value): Value {
  return Array.isArray(value) ? value.map(entering) : value
}

function chargeSize(value: Value, budget: Budget): void {
  if (typeof value === 'string' || value instanceof Uint8Array) {
    if (value.length > MAX_TEXT) throw new EvaluationFailure(`a text grows beyond ${MAX_TEXT} characters`, true)
    charge(budget, value.length / 32)
  } else if (Array.isArray(value)) {
    charge(budget, value.length)
  } else {
    charge(budget, 1)
  }
}

function callMessage(name: string, receiver: readonly Value[], args: readonly Value[], error: unknown): string {
  const code = (error as { code?: string }).code
  if (code !== 'no_matching_overload' && code !== 'no_such_overload') return `\`${name}\`: ${libraryMessage(error)}`
  const kinds = args.map(nameOfValue).join(', ') || 'no arguments'
  const on = receiver.length === 1 ? ` on ${nameOfValue(receiver[0]!)}` : ''
  return `\`${name}\` cannot be called${on} with ${kinds}`
}
