// Screens of a terminal, as `tmux capture-pane -e` gives them, as one SVG: they follow each other like slides. Whoever wants
// no motion, or shows no animation, sees the one that is `still`.

const [CELL, LINE, PAD] = [7.8, 17, 16]
const PLAIN = '#d0d7de'
const COLOURS = ['#6e7681', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#d0d7de']

/**
 * Lines of runs of one look: where each begins, how many cells it takes, its text and style.
 * @param {string} screen
 */
function runsOf(screen) {
  let style = {}
  return screen.split('\n').map((line) => {
    const runs = []
    let column = 0
    for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
      const [, codes] = /^\x1b\[([\d;]*)m$/.exec(part) ?? []
      if (codes !== undefined) style = codes.split(';').map(Number).reduce(styled, style)
      // Each word stands in its own column, however wide the reader's font is.
      else
        for (const [text] of part.matchAll(/ +|(?:[^ ]| (?! ))+/g)) {
          if (text.trim() !== '') runs.push({ column, text, style })
          column += [...text].length
        }
    }
    return runs
  })
}

function styled(style, code) {
  if (code === 0) return {}
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 22) return { ...style, bold: false, dim: false }
  if (code === 39) return { ...style, colour: undefined }
  if (code >= 30 && code <= 37) return { ...style, colour: COLOURS[code - 30] }
  if (code >= 90 && code <= 97) return { ...style, colour: COLOURS[code - 90] }
  return style
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function drawn(screen) {
  return runsOf(screen).flatMap((runs, row) =>
    runs.map(({ column, text, style: { colour, bold, dim } }) => {
      const look = [colour && `fill="${colour}"`, bold && 'font-weight="bold"', dim && 'opacity=".6"']
      const [x, y] = [PAD + column * CELL, PAD + (row + 2.7) * LINE].map((at) => at.toFixed(1))
      const wide = `textLength="${([...text].length * CELL).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`
      return `<text x="${x}" y="${y}" ${wide} ${look.filter(Boolean).join(' ')}>${escaped(text)}</text>`
    }),
  )
}

/**
 * @param {readonly { screen: string, seconds: number, still?: boolean }[]} slides
 * @param {{ title: string, columns: number, rows: number }} frame
 */
export function terminalSvg(slides, { title, columns, rows }) {
  const [width, height] = [Math.ceil(columns * CELL + 2 * PAD), Math.ceil((rows + 2) * LINE + PAD)]
  const all = slides.reduce((sum, { seconds }) => sum + seconds, 0)
  let begin = 0
  const rules = []
  const groups = slides.map(({ screen, seconds, still }, i) => {
    const [from, to] = [begin, begin + seconds].map((at) => ((100 * at) / all).toFixed(2))
    begin += seconds
    const off = from === '0.00' ? '' : `0%, ${(from - 0.01).toFixed(2)}% { opacity: 0 } `
    rules.push(
      `@keyframes s${i} { ${off}${from}%, ${(to - 0.02).toFixed(2)}% { opacity: 1 } ${to === '100.00' ? '' : `${to}%, `}100% { opacity: ${to === '100.00' ? 1 : 0} } }`,
      `@media (prefers-reduced-motion: no-preference) { #s${i} { animation: s${i} ${all}s infinite } }`,
    )
    return `<g id="s${i}" opacity="${still ? 1 : 0}">\n${drawn(screen).join('\n')}\n</g>`
  })
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: ${PLAIN}; white-space: pre } ${COLOURS.map((colour) => `[fill="${colour}"] { fill: ${colour} }`).join(' ')}\n${rules.join('\n')}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#161b22"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (colour, i) => `<circle cx="${20 + i * 18}" cy="18" r="5.5" fill="${colour}"/>`,
    ),
    ...groups,
    '</svg>',
  ].join('\n')}\n`
}
