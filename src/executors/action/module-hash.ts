import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve } from 'node:path'

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g
const MOST_FILES = 1000

/**
 * The SHA-256 over a module and all that it imports by relative path, wherever they lie: what freezes a user's action.
 * Packages are not in it (the lockfile freezes those), nor what is imported by a computed name.
 */
export function moduleHash(file: string): string {
  const texts = new Map<string, string>()
  const queue = [resolve(file)]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (texts.has(next)) continue
    if (texts.size >= MOST_FILES) throw new Error(`\`${file}\` imports more than ${MOST_FILES} files`)
    const text = readFileSync(next, 'utf8')
    texts.set(next, text)
    for (const [, , specifier] of text.matchAll(IMPORT)) {
      const target = resolve(dirname(next), specifier!.replace(/[?#].*$/, ''))
      if (statSync(target, { throwIfNoEntry: false })?.isFile() === true) queue.push(target)
    }
  }
  const hash = createHash('sha256')
  for (const path of [...texts.keys()].sort())
    hash.update(`${relative(dirname(resolve(file)), path)}\0${texts.get(path)}\0`)
  return hash.digest('hex')
}

/** Where a name in `uses` that is no built-in leads: a path from the project root, or a file of an installed package. */
export function moduleFile(root: string, uses: string, resolvePackage: (specifier: string) => string): string {
  if (uses.startsWith('./') || uses.startsWith('../') || isAbsolute(uses)) return resolve(root, uses)
  return resolvePackage(uses)
}
