import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Paths of all that lies below a folder and is no folder, with `/` between names; none where the folder is not there.
 * Folder by folder: Node's own recursion follows links, and whoever wrote one chose where it leads.
 */
export function filesBelow(folder: string, inside = ''): readonly string[] {
  return entriesOf(join(folder, inside)).flatMap((entry) => {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`
    return entry.isDirectory() ? filesBelow(folder, path) : [path]
  })
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
