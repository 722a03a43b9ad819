import { glob, readdir, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { shownPath } from './read-source.ts'

/** A file to lint. `named`: by the user, so that it must be one of ours; else it was met in a folder and may be any YAML. */
export interface LintTarget {
  readonly path: string
  readonly named: boolean
}

/** What the paths of a command line stand for. */
export interface LintTargets {
  readonly files: readonly LintTarget[]
  /** Patterns that no file matches. Missing files are among `files`: reading them says so. */
  readonly unmatched: readonly string[]
}

const YAML = /\.ya?ml$/
const OTHERS = new Set(['node_modules', '.git', '.opsflow'])
const CONFIGS = new Set(['.opsflowrc', '.opsflowrc.json', 'opsflow.config.json'])

/** Finds the files that paths, folders and globs name; each once, in a fixed order. */
export async function lintTargets(paths: readonly string[], cwd: string): Promise<LintTargets> {
  const found = new Map<string, LintTarget>()
  const unmatched: string[] = []
  const add = (path: string, named: boolean): void => {
    const shown = path === '-' ? path : shownPath(path, cwd)
    if (named || !found.has(shown)) found.set(shown, { path: shown, named })
  }
  for (const path of paths) {
    const entry = path === '-' ? undefined : await stat(resolve(cwd, path)).catch(() => undefined)
    if (entry?.isDirectory()) {
      for (const file of await yamlFilesIn(resolve(cwd, path), cwd)) add(file, false)
    } else if (!entry && path !== '-' && /[*?[\]{}]/.test(path)) {
      const exclude = (name: string) => OTHERS.has(name.split(/[\\/]/).at(-1)!)
      const matches = (await Array.fromAsync(glob(path, { cwd, exclude }))).sort()
      for (const match of matches) add(match, false)
      if (matches.length === 0) unmatched.push(path)
    } else {
      add(path, true)
    }
  }
  return { files: [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), unmatched }
}

/** The YAML files below a folder, except those of tools, packages, runs and tests of pipelines. */
async function yamlFilesIn(folder: string, cwd: string): Promise<string[]> {
  const files: string[] = []
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    // A folder that cannot be listed is no reason not to lint the others; naming a file in it says why.
    const entries = await readdir(next, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = join(next, entry.name)
      if (entry.isDirectory()) {
        if (!OTHERS.has(entry.name)) folders.push(path)
      } else if ((YAML.test(entry.name) && !/\.test\.ya?ml$/.test(entry.name)) || CONFIGS.has(entry.name)) {
        const inside = relative(cwd, path)
        files.push(inside.startsWith('..') ? path : inside.split(sep).join('/'))
      }
    }
  }
  return files.sort()
}
