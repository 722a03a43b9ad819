import { loadLate } from '../util/late.ts'

/** A pattern whose search takes time in proportion to the text, whatever the pattern. */
export type Regex =
  | { readonly ok: true; test(text: string): boolean }
  | { readonly ok: false; readonly message: string }

const MAX_PATTERN = 1000
const CACHE_SIZE = 500
const compiled = new Map<string, Regex>()

/**
 * Compiles a pattern in RE2 syntax: what JavaScript has without lookaround and backreferences. `test` finds it
 * anywhere in the text, as `RegExp.test` does; anchors are `^` and `$`. Never throws; compiled patterns are kept.
 */
export function compileRegex(pattern: string): Regex {
  const known = compiled.get(pattern)
  if (known) return known
  const regex = compileFresh(pattern)
  if (compiled.size >= CACHE_SIZE) compiled.delete(compiled.keys().next().value!)
  compiled.set(pattern, regex)
  return regex
}

function compileFresh(pattern: string): Regex {
  if (pattern.length > MAX_PATTERN)
    return { ok: false, message: `the pattern is longer than ${MAX_PATTERN} characters` }
  return compileSource(pattern)
}

/** The same without bounds on the pattern and without keeping it: for patterns that this program made. */
export function compileSource(pattern: string): Regex {
  // A library that cannot be loaded is no fault of the pattern.
  const { RE2JS } = library()
  try {
    const program = RE2JS.compile(pattern)
    return { ok: true, test: (text) => program.test(text) }
  } catch (error) {
    return { ok: false, message: patternMessage(pattern, error) }
  }
}

type Library = typeof import('./regex-library.ts')
let loaded: Library | undefined

/** As large as all that reads and compiles a pipeline; few pipelines have a pattern. */
function library(): Library {
  loaded ??= loadLate<Library>(import.meta.url, 'regex-library')
  return loaded
}

function patternMessage(pattern: string, error: unknown): string {
  if (/\(\?<?[=!]/.test(pattern)) return 'lookahead and lookbehind are not in RE2 syntax'
  if (/\\[1-9]/.test(pattern)) return 'backreferences are not in RE2 syntax'
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/^error parsing regexp: /, '')
}
