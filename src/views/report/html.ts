import { plain } from '../terminal/harmless.ts'
import { STYLE } from './html-style.ts'
import { type Block, type Column, type Line, type Page, type Piece, type Row, spoken } from './page.ts'

/**
 * A page as one HTML file that needs nothing else: no script, no font, no picture, no network; its policy forbids them
 * all, so that nothing that came from a run could load or start anything even if it were not escaped. Light and dark,
 * readable on a phone, printable.
 */
export function html({ title, badge, blocks }: Page): string {
  const head = `${text(title)}: ${text(badge.badge)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${head}</title>
<style>
${STYLE}</style>
</head>
<body>
<main>
<h1>${text(title)} ${piece(badge)}</h1>
${sections(blocks).join('\n')}
</main>
</body>
</html>
`
}

/** Each heading opens a section, named by it. */
function sections(blocks: readonly Block[]): readonly string[] {
  const found: string[] = []
  let open = false
  for (const [i, each] of blocks.entries()) {
    if (each.kind === 'heading') {
      if (open) found.push('</section>')
      found.push(`<section aria-labelledby="s${i}">`, `<h2 id="s${i}">${text(each.text)}</h2>`)
      open = true
    } else found.push(block(each))
  }
  return open ? [...found, '</section>'] : found
}

function block(part: Exclude<Block, { kind: 'heading' }>): string {
  switch (part.kind) {
    case 'subheading':
      return `<h3>${line(part.line)}</h3>`
    case 'paragraph':
      return `<p>${line(part.line)}</p>`
    case 'facts':
      return `<dl>${part.rows.map(([name, value]) => `<div><dt>${text(name)}</dt><dd>${line(value)}</dd></div>`).join('')}</dl>`
    case 'table':
      return table(part.columns, part.rows)
    case 'list':
      return `<ul>${part.items.map((item) => `<li>${line(item.line)}${item.below ? pre(item.below) : ''}</li>`).join('')}</ul>`
    case 'text':
      return pre(part.text)
  }
}

function table(columns: readonly Column[], rows: readonly Row[]): string {
  const hasBars = rows.some(({ bar }) => bar)
  const head = columns.map(
    ({ title, isNumber }) => `<th role="columnheader" scope="col"${isNumber ? ' class="n"' : ''}>${text(title)}</th>`,
  )
  const cell = (content: Line, i: number): string => {
    const { title, isNumber } = columns[i]!
    // On a phone each cell says which it is; one without content is left out there.
    const of = `${isNumber ? ' class="n"' : ''} data-of="${text(title)}"`
    // One box, so that its pieces stay one text where the name stands beside it.
    const said = line(content)
    const inside = said === '' ? '' : `<span>${said}</span>`
    return i === 0
      ? `<th role="rowheader" scope="row"${of}>${inside}</th>`
      : `<td role="cell"${inside === '' ? ' data-empty' : ''}${of}>${inside}</td>`
  }
  const bar = (row: Row): string => {
    if (!hasBars) return ''
    if (!row.bar) return '<td class="bar" aria-hidden="true" data-empty></td>'
    const { from, to, tone } = row.bar
    const style = `--from:${percent(from)};--to:${percent(Math.max(from, to))}`
    return `<td class="bar" aria-hidden="true"><i class="${tone}" style="${style}"></i></td>`
  }
  const body = rows.map((row) => `<tr role="row">${row.cells.map(cell).join('')}${bar(row)}</tr>`)
  const barHead = hasBars ? '<td class="bar" aria-hidden="true"></td>' : ''
  // The roles, since what a phone lays out anew is no table any more to who hears it.
  const columnHeads = `<thead role="rowgroup"><tr role="row">${head.join('')}${barHead}</tr></thead>`
  return `<table role="table">${columnHeads}<tbody role="rowgroup">\n${body.join('\n')}\n</tbody></table>`
}

function percent(share: number): string {
  return `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`
}

function pre(said: string): string {
  return `<pre tabindex="0">${text(said.replace(/\n+$/, ''))}</pre>`
}

function line(pieces: Line): string {
  return pieces.map(piece).join('')
}

function piece(part: Piece): string {
  if (typeof part === 'string')
    return spoken(part)
      .map((each) => (typeof each === 'string' ? text(each) : piece(each)))
      .join('')
  if ('code' in part) return part.code === '' ? '' : `<code>${text(part.code)}</code>`
  if ('strong' in part) return `<strong>${text(part.strong)}</strong>`
  if ('link' in part) return `<a href="${text(part.link)}" rel="noreferrer noopener">${text(part.link)}</a>`
  return `<span class="badge ${part.tone}">${text(part.badge)}</span>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  ':': '&#58;',
  '#': '&#35;',
}

/** As text of the page; what a GitHub workflow would take for a command in it, too, where the page is printed there. */
function text(said: string): string {
  return plain(said).replace(/[&<>"']|:(?=:)|#(?=#\[)/g, (sign) => ENTITIES[sign]!)
}
