import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { matchesGlob } from './glob.ts'

/**
 * The files that globs find, absolute, each once. Hidden ones only in a folder that the pattern names; links to folders
 * are not followed. (The `glob` of Node does the same and takes longer to load than a short command to run.)
 *
 * `skips`: names of folders that are never entered.
 */
export function findFiles(root: string, patterns: readonly string[], skips: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>()
  for (const pattern of patterns) {
    const segments = pattern.split('/').filter((segment) => segment !== '.')
    const first = segments.findIndex((segment) => /[*?[\]{}()!]/.test(segment))
    if (first < 0) {
      const path = join(root, pattern)
      if (isFile(path)) found.add(path)
      continue
    }
    const base = join(root, segments.slice(0, first).join('/'))
    const rest = segments.slice(first)
    // Only what `**` or braces may stand for is of any depth.
    const depth = rest.some((segment) => /\*\*|[{}]/.test(segment)) ? Number.POSITIVE_INFINITY : rest.length
    for (const file of filesBelow(base, '', depth, skips)) {
      if (matchesGlob(file, rest.join('/'))) found.add(join(base, file))
    }
  }
  return [...found]
}

function filesBelow(base: string, folder: string, depth: number, skips: ReadonlySet<string>): readonly string[] {
  const entries = entriesOf(join(base, folder))
  const found: string[] = []
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isFile() || entry.isSymbolicLink()) found.push(path)
    else if (entry.isDirectory() && depth > 1 && !skips.has(entry.name))
      found.push(...filesBelow(base, path, depth - 1, skips))
  }
  return found
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
