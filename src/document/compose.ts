import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml'
import { type Diagnostic, type Location, report, type SourceFile, type Span } from '../diagnostics/diagnostic.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { nearest } from '../util/nearest.ts'
import type { Anchor } from './document.ts'
import { unquotedExpression } from './traps.ts'

/** One entry of a mapping: where its key stands, and the node of its value. */
interface Entry {
  readonly key: Span
  readonly node: Node | null
}

/** The value of a file, and what finding places in it needs. */
export interface Composed {
  readonly value: Json
  readonly diagnostics: readonly Diagnostic[]
  readonly anchors: readonly Anchor[]
  /** The entries of each mapping by key: one lookup a level, however wide it is. */
  readonly entries: ReadonlyMap<Node, ReadonlyMap<string, Entry>>
  readonly targets: ReadonlyMap<Alias, Node>
}

/** What aliases may add to a document, counted in values: far above honest reuse, far below what hurts. */
const MAX_ALIASED_VALUES = 250_000

/** How many unknown aliases get the nearest name: each is compared with every anchor before it. */
const MAX_GUESSES = 100

interface Anchored {
  readonly name: string
  readonly node: Node
  readonly span: Span
  used: boolean
  /** Set when the node is complete; an alias that meets an open one stands inside of it. */
  done: { readonly value: Json; readonly size: number } | undefined
}

