import { globSource } from '../util/glob.ts'
import { compileSource, type Regex } from './regex.ts'

const MAX_PATTERN = 500
const CACHE_SIZE = 500
const compiled = new Map<string, Regex>()

/**
 * Compiles a glob whose match takes time in proportion to the path, whatever the pattern; the same language as
 * `matchesGlob`. A leading `!` inverts. A path with an empty name, `.` or `..` in it fits nothing.
 */
export function compileGlob(pattern: string): Regex {
  const known = compiled.get(pattern)
  if (known) return known
  const glob = compileFresh(pattern)
  if (compiled.size >= CACHE_SIZE) compiled.delete(compiled.keys().next().value!)
  compiled.set(pattern, glob)
  return glob
}

function compileFresh(pattern: string): Regex {
  if (pattern.length > MAX_PATTERN)
    return { ok: false, message: `the pattern is longer than ${MAX_PATTERN} characters` }
  if (pattern === '') return { ok: false, message: 'the pattern is empty' }
  try {
    const { source, inverted } = globSource(pattern)
    const regex = compileSource(source)
    if (!regex.ok) return { ok: false, message: 'it uses what only a backtracking matcher can do' }
    return { ok: true, test: (path) => isPlainPath(path) && regex.test(path) !== inverted }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

function isPlainPath(path: string): boolean {
  const names = path.startsWith('/') ? path.slice(1) : path
  return names.split('/').every((name) => name !== '' && name !== '.' && name !== '..')
}
