import { type Node, parseTree } from './cel.ts'
import { type Budget, charge, EvaluationFailure } from './failure.ts'
import { callFunction, callMethod } from './functions.ts'
import { type BinaryOperator, binary, negate } from './operators.ts'
import { asFieldRead, asMacro, type Macro } from './tree.ts'
import { entering, fieldOf, kindOf, nameOfValue, type Value } from './values.ts'

/**
 * Takes an expression (parsed once for each source) and roots; gives a value or throws an EvaluationFailure.
 *
 * 1. It reads from the roots only what the expression reads; a getter or proxy is asked once for each read.
 * 2. A field that is not there is null; reading a field of null is a failure that names it.
 * 3. Only own fields are read: no prototype, no method of JavaScript is reachable.
 * 4. Every step counts against a budget, so no expression and no data can hang the caller.
 * 5. `&&`, `||`, `exists` and `all` forgive a failure on one side where the other side decides, as CEL says.
 */
export function interpret(source: string, roots: object, budget: Budget): Value {
  const parsed = parseTree(source)
  if (!parsed.ok) throw new EvaluationFailure(parsed.problem.message)
  return run(parsed.ast, { roots, budget }, undefined)
}

interface Run {
  readonly roots: object
  readonly budget: Budget
}

/** A variable that a macro binds; inner ones hide outer ones. */
interface Bound {
  readonly name: string
  value: Value
  readonly outer: Bound | undefined
}

function run(node: Node, at: Run, bound: Bound | undefined): Value {
  charge(at.budget, 1)
  switch (node.op) {
    case 'value':
      return literal(node.args)
    case 'id':
      return variable(node.args, at, bound)
    case '.':
      return field(node, node.args[0], node.args[1], at, bound)
    case '[]':
      return index(node, node.args[0], node.args[1], at, bound)
    case '!_':
      return !truth(node.args, run(node.args, at, bound))
    case '-_':
      return negate(run(node.args, at, bound))
    case '&&':
      return logical(false, node.args, at, bound)
    case '||':
      return logical(true, node.args, at, bound)
    case '?:': {
      const [condition, yes, no] = node.args
      return run(truth(condition, run(condition, at, bound)) ? yes : no, at, bound)
    }
    case 'list':
      return node.args.map((item) => run(item, at, bound))
    case 'map':
      return mapLiteral(node.args, at, bound)
    case 'call':
      return plainCall(node.args[0], node.args[1], at, bound)
    case 'rcall': {
      const macro = asMacro(node)
      if (macro) return runMacro(macro, at, bound)
      const [name, receiver, args] = node.args
      const on = run(receiver, at, bound)
      return callMethod(
        name,
        on,
        args.map((arg) => run(arg, at, bound)),
        at.budget,
      )
    }
    case '.?':
    case '[?]':
      throw new EvaluationFailure('optional access is not available: compare with `!= null`')
    default:
      return operator(node.op, node.args, at, bound)
  }
}

function literal(value: unknown): Value {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value as Value
  throw new EvaluationFailure('unsigned numbers are not available: write the number without `u`')
}

function operator(op: BinaryOperator, [left, right]: readonly [Node, Node], at: Run, bound: Bound | undefined): Value {
  const a = run(left, at, bound)
  const b = run(right, at, bound)
  return binary(op, a, b, at.budget)
}

function variable(name: string, at: Run, bound: Bound | undefined): Value {
  for (let inner = bound; inner; inner = inner.outer) if (inner.name === name) return inner.value
  if (!Object.hasOwn(at.roots, name)) throw new EvaluationFailure(`nothing here is called \`${name}\``)
  return entering(fieldOf(at.roots, name))
}

function field(node: Node, of: Node, name: string, at: Run, bound: Bound | undefined): Value {
  const holder = run(of, at, bound)
  if (kindOf(holder) === 'map') return entering(fieldOf(holder as object, name))
  throw new EvaluationFailure(`${quoted(of)} is ${nameOfValue(holder)}, so ${quoted(node)} cannot be read`)
}

function index(node: Node, of: Node, by: Node, at: Run, bound: Bound | undefined): Value {
  const holder = run(of, at, bound)
  const key = run(by, at, bound)
  const kind = kindOf(holder)
  if (kind === 'map') {
    if (typeof key === 'string') return entering(fieldOf(holder as object, key))
    throw new EvaluationFailure(`a map is read by text, not by ${nameOfValue(key)}`)
  }
  if (kind !== 'list')
    throw new EvaluationFailure(`${quoted(of)} is ${nameOfValue(holder)}, so ${quoted(node)} cannot be read`)
  if (typeof key !== 'bigint')
    throw new EvaluationFailure(`a list is read by a whole number, not by ${nameOfValue(key)}`)
  const list = holder as readonly unknown[]
  if (key >= 0n && key < BigInt(list.length)) return entering(list[Number(key)])
  throw new EvaluationFailure(`${quoted(of)} has ${list.length} items, so there is no item ${key}`)
}

