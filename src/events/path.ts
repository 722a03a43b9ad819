import { sha256 } from '../util/hash.ts'

const LONGEST_KEY = 128

/** Writes an item's key so that it can stand in a path: percent-encoded, a very long one cut and told apart by its hash. */
export function encodeKey(key: string): string {
  const encoded = encodeURIComponent(key.toWellFormed())
  if (encoded.length <= LONGEST_KEY) return encoded
  // Cut between two characters, so that what is left can be decoded.
  let start = ''
  for (const char of key.toWellFormed()) {
    const next = start + encodeURIComponent(char)
    if (next.length > 100) break
    start = next
  }
  return `${start}~${sha256(key).slice(0, 16)}`
}

/** The key as its author wrote it; of a very long one, its beginning. */
export function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded)
}

/** The path that holds this one: `a/b[k]@2` -> `a/b[k]` -> `a/b` -> `a` -> `''`. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/')
  const at = path.lastIndexOf('@')
  if (at > slash) return path.slice(0, at)
  if (path.endsWith(']')) return path.slice(0, path.lastIndexOf('['))
  return slash < 0 ? '' : path.slice(0, slash)
}

/** The step of an item or a pass, which had the needs: `a/b[k]@2` -> `a/b`. */
export function startPath(path: string): string {
  return path.replace(/(?:\[[^\]/]*\]|@\d+)+$/, '')
}

/** What stands before the names of a scope's steps: nothing for the run, `path/` for a sub-pipeline. */
export function prefixOf(scopePath: string): string {
  return scopePath === '' ? '' : `${scopePath}/`
}

const GATE = /^(.*\/)?gate:([^/]+)$/

/** The path of a gate (`round/gate:quality`), as against its key in the state (`round/quality`). */
export function gatePath(scopePath: string, gate: string): string {
  return `${prefixOf(scopePath)}gate:${gate}`
}

/** The key of the gate that a path names, or undefined where it names a step. */
export function gateKeyOf(path: string): string | undefined {
  // Asked of every event, and hardly any is about a gate.
  const match = path.includes('gate:') ? GATE.exec(path) : null
  return match ? `${match[1] ?? ''}${match[2]}` : undefined
}

/** Splits `build/check:lint` into the path of what is checked and the name of the check. */
export function splitCheck(path: string): { readonly of: string; readonly check: string } | undefined {
  const at = path.lastIndexOf('/check:')
  return at < 0 ? undefined : { of: path.slice(0, at), check: path.slice(at + 7) }
}

/** The path without keys and passes, which is the same from run to run: `round@2/audit[api]` -> `round/audit`. */
export function kindPath(path: string): string {
  return path.replaceAll(/\[[^\]]*\]|@\d+/g, '')
}

/** The path of a check of a step or gate. */
export function checkPath(path: string, check: string): string {
  return `${path}/check:${check}`
}

/** The path of a repair after a named failure of a step. */
export function recoverPath(path: string, failure: string): string {
  return `${path}/recover:${failure}`
}

/**
 * The token of an attempt: `path#attempt`. A check or a repair has that of the attempt it belongs to, with its own path.
 * One that was cut off is delivered again, since it judges or mends the same attempt: `path#attempt-delivery`, so that
 * what is told late or twice of the first delivery is never taken for the second.
 */
export function attemptToken(path: string, attempt: number, delivery = 1): string {
  return delivery === 1 ? `${path}#${attempt}` : `${path}#${attempt}-${delivery}`
}

/** A token in words: `build`, `build, attempt 2`, `build/check:lint, made again (2)`. */
export function tokenText(token: string): string {
  const [, path = token, attempt = '1', delivery] = /^(.*)#(\d+)(?:-(\d+))?$/s.exec(token) ?? []
  return `${path}${attempt === '1' ? '' : `, attempt ${attempt}`}${delivery === undefined ? '' : `, made again (${delivery})`}`
}
