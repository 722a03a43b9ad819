import type { CST } from 'yaml'
import type { Span } from '../diagnostics/diagnostic.ts'
import { MOST_NESTED } from '../util/json.ts'
import type { Comment } from './document.ts'

/** A tag and the key whose value it stands on, if any. */
export interface Tag {
  readonly source: string
  readonly span: Span
  readonly key: string | undefined
  readonly flow: boolean
}

/** A quoted text that runs over several lines or to the end of the file: the usual cause of faults far below it. */
export interface LongQuote {
  readonly span: Span
  readonly quote: '"' | "'"
  readonly closed: boolean
}

/** An unquoted text and the comment right behind it. */
export interface CutText {
  readonly span: Span
  readonly comment: Comment
}

/** What the tokens of a file show and its composed nodes do not. */
export interface Scan {
  readonly comments: Comment[]
  readonly tags: Tag[]
  readonly longQuotes: LongQuote[]
  /** Those that are not closed, by where they end. */
  readonly openQuotes: Map<number, LongQuote>
  readonly cutTexts: CutText[]
  /** Brackets that nothing closes, outer ones first. */
  readonly openBrackets: Span[]
  /** Where the nesting first goes beyond the limit. */
  deep: number | undefined
}

interface Frame {
  readonly token: CST.Token
  readonly depth: number
  readonly flow: boolean
}

/** Makes an empty scan for `scanToken` to fill. */
export function emptyScan(): Scan {
  return {
    comments: [],
    tags: [],
    longQuotes: [],
    openQuotes: new Map(),
    cutTexts: [],
    openBrackets: [],
    deep: undefined,
  }
}

/** Brings what was found into source order: the walk below goes backwards through lists. */
export function sortScan(scan: Scan): void {
  for (const list of [scan.comments, scan.tags, scan.longQuotes, scan.cutTexts])
    list.sort((a, b) => a.span.start - b.span.start)
  scan.openBrackets.sort((a, b) => a.start - b.start)
}

/** Reads one top-level token into a scan. Walks with a stack of its own, since the text decides how deep the tokens go. */
export function scanToken(top: CST.Token, scan: Scan): void {
  const stack: Frame[] = [{ token: top, depth: 0, flow: false }]
  for (let frame = stack.pop(); frame; frame = stack.pop()) {
    const { token, depth, flow } = frame
    switch (token.type) {
      case 'comment':
        scan.comments.push(commentOf(token))
        break
      case 'document':
        scanProps(token.start, scan, undefined, flow)
        scanProps(token.end, scan, undefined, flow)
        if (token.value) stack.push({ token: token.value, depth, flow })
        break
      case 'doc-end':
        scanProps(token.end, scan, undefined, flow)
        break
      case 'scalar':
      case 'single-quoted-scalar':
      case 'double-quoted-scalar':
      case 'alias':
        scanScalar(token, scan)
        break
      case 'block-scalar':
        for (const part of token.props) if (part.type === 'comment') scan.comments.push(commentOf(part))
        break
      case 'block-map':
      case 'block-seq':
      case 'flow-collection': {
        // Deeper nesting is no pipeline but an attack or a generator gone wrong, and recursive readers below must not meet it.
        if (depth >= MOST_NESTED) {
          scan.deep = Math.min(scan.deep ?? token.offset, token.offset)
          break
        }
        const inFlow = flow || token.type === 'flow-collection'
        if (token.type === 'flow-collection') {
          scanProps(token.end, scan, undefined, flow)
          const closed = token.end.some((part) => part.type === 'flow-map-end' || part.type === 'flow-seq-end')
          if (!closed) scan.openBrackets.push({ start: token.offset, end: token.offset + 1 })
        }
        for (const item of token.items) {
          scanProps(item.start, scan, undefined, inFlow)
          const key = item.key && 'source' in item.key ? item.key.source : undefined
          scanProps(item.sep, scan, key, inFlow)
          if (item.key) stack.push({ token: item.key, depth: depth + 1, flow: inFlow })
          if (item.value) stack.push({ token: item.value, depth: depth + 1, flow: inFlow })
        }
        break
      }
      default:
        break
    }
  }
}

function commentOf(token: { offset: number; source: string }): Comment {
  return { text: token.source, span: { start: token.offset, end: token.offset + token.source.length } }
}

function scanProps(tokens: readonly CST.Token[] | undefined, scan: Scan, key: string | undefined, flow: boolean): void {
  for (const token of tokens ?? []) {
    if (token.type === 'comment') scan.comments.push(commentOf(token))
    else if (token.type === 'tag') scan.tags.push({ source: token.source, span: commentOf(token).span, key, flow })
  }
}

function scanScalar(token: CST.FlowScalar, scan: Scan): void {
  scanProps(token.end, scan, undefined, false)
  const span = { start: token.offset, end: token.offset + token.source.length }
  if (token.type === 'scalar') {
    const [first, second] = token.end ?? []
    if (first?.type === 'space' && second?.type === 'comment') scan.cutTexts.push({ span, comment: commentOf(second) })
  } else if (token.type !== 'alias') {
    const quote = token.type === 'double-quoted-scalar' ? '"' : "'"
    const closed = token.source.length > 1 && token.source.endsWith(quote)
    if (!closed || token.source.includes('\n')) {
      const long: LongQuote = { span, quote, closed }
      scan.longQuotes.push(long)
      if (!closed) scan.openQuotes.set(span.end, long)
    }
  }
}
