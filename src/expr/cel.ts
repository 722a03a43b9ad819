import type { ASTNode } from '@marcbachmann/cel-js'
import type { Duration } from '@marcbachmann/cel-js/evaluator'
import { MOST_NESTED } from '../util/json.ts'
import { loadLate } from '../util/late.ts'
import type { ExprProblem } from './types.ts'

/**
 * The one place that calls the CEL library. It takes source text and gives the syntax tree, the signatures of the
 * library's functions, and calls of them on values. Trees are cached by source.
 */

export type { Duration }
export type Node = ASTNode
export type Parsed = { readonly ok: true; readonly ast: Node } | { readonly ok: false; readonly problem: ExprProblem }
export interface Signature {
  readonly name: string
  readonly receiver: string | undefined
  readonly params: readonly string[]
  readonly returns: string
}

/** Longer expressions belong in an action. The bounds keep every walk over a tree short and shallow. */
const MAX_LENGTH = 10_000
const MAX_NODES = 2000
const CACHE_SIZE = 5000

type Library = typeof import('./cel-library.ts')
interface Loaded {
  readonly library: Library
  readonly environment: InstanceType<Library['Environment']>
}
let loaded: Loaded | undefined

/** The library takes as long to start as Node's own half: a pipeline without an expression does without it. */
function load(): Loaded {
  if (loaded) return loaded
  const library: Library = loadLate(import.meta.url, 'cel-library')
  const environment = new library.Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: MAX_NODES, maxDepth: MOST_NESTED },
  })
  loaded = { library, environment }
  return loaded
}

/** Whether a value is one of the library's durations. Before it was loaded there is none. */
export function isDuration(value: unknown): value is Duration {
  return loaded !== undefined && value instanceof loaded.library.Duration
}

export function durationOfMs(ms: number): Duration {
  return load().library.Duration.fromMilliseconds(ms)
}

const trees = new Map<string, Parsed>()

/** The syntax tree of an expression, or the first thing that is wrong with its syntax. Never throws. */
export function parseTree(source: string): Parsed {
  const known = trees.get(source)
  if (known) return known
  const parsed = parseFresh(source)
  if (trees.size >= CACHE_SIZE) trees.delete(trees.keys().next().value!)
  trees.set(source, parsed)
  return parsed
}

function parseFresh(source: string): Parsed {
  if (source.trim() === '') return syntax('the expression is empty', 0, source.length)
  if (source.length > MAX_LENGTH) {
    return syntax(`the expression is longer than ${MAX_LENGTH} characters`, 0, source.length, 'compute it in a step')
  }
  try {
    return { ok: true, ast: load().environment.parse(source).ast }
  } catch (error) {
    return syntaxProblem(error, source)
  }
}

function syntax(message: string, start: number, end: number, hint?: string): Parsed {
  return { ok: false, problem: { kind: 'syntax', message, start, end, ...(hint && { hint }) } }
}

interface LibraryError {
  readonly code?: string
  readonly summary?: string
  readonly range?: { readonly start: number; readonly end: number }
}

function syntaxProblem(error: unknown, source: string): Parsed {
  const { code, summary, range } = error as LibraryError
  if (code === undefined || summary === undefined) {
    return syntax('the expression is nested too deeply', 0, source.length, 'compute it in a step')
  }
  const start = clamp(range?.start ?? 0, source)
  const end = Math.max(start, clamp(range?.end ?? source.length, source))
  return syntax(sentence(code, summary, source.slice(start, end)), start, end, syntaxHint(source, start))
}

const clamp = (offset: number, source: string) => Math.min(Math.max(0, offset), source.length)

/** The library's sentence in our words where it speaks of its own tokens. */
function sentence(code: string, summary: string, text: string): string {
  switch (code) {
    case 'unexpected_token':
    case 'expected_token':
    case 'unexpected_character':
      return text.trim() === '' ? 'the expression ends too early' : `\`${text}\` was not expected here`
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
    case 'newline_in_string':
      return 'a quoted text is never closed'
    case 'reserved_identifier':
      return `\`${text}\` is a reserved word of CEL`
    case 'limit_exceeded':
      return 'the expression is too large'
    default:
      return summary.charAt(0).toLowerCase() + summary.slice(1)
  }
}

/** What people write who come from another language. */
function syntaxHint(source: string, start: number): string | undefined {
  const at = source.slice(start)
  if (/^=(?!=)/.test(at)) return 'compare with `==`'
  if (/^&(?!&)/.test(at)) return 'both: `&&`'
  if (/^\|(?!\|)/.test(at)) return 'either: `||`'
  if (/^and\b/.test(at)) return 'write `&&` for and'
  if (/^or\b/.test(at)) return 'write `||` for or'
  if (/^(is|not)\b/.test(at)) return 'compare with `==` and `!=`, negate with `!`'
  if (at.startsWith('$')) return 'inside an expression names stand alone, without `$`'
  return undefined
}

/** The functions that the library has, without macros and the types that a pipeline cannot hold. */
export function librarySignatures(): readonly Signature[] {
  return load()
    .environment.getDefinitions()
    .functions.map((definition) => ({
      name: definition.name,
      receiver: definition.receiverType ?? undefined,
      params: definition.params.map((param) => param.type),
      returns: definition.returnType,
    }))
}

const callers = new Map<string, (context: Record<string, unknown>) => unknown>()

/** Calls a function of the library on values: `name(args)`, or `receiver.name(args)`. Throws what the library throws. */
export function callLibrary(name: string, receiver: readonly [unknown] | [], args: readonly unknown[]): unknown {
  const key = `${receiver.length}/${args.length}/${name}`
  let caller = callers.get(key)
  if (!caller) {
    const names = args.map((_, index) => `a${index}`).join(', ')
    caller = load().environment.parse(receiver.length === 1 ? `self.${name}(${names})` : `${name}(${names})`)
    callers.set(key, caller)
  }
  const context: Record<string, unknown> = { self: receiver[0] }
  args.forEach((value, index) => {
    context[`a${index}`] = value
  })
  return caller(context)
}

/** The sentence of an error that the library threw, without its picture of the source. */
export function libraryMessage(error: unknown): string {
  const { summary } = error as LibraryError
  return summary ?? (error instanceof Error ? error.message : String(error))
}
