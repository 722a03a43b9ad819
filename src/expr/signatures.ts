import { librarySignatures } from './cel.ts'
import { DYN, type ExprType } from './types.ts'

/** The functions of the language with their types: the library's, and our own. */
export interface FunctionType {
  readonly name: string
  readonly receiver: ExprType | undefined
  readonly params: readonly ExprType[]
  readonly returns: ExprType
}

const TEXT: ExprType = { kind: 'string' }
const OWN: readonly FunctionType[] = [
  { name: 'glob', receiver: undefined, params: [TEXT, TEXT], returns: { kind: 'bool' } },
  { name: 'regex', receiver: TEXT, params: [TEXT], returns: { kind: 'bool' } },
  { name: 'string', receiver: undefined, params: [{ kind: 'duration' }], returns: TEXT },
  { name: 'string', receiver: undefined, params: [{ kind: 'timestamp' }], returns: TEXT },
]

const NAMES: { readonly [name: string]: ExprType } = {
  string: TEXT,
  int: { kind: 'int' },
  double: { kind: 'double', literal: true },
  bool: { kind: 'bool' },
  bytes: { kind: 'bytes' },
  dyn: DYN,
  'list<dyn>': { kind: 'list', of: DYN },
  'list<string>': { kind: 'list', of: TEXT },
  'map<dyn, dyn>': { kind: 'map', of: DYN },
  'google.protobuf.Timestamp': { kind: 'timestamp' },
  'google.protobuf.Duration': { kind: 'duration' },
}

/** Macros and what `checkExpression` types by itself; named here for "did you mean". */
export const MACROS = ['all', 'exists', 'exists_one', 'filter', 'map'] as const

let table: ReadonlyMap<string, readonly FunctionType[]> | undefined

/** All overloads of a name, plain functions and methods alike. */
export function overloadsOf(name: string): readonly FunctionType[] {
  return functionTable().get(name) ?? []
}

/** The names of the plain functions, or of the methods of a type. */
export function functionNames(receiver?: ExprType): readonly string[] {
  const names = new Set<string>(receiver?.kind === 'list' || receiver?.kind === 'map' ? MACROS : [])
  if (!receiver) names.add('has')
  for (const [name, overloads] of functionTable()) {
    if (overloads.some((overload) => fits(overload.receiver, receiver))) names.add(name)
  }
  return [...names].sort()
}

const fits = (wanted: ExprType | undefined, receiver: ExprType | undefined): boolean =>
  receiver === undefined ? wanted === undefined : wanted !== undefined && accepts(wanted, receiver)

/** Whether a parameter takes a type; null is judged elsewhere. */
export function accepts(param: ExprType, given: ExprType): boolean {
  if (param.kind === 'dyn' || given.kind === 'dyn') return true
  if (param.kind === 'map') return given.kind === 'map' || given.kind === 'record'
  if (param.kind === 'list') return given.kind === 'list' && accepts(param.of, given.of)
  return param.kind === given.kind
}

function functionTable(): ReadonlyMap<string, readonly FunctionType[]> {
  if (table) return table
  const found = new Map<string, FunctionType[]>()
  for (const signature of [...OWN, ...known()]) {
    const overloads = found.get(signature.name)
    if (overloads) overloads.push(signature)
    else found.set(signature.name, [signature])
  }
  table = found
  return found
}

/** The library's functions over types that a pipeline has: no unsigned numbers, types as values, optionals. */
function* known(): Iterable<FunctionType> {
  for (const { name, receiver, params, returns } of librarySignatures()) {
    const types = params.map((param) => NAMES[param])
    const result = name === 'json' ? DYN : NAMES[returns] // the library calls it a map, but JSON may be anything
    const on = receiver === undefined ? undefined : NAMES[receiver]
    if (name === 'matches' || !result || (receiver !== undefined && !on)) continue
    if (types.every((type) => type !== undefined)) yield { name, receiver: on, params: types, returns: result }
  }
}
