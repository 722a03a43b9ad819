/**
 * A kind of file that says the project's version. `set` changes only the bytes of the version; everything else, also
 * line ends and indentation, stays as its author left it.
 */
export interface VersionFile {
  /** Path from the root of the repository. */
  readonly path: string
  /** The version it says, or undefined where it says none (a package.json without `version`). */
  get(text: string): string | undefined
  set(text: string, version: string): string
}

/** Every kind that a release changes where it exists, most telling first. */
export const VERSION_FILES: readonly VersionFile[] = [
  jsonFile('package.json', [['version']]),
  jsonFile('package-lock.json', [['version'], ['packages', '', 'version']]),
  jsonFile('npm-shrinkwrap.json', [['version'], ['packages', '', 'version']]),
  {
    path: 'VERSION',
    get: (text) => text.trim().replace(/^v/, '') || undefined,
    set: (text, version) =>
      text.trim() === '' ? `${version}\n` : text.replace(/^(\s*v?)\S+/, (_, before: string) => `${before}${version}`),
  },
]

function jsonFile(path: string, places: readonly (readonly string[])[]): VersionFile {
  return {
    path,
    get: (text) => {
      const span = findText(text, places[0]!)
      return span === undefined ? undefined : (JSON.parse(text.slice(span.start, span.end)) as string)
    },
    set: (text, version) => {
      const spans = places.flatMap((place) => findText(text, place) ?? []).sort((a, b) => b.start - a.start)
      return spans.reduce(
        (result, span) => result.slice(0, span.start) + JSON.stringify(version) + result.slice(span.end),
        text,
      )
    },
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Where the text value at a path of keys stands in well-formed JSON, quotes included; undefined where there is none. */
function findText(json: string, path: readonly string[]): Span | undefined {
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
