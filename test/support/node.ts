import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CACHE = join(import.meta.dirname, '..', '..', '.cache')

/**
 * Node as tests start it for processes that run our sources: with a cache of what it made of them, for to read them as
 * TypeScript takes twice as long as most of what such a process then does. A script, since what opsflow starts gets none of
 * our environment; it becomes Node, under the same process id.
 */
export const NODE = nodeWithCache()

function nodeWithCache(): string {
  const path = join(CACHE, `node-${process.version}`)
  const [cache, node] = [join(CACHE, 'compile'), process.execPath].map(quoted)
  const script = `#!/bin/sh\nNODE_COMPILE_CACHE=${cache} exec ${node} "$@"\n`
  if (existsSync(path) && readFileSync(path, 'utf8') === script) return path
  mkdirSync(CACHE, { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, script)
  chmodSync(draft, 0o755)
  renameSync(draft, path)
  return path
}

/** A word as a shell reads it back. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
