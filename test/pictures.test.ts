import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const script = pathToFileURL(join(import.meta.dirname, '..', 'scripts/pictures/terminal-svg.mjs')).href
const { terminalSvg } = (await import(script)) as {
  terminalSvg(
    slides: readonly { readonly screen: string; readonly seconds: number; readonly still?: boolean }[],
    frame: { readonly title: string; readonly columns: number; readonly rows: number },
  ): string
}

const FRAME = { title: 'a & b', columns: 40, rows: 2 }
const textsOf = (svg: string) => [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" [^>]*?> ?([^<]*)<\/text>/g)]

test('a screen is drawn word by word, each in its column and colour; nothing on it is markup', () => {
  const svg = terminalSvg(
    [{ screen: '\x1b[32m✓\x1b[39m a <b>  \x1b[2mdim\nstill\x1b[0m', seconds: 1, still: true }],
    FRAME,
  )
  const texts = textsOf(svg)
  expect(texts.map(([, , , text]) => text)).toEqual(['✓', 'a &lt;b&gt;', 'dim', 'still'])
  const columns = texts.map(([, x]) => (Number(x) - Number(texts[0]![1])) / 7.8)
  expect(columns.map(Math.round)).toEqual([0, 2, 9, 0])
  expect(texts.map(([text]) => /fill="#3fb950"/.test(text))).toEqual([true, false, false, false])
  expect(texts.map(([text]) => /opacity/.test(text))).toEqual([false, false, true, true])
  expect(svg).toContain('<title>a &amp; b</title>')
})

test('slides follow each other, and without motion only the one that is meant for it is there', () => {
  const svg = terminalSvg(
    [
      { screen: 'one', seconds: 1 },
      { screen: 'two', seconds: 3, still: true },
    ],
    FRAME,
  )
  expect([...svg.matchAll(/<g id="(\w+)" opacity="(\d)">/g)].map(([, id, opacity]) => `${id} ${opacity}`)).toEqual([
    's0 0',
    's1 1',
  ])
  expect(svg).toContain('0%, 24.98% { opacity: 1 } 25.00%, 100% { opacity: 0 }')
  expect(svg.match(/prefers-reduced-motion: no-preference\) \{ #s\d \{ animation: s\d 4s/g)).toHaveLength(2)
})
