export interface Span {
  readonly start: number
  readonly end: number
}

/** Where the text value at a path of keys stands in well-formed JSON, quotes included; undefined where there is none. */
export function findText(json: string, path: readonly string[]): Span | undefined {
  let at = json.charCodeAt(0) === 0xfeff ? 1 : 0
  const space = () => {
    while (/\s/.test(json[at] ?? '')) at++
  }
  const text = (): Span => {
    const start = at++
    while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1
    return { start, end: ++at }
  }
  /** Passes over one value of any kind. */
  const skip = (): void => {
    let depth = 0
    do {
      space()
      const c = json[at]
      if (c === undefined) return
      if (c === '"') text()
      else {
        if (c === '{' || c === '[') depth++
        if (c === '}' || c === ']') depth--
        at++
        if (depth === 0 && !/[\]}]/.test(c)) while (/[^\s,\]}]/.test(json[at] ?? ',')) at++
      }
    } while (depth > 0)
  }
  for (const [level, key] of path.entries()) {
    space()
    if (json[at] !== '{') return undefined
    at++
    for (;;) {
      space()
      if (json[at] !== '"') return undefined
      const name = text()
      space()
      at++ // the colon
      space()
      if (JSON.parse(json.slice(name.start, name.end)) === key) break
      skip()
      space()
      if (json[at] !== ',') return undefined
      at++
    }
    if (level === path.length - 1) return json[at] === '"' ? text() : undefined
  }
  return undefined
}
