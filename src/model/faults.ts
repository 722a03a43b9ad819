import type { Path } from '../document/document.ts'
import { nearest } from '../util/nearest.ts'

/** A fault as the generated validators report it. `parentSchema` is the schema that stands at the place. */
export interface Fault {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: FaultParams
  readonly parentSchema: FaultSchema
  readonly data: unknown
}

/** What a keyword says of its fault; each is there for the keywords that have it. `types` and `words` are of a union. */
interface FaultParams {
  readonly additionalProperty?: string
  readonly propertyName?: string
  readonly missingProperty?: string
  readonly property?: string
  readonly passingSchemas?: readonly number[] | null
  readonly allowedValue?: unknown
  readonly type?: string | readonly string[]
  readonly limit?: number
  readonly types?: readonly string[]
  readonly words?: readonly string[]
}

export interface FaultSchema {
  readonly [keyword: string]: unknown
  readonly type?: string | readonly string[]
  readonly properties?: { readonly [key: string]: unknown }
  readonly enum?: readonly unknown[]
  readonly 'x-is'?: string
  readonly 'x-expects'?: string
  readonly 'x-one-of'?: readonly string[]
  readonly 'x-what'?: string
  readonly 'x-key'?: string
  readonly 'x-belongs'?: readonly string[]
  readonly 'x-not'?: readonly string[]
}

/** A fault worth telling: the echoes of the same slip are gone, and its place is a path. */
export interface Told {
  readonly fault: Fault
  readonly path: Path
  /** Of a fault in a key: the schema that the key broke. */
  readonly name?: { readonly key: string; readonly schema: FaultSchema }
}

/** Keywords that only say "this branch of a union is another kind of value". */
const MISMATCH = new Set(['type', 'const', 'enum'])

/**
 * Leaves of each slip one fault. A union is judged by the branch that its value was meant for; the branches of "exactly
 * one of" say nothing by themselves; a bad key is told once. A value that broke its union stands for the union's fault.
 */
export function tellable(faults: readonly Fault[]): readonly Told[] {
  const kept: Fault[] = []
  const names = new Map<Fault, FaultSchema>()
  for (const fault of faults) {
    if (fault.keyword === 'anyOf') settleUnion(kept, fault)
    else if (fault.keyword === 'oneOf') {
      dropBefore(
        kept,
        (before) => before.instancePath === fault.instancePath && before.schemaPath.startsWith(`${fault.schemaPath}/`),
      )
      kept.push(fault)
    } else if (fault.keyword === 'propertyNames') {
      const key = fault.params.propertyName
      const broken = dropBefore(kept, (before) => before.instancePath === fault.instancePath && before.data === key)
      if (broken) names.set(fault, broken.parentSchema)
      kept.push(fault)
    } else kept.push(fault)
  }
  return dropShadows(kept).map((fault) => {
    const path = pathOf(fault)
    const schema = names.get(fault)
    return schema ? { fault, path, name: { key: String(fault.params.propertyName), schema } } : { fault, path }
  })
}

/** Takes the faults that come just before and fit; gives the last one taken. */
function dropBefore(kept: Fault[], fits: (fault: Fault) => boolean): Fault | undefined {
  let last: Fault | undefined
  while (kept.length > 0 && fits(kept.at(-1)!)) last = kept.pop()
  return last
}

function settleUnion(kept: Fault[], union: Fault): void {
  const at = union.instancePath
  const outside = kept.findLastIndex(({ instancePath }) => instancePath !== at && !instancePath.startsWith(`${at}/`))
  const branch = kept.splice(outside + 1)
  if (union.parentSchema['x-belongs'] !== undefined) {
    // Not a union of values but a rule between keys: what came before belongs to the object, only `required` to the rule.
    for (const fault of branch)
      if (fault.keyword !== 'required' || !fault.schemaPath.startsWith(union.schemaPath)) kept.push(fault)
    kept.push(union)
    return
  }
  const here = branch.filter((fault) => fault.instancePath === at)
  const scalar = typeof union.data === 'number' || typeof union.data === 'string'
  const duration = scalar ? here.find((fault) => fault.parentSchema['x-is'] === 'duration') : undefined
  const meant = branch.filter((fault) => fault.instancePath !== at || !isMismatch(fault, union))
  // One by one: a hostile file has more faults than a call takes arguments.
  if (meant.length > 0) for (const fault of meant) kept.push(fault)
  else if (duration) kept.push(duration)
  else {
    const types = here.flatMap(({ keyword, params }) => (keyword === 'type' ? [params.type ?? []].flat() : []))
    const words = here.flatMap(({ keyword, params }) => (keyword === 'const' ? [String(params.allowedValue)] : []))
    kept.push({ ...union, params: { types, words } })
  }
}

function isMismatch(fault: Fault, union: Fault): boolean {
  if (MISMATCH.has(fault.keyword)) return true
  const is = fault.parentSchema['x-is']
  return (
    fault.keyword === 'pattern' &&
    (is === 'template' || is === 'percent') &&
    union.parentSchema['x-expects'] !== undefined
  )
}

/**
 * A slip that another fault of the same object already explains is not told again: a missing key that stands there
 * misspelt, a step whose kind is named by what its other keys lack.
 */
function dropShadows(faults: readonly Fault[]): readonly Fault[] {
  const lacking = new Map<string, string[]>()
  const unknown = new Map<string, string[]>()
  const without = new Set<string>()
  for (const { keyword, instancePath, params } of faults) {
    if (keyword === 'dependentRequired') append(lacking, instancePath, String(params.missingProperty))
    else if (keyword === 'additionalProperties') append(unknown, instancePath, String(params.additionalProperty))
    else if (keyword === 'oneOf' && params.passingSchemas === null) without.add(instancePath)
  }
  const misspelt = (at: string, keys: readonly string[]) =>
    unknown.get(at)?.some((key) => nearest(key, keys) !== undefined) ?? false
  return faults.filter(({ keyword, instancePath, parentSchema, params }) => {
    if (keyword === 'required') return !misspelt(instancePath, [String(params.missingProperty)])
    if (keyword === 'anyOf') return parentSchema['x-belongs'] === undefined || !without.has(instancePath)
    if (keyword !== 'oneOf' || !without.has(instancePath)) return true
    const kinds = parentSchema['x-one-of'] ?? []
    return !misspelt(instancePath, kinds) && !lacking.get(instancePath)?.some((key) => kinds.includes(key))
  })
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function pathOf(fault: Fault): Path {
  return fault.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}