function truth(node: Node, value: Value): boolean {
  if (typeof value === 'boolean') return value
  throw new EvaluationFailure(`${quoted(node)} is ${nameOfValue(value)}, not true or false`)
}

/** `decided` is what one side alone decides: true for `||`, false for `&&`. */
function logical(decided: boolean, [left, right]: readonly [Node, Node], at: Run, bound: Bound | undefined): Value {
  let failure: EvaluationFailure | undefined
  try {
    if (truth(left, run(left, at, bound)) === decided) return decided
  } catch (error) {
    failure = forgivable(error)
  }
  const second = truth(right, run(right, at, bound))
  if (second !== decided && failure) throw failure
  return second
}

function forgivable(error: unknown): EvaluationFailure {
  if (error instanceof EvaluationFailure && !error.fatal) return error
  throw error
}

function mapLiteral(entries: readonly (readonly [Node, Node])[], at: Run, bound: Bound | undefined): Value {
  const map: Record<string, Value> = Object.create(null)
  for (const [key, value] of entries) {
    const name = run(key, at, bound)
    if (typeof name !== 'string') throw new EvaluationFailure(`the key of a map is text, not ${nameOfValue(name)}`)
    map[name] = run(value, at, bound)
  }
  return map
}

function plainCall(name: string, args: readonly Node[], at: Run, bound: Bound | undefined): Value {
  if (name === 'has' && args.length === 1) return has(args[0]!, at, bound)
  return callFunction(
    name,
    args.map((arg) => run(arg, at, bound)),
    at.budget,
  )
}

/** Whether a field is there and not null; so it is false too where something on the way to it is null. */
function has(node: Node, at: Run, bound: Bound | undefined): boolean {
  const read = asFieldRead(node)
  if (!read) throw new EvaluationFailure('`has` takes a field: `has(a.b)`')
  if (asFieldRead(read.of) && !has(read.of, at, bound)) return false
  return run(node, at, bound) !== null
}

function runMacro(macro: Macro, at: Run, outer: Bound | undefined): Value {
  const over = run(macro.over, at, outer)
  const bound: Bound = { name: macro.variable, value: over, outer }
  const body = macro.bodies[0]!
  if (macro.name === 'bind') return run(body, at, bound)
  const items = itemsOf(macro.over, over, at.budget)
  switch (macro.name) {
    case 'all':
      return quantify(false, body, items, at, bound)
    case 'exists':
      return quantify(true, body, items, at, bound)
    case 'exists_one':
      return select(body, items, at, bound).length === 1
    case 'filter':
      return select(body, items, at, bound)
    case 'map': {
      const chosen = macro.bodies.length === 2 ? select(body, items, at, bound) : items
      const transform = macro.bodies.at(-1)!
      return each(chosen, bound, () => run(transform, at, bound))
    }
  }
}

/** A list has its items, a map its keys. */
function itemsOf(node: Node, over: Value, budget: Budget): readonly unknown[] {
  const kind = kindOf(over)
  if (kind === 'list') return over as readonly unknown[]
  if (kind !== 'map') throw new EvaluationFailure(`${quoted(node)} is ${nameOfValue(over)}, not a list`)
  const keys = Object.keys(over as object)
  charge(budget, keys.length)
  return keys
}

function each<T>(items: readonly unknown[], bound: Bound, visit: (item: Value) => T): T[] {
  const results: T[] = []
  for (let i = 0; i < items.length; i++) {
    bound.value = entering(items[i])
    results.push(visit(bound.value))
  }
  return results
}

function select(body: Node, items: readonly unknown[], at: Run, bound: Bound): Value[] {
  const chosen: Value[] = []
  each(items, bound, (item) => {
    if (truth(body, run(body, at, bound))) chosen.push(item)
  })
  return chosen
}

function quantify(decided: boolean, body: Node, items: readonly unknown[], at: Run, bound: Bound): boolean {
  let failure: EvaluationFailure | undefined
  for (let i = 0; i < items.length; i++) {
    bound.value = entering(items[i])
    try {
      if (truth(body, run(body, at, bound)) === decided) return decided
    } catch (error) {
      failure ??= forgivable(error)
    }
  }
  if (failure) throw failure
  return !decided
}

function quoted(node: Node): string {
  const text = node.input.slice(node.start, node.end)
  return `\`${text.length > 60 ? `${text.slice(0, 59)}…` : text}\``
}
