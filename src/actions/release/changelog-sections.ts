/** A part of a section: what stands before the first `###` has no heading. */
interface Part {
  readonly heading: string
  readonly texts: string[]
}

/**
 * The sections of pre-releases at the head of a changelog, oldest first, and what follows them: when `1.1.0` comes, what
 * `1.1.0-rc.1` said becomes part of it.
 */
export function takePrereleases(
  tail: string,
  version: string,
): { readonly bodies: readonly string[]; readonly tail: string } {
  const bodies: string[] = []
  let rest = tail
  for (;;) {
    const heading = /^## +\[?v?([0-9A-Za-z.+-]+)\]?[^\n]*(?:\n|$)/.exec(rest)
    if (!heading?.[1]?.startsWith(`${version}-`)) return { bodies, tail: rest }
    const below = rest.slice(heading[0].length)
    const next = /^## |^\[[^\]\r\n]+\]: /m.exec(below)
    bodies.unshift(trimBlank(below.slice(0, next?.index ?? below.length)))
    rest = next ? below.slice(next.index) : ''
  }
}

/** Bodies of sections as one: what stands under one heading comes together, in the order of the bodies. */
export function joinBodies(bodies: readonly string[], eol: string): string {
  const said = bodies.filter((body) => body !== '')
  if (said.length < 2) return said[0] ?? ''
  const parts: Part[] = [{ heading: '', texts: [] }]
  for (const body of said) {
    let into = parts[0]!
    for (const piece of body.split(/^(?=### )/m)) {
      const [line = ''] = piece.split(/\r?\n/, 1)
      const heading = line.startsWith('### ') ? line.trim() : ''
      const text = trimBlank(heading === '' ? piece : piece.slice(line.length))
      const known = parts.find((part) => part.heading === heading)
      into = known ?? { heading, texts: [] }
      if (!known) parts.push(into)
      if (text !== '') into.texts.push(text)
    }
  }
  return parts
    .filter(({ heading, texts }) => heading !== '' || texts.length > 0)
    .map(({ heading, texts }) => {
      const lists = texts.reduce(
        (all, text) => (all === '' ? text : `${all}${/^\s*[-*]/.test(text) ? eol : eol + eol}${text}`),
        '',
      )
      return heading === '' ? lists : `${heading}${eol}${eol}${lists}`
    })
    .join(eol + eol)
}

/** Without blank lines at both ends. */
export function trimBlank(text: string): string {
  return text.replace(/^(?:[ \t]*\r?\n)+/, '').replace(/(?:\r?\n[ \t]*)+$/, '')
}
