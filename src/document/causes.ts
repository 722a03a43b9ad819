import type { YAMLError } from 'yaml'
import type { Code } from '../diagnostics/codes.ts'
import type { Diagnostic, SourceFile, Span } from '../diagnostics/diagnostic.ts'
import type { Line } from './places.ts'
import type { Scan } from './scan.ts'

/** What is said of a fault that the parser found, in our words, with its likely cause. */
export interface Cause {
  readonly code: Code
  readonly message: string
  readonly span?: Span
  readonly hint?: string
  readonly extra?: Pick<Diagnostic, 'fix' | 'related'>
}

/** A fault of the parser, and where to look for its cause. */
export interface Case {
  readonly file: SourceFile
  readonly error: YAMLError
  readonly span: Span
  readonly scan: Scan
  readonly line: Line
}

interface Words {
  readonly message: string
  readonly hint: string
}

/** Of a list item where no list is. */
export const STRAY_ITEM: Words = {
  message: 'a list item cannot begin here',
  hint: 'write `- …` on a line of its own, below the key that the list belongs to',
}

/** Of text on the line that only announces a block of text. */
export const BLOCK_HEADER: Words = {
  message: 'text stands behind the `|` or `>` that begins a block',
  hint: 'begin the text on the next line',
}

/** Faults of the parser that need no look at the text: how it names them, and what is said instead. */
const PLAIN: readonly (readonly [RegExp, Words])[] = [
  [
    /^Comments must be separated/,
    { message: 'a comment wants a space before its `#`', hint: 'put a space there, or the whole value in quotes' },
  ],
  [
    /directives-end marker/,
    { message: 'the first key stands behind `---`', hint: 'begin it on the next line, or remove the `---`' },
  ],
  [
    /^Missing newline after block sequence props/,
    { message: 'an anchor stands before the `-` of a list item', hint: 'put it behind the `-`, or behind the key' },
  ],
  [
    /^A node can have at most one anchor/,
    { message: 'this value has an anchor already', hint: 'keep one of the two, and let all aliases name it' },
  ],
  [
    /^An alias node must not/,
    { message: 'an alias cannot have an anchor of its own', hint: 'let its readers name the first anchor' },
  ],
  [/^Block scalar header includes/, BLOCK_HEADER],
  [
    /^Unexpected (?:, in|empty item in) /,
    { message: 'an item is missing before this comma', hint: 'remove the comma, or write the item' },
  ],
  [/^Unexpected block-seq-ind/, STRAY_ITEM],
  [
    /^Sequence item without - indicator/,
    { message: 'this stands in a list and begins no item', hint: 'write `- ` before it, or indent it as a key above' },
  ],
  [/^Missing space after : /, { message: 'a space is missing behind the `:`', hint: 'write `key: value`' }],
  [
    /^A block sequence may not be used/,
    {
      message: 'this list item begins at a column that no list above it has',
      hint: 'indent it exactly as the `-` of the items beside it',
    },
  ],
]

/** What is said of such a fault; undefined for one whose cause the text has to show. */
export function plainCause(message: string): Words | undefined {
  return PLAIN.find(([known]) => known.test(message))?.[1]
}
