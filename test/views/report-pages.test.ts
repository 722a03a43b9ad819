import { describe, expect, test } from 'vitest'
import { html } from '../../src/views/report/html.ts'
import { markdown } from '../../src/views/report/markdown.ts'
import { type Block, type Page, shortened } from '../../src/views/report/page.ts'

function page(...blocks: readonly Block[]): Page {
  return { title: 'A page', badge: { badge: 'failed', tone: 'bad' }, blocks }
}

/** What a run may have said to be something else on the page. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><b>bold</b>',
  "' onmouseover='alert(1)",
  '[a link](javascript:alert(1))',
  '![a picture](https://example.org/x.png)',
  '| another | cell |',
  'a line\n| and | a | row |',
  '`<b>code</b>`',
  '`` ` <i>',
  '**bold** _it_ ~~gone~~',
  '&lt;script&gt;',
  '$x$ \\<b\\>',
  '</pre></style><style>',
  '```\n# not a heading',
]

/** Every place of a page that a run can fill. */
function everywhere(text: string): Page {
  return {
    title: text,
    badge: { badge: text, tone: 'bad' },
    blocks: [
      { kind: 'heading', text },
      { kind: 'subheading', line: [text] },
      { kind: 'paragraph', line: [text] },
      { kind: 'facts', rows: [[text, [text, { code: text }, { strong: text }, { badge: text, tone: 'plain' }]]] },
      { kind: 'table', columns: [{ title: text }], rows: [{ cells: [[text]] }, { cells: [[{ code: text }]] }] },
      { kind: 'list', items: [{ line: [text], below: text }] },
      { kind: 'text', text },
    ],
  }
}

/** The elements of a page, in order, without what is in them. */
function tags(text: string): readonly string[] {
  return [...text.matchAll(/<\/?[a-z][^<>]*>/gi)].map(([tag]) => tag.replace(/ data-of="[^"<>]*"/, ''))
}

describe('a page as HTML', () => {
  test.each(HOSTILE)('has no element that a run has written: %s', (text) => {
    const plain = tags(html(everywhere('text'))).filter((tag) => !/^<\/?code>$/.test(tag))
    expect(tags(html(everywhere(text))).filter((tag) => !/^<\/?code>$/.test(tag))).toEqual(plain)
  })

  test('needs nothing else: no script, no address that is loaded, and a policy that forbids both', () => {
    const text = html(everywhere('text'))
    expect(text).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    )
    expect(text).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\ssrc=|\son\w+=/i)
  })

  test('has colours for light and for dark, a form for a phone, and one for paper', () => {
    const text = html(page())
    expect(text).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(text).toContain('color-scheme: light dark')
    expect(text).toMatch(/@media \(max-width: 40rem\)/)
    expect(text).toMatch(/@media print/)
  })

  test('names its parts for those who hear it: one first heading, sections by their heading, heads of columns and rows', () => {
    const table = {
      kind: 'table',
      columns: [{ title: 'Step' }, { title: 'Took', isNumber: true }],
      rows: [{ cells: [['a'], ['1s']] }],
    } as const
    const text = html(page({ kind: 'heading', text: 'Steps' }, table))
    expect(text.match(/<h1>/g)).toHaveLength(1)
    expect(text).toContain('<html lang="en">')
    expect(text).toContain('<section aria-labelledby="s0">\n<h2 id="s0">Steps</h2>')
    expect(text).toContain('<th role="columnheader" scope="col" class="n">Took</th>')
    expect(text).toContain('<th role="rowheader" scope="row" data-of="Step"><span>a</span></th>')
  })

  test('links an address of the web and nothing else', () => {
    const text = html(
      page({ kind: 'paragraph', line: [{ link: 'https://example.org/?a=1&b="2"' }, 'javascript:alert(1)'] }),
    )
    expect([...text.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      'https://example.org/?a=1&amp;b=&quot;2&quot;',
    ])
  })

  test('has no escapes for a terminal and no signs that turn the direction of what follows', () => {
    expect(html(everywhere('a\x1b[2J\x1b[31mb\u202ec\x07'))).not.toMatch(/[\x00-\x08\x0b-\x1f\u202e]/)
    expect(markdown(everywhere('a\x1b[2J\x1b[31mb\u202ec\x07'))).not.toMatch(/[\x00-\x08\x0b-\x1f\u202e]/)
  })
})

describe('a page as markdown', () => {
  test.each([
    ['<b>', '\\<b>'],
    ['[a](b)', '\\[a\\](b)'],
    ['*a* snake_case _it_', '\\*a\\* snake_case \\_it\\_'],
    ['&lt;', '\\&lt;'],
    ['$x$', '\\$x\\$'],
    ['# no', '\\# no'],
    ['- no', '\\- no'],
    ['12. no', '12\\. no'],
    ['> no', '\\> no'],
    ['names in `ticks`', 'names in `ticks`'],
    ['one ` tick', 'one \\` tick'],
    ['two\nlines', 'two lines'],
  ])('%j stays text', (text, written) => {
    expect(markdown(page({ kind: 'paragraph', line: [text] }))).toBe(`# A page: failed\n\n${written}\n`)
  })

  test.each(HOSTILE)('keeps a table to its rows and columns: %j', (text) => {
    const table: Block = {
      kind: 'table',
      columns: [{ title: 'A' }, { title: 'B' }],
      rows: [{ cells: [[text], [{ code: text }]] }, { cells: [['x'], ['y']] }],
    }
    const lines = markdown(page(table)).split('\n').slice(2, -1)
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(line.match(/(?<!\\)\|/g)).toHaveLength(3)
  })

  test.each([
    ['a `tick`', '``` a `tick` ```'.replaceAll('```', '``')],
    ['`', '`` ` ``'],
    ['', ''],
  ])('code %j has a fence that it does not hold', (text, written) => {
    expect(markdown(page({ kind: 'paragraph', line: ['x', { code: text }, 'y'] }))).toBe(
      `# A page: failed\n\nx${written}y\n`,
    )
  })

  test('a block of text has a fence that it does not hold, also within a list', () => {
    const text = '```sh\nrm\n````'
    expect(markdown(page({ kind: 'text', text }))).toBe(`# A page: failed\n\n\`\`\`\`\`text\n${text}\n\`\`\`\`\`\n`)
    expect(markdown(page({ kind: 'list', items: [{ line: ['it'], below: text }] }))).toContain(
      '- it\n\n  `````text\n  ```sh\n  rm\n  ````\n  `````\n',
    )
  })
})

test('a long page says how much it leaves out, and where that is', () => {
  const items = [1, 2, 3].map((n) => ({ line: [`${n}`] }))
  const rows = items.map(({ line }) => ({ cells: [line] }))
  const blocks: readonly Block[] = [
    { kind: 'list', items },
    { kind: 'table', columns: [{ title: 'N' }], rows },
  ]
  const more = { kind: 'paragraph', line: ['And 1 more: `opsflow report r1 --json` has them all'] }
  expect(shortened(blocks, 2, 'r1')).toEqual([
    { kind: 'list', items: items.slice(0, 2) },
    more,
    { kind: 'table', columns: [{ title: 'N' }], rows: rows.slice(0, 2) },
    more,
  ])
  expect(shortened(blocks, 3, 'r1')).toEqual(blocks)
})