/** Builds the plain value of a tree of nodes. Depth is bounded by the scan before, so recursion is safe. */
export function composeValue({ file, text, root }: { file: SourceFile; text: string; root: Node }): Composed {
  const diagnostics: Diagnostic[] = []
  const entries = new Map<Node, Map<string, Entry>>()
  const targets = new Map<Alias, Node>()
  const byName = new Map<string, Anchored>()
  const anchors: Anchored[] = []
  let aliased = 0
  let size = 0
  let guesses = 0

  const at = (span: Span): Location => ({ file, span })

  function build(node: Node | null | undefined): Json {
    size++
    if (!node) return null
    if (isAlias(node)) return buildAlias(node)
    const before = size - 1
    const anchor = open(node)
    const value = isMap(node)
      ? buildMap(node)
      : isSeq(node)
        ? buildList(node.items as (Node | null)[])
        : buildScalar(node as Scalar)
    if (anchor) anchor.done = { value, size: size - before }
    return value
  }

  function open(node: Node): Anchored | undefined {
    if (isAlias(node)) return undefined
    const name = (node as { anchor?: string }).anchor
    if (name === undefined) return undefined
    const anchored: Anchored = {
      name,
      node,
      span: anchorSpan(text, name, nodeSpan(node).start),
      used: false,
      done: undefined,
    }
    anchors.push(anchored)
    byName.set(name, anchored)
    return anchored
  }

  function buildAlias(node: Alias): Json {
    const span = nodeSpan(node)
    const name = node.source
    const target = byName.get(name)
    if (!target) {
      const near = guesses++ < MAX_GUESSES ? nearest(name, byName.keys()) : undefined
      const glob = /[.*/?[\]{}]/.test(name) || name === ''
      const hint = glob
        ? `a text that begins with \`*\` wants quotes: \`"*${name}"\``
        : near !== undefined
          ? `did you mean \`*${near}\`?`
          : `an anchor is written \`&${name}\`, before its first alias`
      diagnostics.push(
        report('yaml/unknown-alias', at(span), `no anchor \`&${name}\` stands before this alias`, { hint }),
      )
      return null
    }
    target.used = true
    if (!target.done) {
      const related = [{ message: `\`&${name}\` begins here`, at: at(target.span) }]
      const message = `\`*${name}\` stands inside of what it stands for, so it would never end`
      diagnostics.push(report('yaml/cyclic-alias', at(span), message, { related, hint: 'write the value out here' }))
      return null
    }
    const before = aliased
    aliased += target.done.size
    size += target.done.size - 1
    if (aliased > MAX_ALIASED_VALUES) {
      if (before <= MAX_ALIASED_VALUES) {
        const message = `with this alias the document unfolds to more than ${MAX_ALIASED_VALUES} values`
        const related = [{ message: `\`&${name}\` begins here`, at: at(target.span) }]
        diagnostics.push(
          report('yaml/alias-bomb', at(span), message, { related, hint: 'write less by aliases of aliases' }),
        )
      }
      return null
    }
    targets.set(node, target.node)
    return target.done.value
  }

  function buildList(items: readonly (Node | null)[]): Json {
    return Object.freeze(items.map((item) => build(isPairLike(item) ? null : item)))
  }

  function buildMap(map: YAMLMap): Json {
    const value: { [key: string]: Json } = Object.create(null)
    const index = new Map<string, Entry>()
    entries.set(map, index)
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const key = readKey(pair, nodeSpan(map).start)
      const item = build(pair.value)
      if (key === 'merge') {
        // Refused, yet read as meant, so that later stages do not miss the keys that it brings.
        for (const [name, part] of mergedKeys(item)) value[name] ??= part
        continue
      }
      if (!key) continue
      const first = index.get(key.name)
      if (first) {
        const related = [{ message: 'first written here', at: at(first.key) }]
        const hint = 'remove one of them, or give it another name'
        const message = `the key \`${key.name}\` is written twice in this mapping`
        diagnostics.push(report('yaml/duplicate-key', at(key.span), message, { related, hint }))
        continue
      }
      value[key.name] = item
      index.set(key.name, { key: key.span, node: pair.value })
    }
    return Object.freeze(value)
  }

  function readKey(
    pair: Pair<Node | null, Node | null>,
    mapStart: number,
  ): { name: string; span: Span } | 'merge' | undefined {
    const node = pair.key
    const target = node && isAlias(node) ? aliasKey(node) : node
    if (target === undefined) return undefined
    const span =
      node && nodeSpan(node).end > nodeSpan(node).start
        ? nodeSpan(node)
        : colonBefore(pair.value ? nodeSpan(pair.value).start : mapStart)
    if (target && isScalar(target)) {
      const anchor = open(target)
      const source = text.slice(nodeSpan(target).start, nodeSpan(target).end)
      if (anchor) anchor.done = { value: typeof target.value === 'string' ? target.value : source, size: 1 }
      if (target.type === 'PLAIN' && source === '<<') {
        const hint = 'write the keys out, or give them once in `defaults`; an alias may still be a whole value'
        diagnostics.push(
          report('yaml/merge-key', at(span), 'the merge key `<<` is refused: YAML 1.2 has none', { hint }),
        )
        return 'merge'
      }
      if (typeof target.value === 'string') return { name: target.value, span }
      if (source !== '') {
        const kind = target.value === null ? 'null' : `a ${typeof target.value}`
        const quoted = `"${source}"`
        const fix = { title: `write ${quoted}`, safe: true, edits: [{ span, text: quoted }] }
        const message = `the key \`${source}\` is ${kind}, and keys are text`
        diagnostics.push(
          report('yaml/key-not-text', at(span), message, { hint: `put it in quotes: \`${quoted}\``, fix }),
        )
        return { name: source, span }
      }
    }
    const braces = unquotedExpression(file, span)
    if (braces) diagnostics.push(braces)
    else {
      const message =
        node && !isScalar(node)
          ? 'a list or mapping stands where a key is wanted'
          : 'a key is missing before this colon'
      diagnostics.push(
        report('yaml/key-not-text', at(span), message, { hint: 'keys are plain names, such as `needs:`' }),
      )
    }
    if (node && !isScalar(node) && !isAlias(node)) build(node)
    return undefined
  }

  /** Where no key is written: the colon that asks for one. */
  function colonBefore(offset: number): Span {
    const colon = text.lastIndexOf(':', offset)
    return colon < 0 ? { start: offset, end: offset } : { start: colon, end: colon + 1 }
  }

  function aliasKey(node: Alias): Node | undefined {
    buildAlias(node)
    return targets.get(node)
  }

  function buildScalar(node: Scalar): Json {
    const { value } = node
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
    if (typeof value !== 'number') return String(value)
    const source = node.source ?? String(value)
    const lossy = /^[-+]?\d+$/.test(source) && !Number.isSafeInteger(value)
    if (Number.isFinite(value) && !lossy) return value === 0 ? 0 : value
    const span = nodeSpan(node)
    const quoted = `"${source}"`
    const message = lossy
      ? `the number \`${source}\` has more digits than a number can hold: it would become ${value}`
      : `\`${source}\` is no number that JSON can hold`
    const hint = `if text is meant, put it in quotes: \`${quoted}\``
    const fix = { title: `write ${quoted}`, safe: /^\d/.test(source), edits: [{ span, text: quoted }] }
    diagnostics.push(report('yaml/number-range', at(span), message, { hint, fix }))
    return null
  }

  const value = build(root)
  return { value, diagnostics, anchors, entries, targets }
}

/** Where a node is written, without the white space behind it. */
export function nodeSpan(node: Node): Span {
  const [start, end] = node.range ?? [0, 0]
  return { start, end }
}

/** In a list of pairs that a broken flow sequence holds, an item may be a pair; its text is already reported. */
function isPairLike(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'key' in item && !('range' in item)
}

function anchorSpan(text: string, name: string, nodeStart: number): Span {
  const start = text.lastIndexOf(`&${name}`, nodeStart)
  return start < 0 ? { start: nodeStart, end: nodeStart } : { start, end: start + name.length + 1 }
}

function mergedKeys(item: Json): [string, Json][] {
  if (Array.isArray(item)) return (item as readonly Json[]).flatMap(mergedKeys)
  return item !== null && typeof item === 'object' ? Object.entries(item as JsonObject) : []
}
