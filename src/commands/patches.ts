import { join, relative } from 'node:path'
import type { RunFolder } from '../store/folders.ts'
import { filesBelow } from '../util/files-below.ts'
import { shellWord } from '../views/terminal/questions.ts'

/** One line for each patch that a step in a worktree of its own left: whose it is, and how its work is taken over. */
export function patchLines(folder: RunFolder, cwd: string): readonly string[] {
  return filesBelow(folder.artefacts)
    .flatMap((file): readonly string[] => {
      const [, path, attempt] = /^(.*)\.(\d+)\.patch$/s.exec(file) ?? []
      if (path === undefined) return []
      const of = `${path}${attempt === '1' ? '' : `, attempt ${attempt}`}`
      return [`  patch of ${of}: git apply ${shellWord(relative(cwd, join(folder.artefacts, file)))}`]
    })
    .sort()
}
