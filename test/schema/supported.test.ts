import { describe, expect, test } from 'vitest'
import type { Document } from '../../src/document/document.ts'
import { ROOTS, TABLE } from '../../src/model/generated/schemas.ts'
import type { Kind, TableNode } from '../../src/model/schema-table.ts'
import { notYetSupported } from '../../src/model/supported.ts'
import { deepFreeze, type Json } from '../../src/util/json.ts'
import { RUN_KEYS } from './run-keys.ts'

/** One way from the top of a file to a place, with a value that has only what stands on the way. */
interface Way {
  readonly kind: Kind
  readonly owner: string
  readonly path: readonly (string | number)[]
  readonly node: TableNode
}

const kinds = Object.keys(ROOTS) as Kind[]
const STOP = 12

/** The shortest way to each key of each definition that can be reached without passing a refused one. */
function ways(): Map<string, Way> {
  const found = new Map<string, Way>()
  const queue: Way[] = kinds.map((kind) => ({ kind, owner: kind, path: [], node: TABLE[ROOTS[kind]]! }))
  const seen = new Set<string>()
  for (let way = queue.shift(); way; way = queue.shift()) {
    const { node, path, owner, kind } = way
    if (node['x-not-yet-supported'] !== undefined || path.length > STOP) continue
    if (node.$ref !== undefined && !seen.has(`${kind} ${node.$ref}`)) {
      seen.add(`${kind} ${node.$ref}`)
      queue.push({ kind, owner: node.$ref, path, node: TABLE[node.$ref]! })
    }
    for (const branch of node.anyOf ?? []) queue.push({ kind, owner, path, node: branch })
    if (node.items) queue.push({ kind, owner, path: [...path, 0], node: node.items })
    if (typeof node.additionalProperties === 'object')
      queue.push({ kind, owner, path: [...path, 'any'], node: node.additionalProperties })
    for (const [key, below] of Object.entries(node.properties ?? {})) {
      const next = { kind, owner, path: [...path, key], node: below }
      if (!found.has(`${owner}.${key}`)) found.set(`${owner}.${key}`, next)
      queue.push(next)
    }
  }
  return found
}

/** A value that holds something of the right kind at the end of the way. */
function valueAt({ path, node }: Way): Json {
  return path.reduceRight<Json>((value, part) => (typeof part === 'number' ? [value] : { [part]: value }), sample(node))
}

function sample(node: TableNode): Json {
  if (node.$ref !== undefined) return sample(TABLE[node.$ref]!)
  if (node.anyOf?.[0]) return sample(node.anyOf[0])
  return node.type === 'array' ? [] : node.type === 'object' || node.properties ? {} : 'x'
}

function documentOf(value: Json): Document {
  const file = { path: 'x.yaml', text: '' }
  const nowhere = { file, span: { start: 0, end: 0 } }
  return {
    file,
    value: deepFreeze(value),
    comments: [],
    anchors: [],
    locate: () => nowhere,
    scalar: () => undefined,
    source: () => '',
    plain: () => true,
  }
}

const all = [...ways()]
const refused = all.filter(([, { node }]) => node['x-not-yet-supported'] !== undefined)
const run = new Set(
  Object.entries(RUN_KEYS).flatMap(([owner, keys]) => keys.split(' ').map((key) => `${owner}.${key}`)),
)

describe('every key of the language', () => {
  test('is run or refused, and not both', () => {
    const neither = all.filter(([name, { node }]) => !run.has(name) && node['x-not-yet-supported'] === undefined)
    expect(neither.map(([name]) => name)).toEqual([])
    expect(refused.map(([name]) => name).filter((name) => run.has(name))).toEqual([])
  })

  test('that is said to run is a key that can be written', () => {
    const names = new Set(all.map(([name]) => name))
    expect([...run].filter((name) => !names.has(name))).toEqual([])
  })

  test.each(refused)('%s is refused by name where it stands, with what to do', (name, way) => {
    const found = notYetSupported(documentOf(valueAt(way)), way.kind)
    const key = name.split('.')[1]!
    expect(found.map(({ code, message }) => [code, message])).toContainEqual([
      'plan/not-yet-supported',
      `\`${key}\` is not yet supported`,
    ])
    expect(found.every(({ hint }) => hint !== undefined && hint.length > 10)).toBe(true)
  })

  test.each(all.filter(([, { node }]) => node['x-not-yet-supported'] === undefined))(
    '%s passes where it runs',
    (_, way) => {
      expect(notYetSupported(documentOf(valueAt(way)), way.kind)).toEqual([])
    },
  )
})
