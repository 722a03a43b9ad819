import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The package's own folder: two above the sources, one above the bundle's chunks or the bundle itself. */
export function packageFolder(): string {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, 'agents.yaml')) && existsSync(join(folder, 'package.json'))) return folder
  }
  throw new Error('the package of opsflow lacks its own files; install it again')
}
