import { plain } from '../terminal/harmless.ts'
import { type Block, type Line, type Page, type Piece, spoken } from './page.ts'

/**
 * A page as GitHub's markdown, which also reads well as plain text. Takes a page; gives the document, with a line feed
 * at its end. Whatever came from a run stays text: it makes no markup, no HTML, no second row of a table.
 */
export function markdown({ title, badge, blocks }: Page): string {
  const parts = [`# ${text(title)}: ${text(badge.badge)}`, ...blocks.map(block).filter((part) => part !== '')]
  return plain(`${parts.join('\n\n')}\n`)
}

function block(part: Block): string {
  switch (part.kind) {
    case 'heading':
      return `## ${text(part.text)}`
    case 'subheading':
      return `### ${line(part.line)}`
    case 'paragraph':
      return start(line(part.line))
    case 'facts':
      return part.rows.map(([name, value]) => `- **${text(name)}:** ${line(value)}`).join('\n')
    case 'table': {
      const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
      return [
        row(part.columns.map(({ title }) => text(title))),
        row(part.columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))),
        ...part.rows.map(({ cells }) => row(cells.map((cell) => line(cell, true)))),
      ].join('\n')
    }
    case 'list':
      return part.items
        .map((item) => `- ${start(line(item.line))}${item.below ? `\n\n${indented(fenced(item.below))}\n` : ''}`)
        .join('\n')
        .trimEnd()
    case 'text':
      return fenced(part.text)
  }
}

function line(pieces: Line, inTable = false): string {
  return pieces.map((piece) => pieceText(piece, inTable)).join('')
}

function pieceText(piece: Piece, inTable: boolean): string {
  if (typeof piece === 'string')
    return spoken(piece)
      .map((part) => (typeof part === 'string' ? text(part) : pieceText(part, inTable)))
      .join('')
  if ('code' in piece) return code(piece.code, inTable)
  if ('strong' in piece) return `**${text(piece.strong)}**`
  if ('link' in piece) return `<${oneLine(piece.link).replaceAll('|', '%7C')}>`
  return text(piece.badge)
}

function oneLine(said: string): string {
  return plain(said).replace(/\s+/g, ' ')
}

/** Text that makes no markup; underscores within a word never do, and stay readable. */
function text(said: string): string {
  return oneLine(said)
    .replace(/[\\`*[\]<|$~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&(?=#?\w+;)/g, '\\&')
}

/** A line that begins like no heading, list or quotation. */
function start(said: string): string {
  return said.replace(
    /^\s*(?:(\d+)([.)])|([-+#>=]))/,
    (_, digits = '', dot = '', sign = '') => `${digits}\\${dot}${sign}`,
  )
}

function code(said: string, inTable: boolean): string {
  const plain = oneLine(said).trim()
  if (plain === '') return ''
  const fence = '`'.repeat(1 + longest(plain, /`+/g))
  const space = plain.startsWith('`') || plain.endsWith('`') ? ' ' : ''
  const inside = inTable ? plain.replaceAll('|', '\\|') : plain
  return `${fence}${space}${inside}${space}${fence}`
}

function fenced(said: string): string {
  const fence = '`'.repeat(Math.max(3, 1 + longest(said, /`+/g)))
  return `${fence}text\n${said.replace(/\n+$/, '')}\n${fence}`
}

function longest(said: string, runs: RegExp): number {
  return Math.max(0, ...(said.match(runs) ?? []).map(({ length }) => length))
}

function indented(said: string): string {
  return said
    .split('\n')
    .map((each) => (each === '' ? '' : `  ${each}`))
    .join('\n')
}
