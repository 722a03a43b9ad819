import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import type { SourceFile, Span } from '../diagnostics/diagnostic.ts'
import { type Composed, nodeSpan } from './compose.ts'
import type { Comment, Document, Path } from './document.ts'
import { type ScalarStyle, scalarText } from './scalar-text.ts'

interface Parts {
  readonly file: SourceFile
  readonly contents: Node
  readonly composed: Composed
  readonly comments: readonly Comment[]
}

/** What a path leads to: the node as written there, its key, and whether the path led all the way. */
interface Found {
  readonly node: Node | null
  readonly key: Span | undefined
  readonly complete: boolean
}

const STYLES: { readonly [type: string]: ScalarStyle } = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
}

/** Makes the document of composed nodes: its value, and the way from a path to a place. */
export function makeDocument({ file, contents, composed, comments }: Parts): Document {
  const { text } = file
  const written = (node: Node | null): Node | null => {
    let target = node
    while (target && isAlias(target)) target = composed.targets.get(target as Alias) ?? null
    return target
  }

  function find(path: Path): Found {
    let node: Node | null = contents
    let key: Span | undefined
    for (const segment of path) {
      const inside = written(node)
      if (inside && isMap(inside)) {
        const entry = composed.entries.get(inside)?.get(String(segment))
        if (!entry) return { node, key, complete: false }
        node = entry.node
        key = entry.key
      } else if (inside && isSeq(inside)) {
        const item = inside.items[Number(segment)] as Node | undefined
        if (!item) return { node, key, complete: false }
        node = item
        key = undefined
      } else {
        return { node, key, complete: false }
      }
    }
    return { node, key, complete: true }
  }

  /** The narrowest place that stands for a whole: its key, the first key in it, or its first line. */
  function head(node: Node | null, key: Span | undefined): Span {
    if (key) return key
    if (!node) return { start: 0, end: 0 }
    if (isMap(node)) {
      const first = composed.entries.get(node)?.values().next().value
      if (first && text[nodeSpan(node).start] !== '{') return first.key
    }
    const span = trimmed(text, nodeSpan(node))
    const lineEnd = text.slice(span.start, span.end).search(/\r?\n/)
    return lineEnd < 0 ? span : { start: span.start, end: span.start + lineEnd }
  }

  function place(path: Path, part: 'key' | 'value'): Span {
    const { node, key, complete } = find(path)
    if (!complete || part === 'key') return head(node, key)
    if (!node || nodeSpan(node).start === nodeSpan(node).end) return head(node, key)
    return trimmed(text, nodeSpan(node))
  }

  function scalarAt(path: Path): Scalar | undefined {
    const { node, complete } = find(path)
    const target = complete ? written(node) : null
    return target && isScalar(target) ? target : undefined
  }

  return {
    file,
    value: composed.value,
    comments,
    anchors: composed.anchors,
    locate: (path, part = 'value') => ({ file, span: place(path, part) }),
    scalar(path) {
      const node = scalarAt(path)
      if (!node || typeof node.value !== 'string') return undefined
      const span = nodeSpan(node)
      return { ...scalarText(text, span, STYLES[node.type ?? ''] ?? 'plain', node.value), span: trimmed(text, span) }
    },
    source(path) {
      const { node, complete } = find(path)
      const target = complete ? written(node) : null
      if (!target) return ''
      const span = trimmed(text, nodeSpan(target))
      return text.slice(span.start, span.end)
    },
    plain: (path) => scalarAt(path)?.type === 'PLAIN',
  }
}

function trimmed(text: string, span: Span): Span {
  let end = span.end
  while (end > span.start && /\s/.test(text[end - 1]!)) end--
  return { start: span.start, end }
}
