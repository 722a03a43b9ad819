/**
 * A report as blocks, before it is markdown or HTML: what is said and in which order is decided once, and each form
 * escapes in one place. Texts may hold anything; of what they hold only names between backticks mean something.
 */
export interface Page {
  readonly title: string
  readonly badge: Badge
  readonly blocks: readonly Block[]
}

export type Tone = 'good' | 'bad' | 'warn' | 'plain'

interface Badge {
  readonly badge: string
  readonly tone: Tone
}

/** A piece of a line. `link` stands only where the text is an address of the web. */
export type Piece = string | Badge | { readonly code: string } | { readonly strong: string } | { readonly link: string }
export type Line = readonly Piece[]

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'subheading'; readonly line: Line }
  | { readonly kind: 'paragraph'; readonly line: Line }
  /** Names and what they are. */
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, Line])[] }
  | { readonly kind: 'table'; readonly columns: readonly Column[]; readonly rows: readonly Row[] }
  | { readonly kind: 'list'; readonly items: readonly { readonly line: Line; readonly below?: string }[] }
  /** As it was written: a changelog, the end of a log. */
  | { readonly kind: 'text'; readonly text: string }

export interface Column {
  readonly title: string
  readonly isNumber?: boolean
}

export interface Row {
  readonly cells: readonly Line[]
  /** Where the row lies on the whole of the time, 0 to 1: drawn where the form can. */
  readonly bar?: { readonly from: number; readonly to: number; readonly tone: Tone }
}

/** A text as pieces: names between backticks are code. */
export function spoken(text: string): Line {
  return text
    .split(/`([^`\n]+)`/)
    .flatMap((part, i): Piece[] => (i % 2 === 1 ? [{ code: part }] : part === '' ? [] : [part]))
}

const ADDRESS = /^https?:\/\/[^\s<>"'`\\]+$/

/** A value on one line: an address as a link, other text as it is, everything else as JSON. */
export function shown(value: unknown): Line {
  if (typeof value !== 'string') return [{ code: JSON.stringify(value) }]
  return ADDRESS.test(value) ? [{ link: value }] : [value]
}

/** The same blocks with at most so many rows and items each; what is left out is counted, and where it is to be had. */
export function shortened(blocks: readonly Block[], most: number, run: string): readonly Block[] {
  return blocks.flatMap((block): readonly Block[] => {
    const count = block.kind === 'table' ? block.rows.length : block.kind === 'list' ? block.items.length : 0
    if (count <= most) return [block]
    const more: Block = {
      kind: 'paragraph',
      line: [`And ${count - most} more: \`opsflow report ${run} --json\` has them all`],
    }
    if (block.kind === 'table') return [{ ...block, rows: block.rows.slice(0, most) }, more]
    return block.kind === 'list' ? [{ ...block, items: block.items.slice(0, most) }, more] : [block]
  })
}
