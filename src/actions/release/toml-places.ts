import type { Span } from './json-places.ts'

/** A `key = value` of a TOML file whose value begins on the key's line. */
export interface TomlEntry {
  /** `project.version`; below a list of tables the name of the list: `package.version`. */
  readonly key: string
  /** Which table it stands in, counted through the file: two entries with one number are of one table. */
  readonly table: number
  /** The text of a string without quotes and escapes; undefined for any other value. */
  readonly text: string | undefined
  /** The rest of the line, for what is no string. */
  readonly raw: string
  /** Where the string stands, quotes included. */
  readonly span: Span
}

const KEY = String.raw`(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')`
const DOTTED = `${KEY}(?:[ \\t]*\\.[ \\t]*${KEY})*`
const TABLE = new RegExp(`^[ \\t]*\\[{1,2}[ \\t]*(${DOTTED})[ \\t]*\\]{1,2}`)
const ENTRY = new RegExp(`^([ \\t]*(${DOTTED})[ \\t]*=[ \\t]*)(.*)$`)

/**
 * The entries of a TOML file with their places. Not a parser of all of TOML: what it does not know (values over several
 * lines) it passes over, and a text in three quotes is never mistaken for entries.
 */
export function tomlEntries(text: string): readonly TomlEntry[] {
  const found: TomlEntry[] = []
  let table = ''
  let count = 0
  let within: string | undefined
  let depth = 0
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at)
    const next = end === -1 ? text.length : end + 1
    const line = text.slice(at, end === -1 ? text.length : end).replace(/\r$/, '')
    const start = at
    at = next
    if (within !== undefined) {
      if (line.includes(within)) within = undefined
      continue
    }
    if (depth > 0) {
      depth += nesting(line)
      continue
    }
    const header = TABLE.exec(line)
    if (header) {
      table = normal(header[1]!)
      count++
      continue
    }
    const entry = ENTRY.exec(line)
    if (!entry) continue
    const [, before, key, raw] = entry as unknown as [string, string, string, string]
    const quotes = /^("""|''')/.exec(raw)?.[1]
    if (quotes !== undefined) {
      if (!raw.slice(3).includes(quotes)) within = quotes
      continue
    }
    const string = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/.exec(raw)
    const from = start + before.length
    if (!string) depth = Math.max(0, nesting(raw))
    found.push({
      key: table === '' ? normal(key) : `${table}.${normal(key)}`,
      table: count,
      text: string ? (string[1]?.replace(/\\(["\\])/g, '$1') ?? string[2]) : undefined,
      raw,
      span: { start: from, end: from + (string?.[0].length ?? 0) },
    })
  }
  return found
}

function normal(key: string): string {
  return key.replace(/["']/g, '').replace(/[ \t]*\.[ \t]*/g, '.')
}

/** How many lists and inline tables a line leaves open, without what stands in texts and comments. */
function nesting(line: string): number {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '').replace(/#.*$/, '')
  return (bare.match(/[[{]/g)?.length ?? 0) - (bare.match(/[\]}]/g)?.length ?? 0)
}
