import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { RunFolder } from '../store/folders.ts'
import { shellWord } from '../views/terminal/questions.ts'

/** One line for each patch that a step in a worktree of its own left: whose it is, and how its work is taken over. */
export function patchLines(folder: RunFolder, cwd: string): readonly string[] {
  if (!existsSync(folder.artefacts)) return []
  return readdirSync(folder.artefacts, { recursive: true, encoding: 'utf8' })
    .flatMap((file): readonly string[] => {
      const [, path, attempt] = /^(.*)\.(\d+)\.patch$/s.exec(file) ?? []
      if (path === undefined) return []
      const of = `${path.replaceAll(sep, '/')}${attempt === '1' ? '' : `, attempt ${attempt}`}`
      return [`  patch of ${of}: git apply ${shellWord(relative(cwd, join(folder.artefacts, file)))}`]
    })
    .sort()
}
