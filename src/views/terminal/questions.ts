import type { Question } from '../../events/questions.ts'
import { unreachable } from '../../util/unreachable.ts'
import { clockText } from './words.ts'

/** The commands that decide a question, ready to be copied into a shell. */
export function questionText(run: string, { path, wait }: Question): string {
  const name = shellWord(path)
  const command = (verb: string, more = '') => `opsflow ${verb} ${run} ${name}${more}`
  const until = wait.deadlineMs === undefined ? '' : `  (until ${clockText(wait.deadlineMs)})`
  switch (wait.kind) {
    case 'approval':
      return `${command('approve')} | ${command('reject')}${until}`
    case 'answer': {
      const fields = Object.keys((wait.answer as object | undefined) ?? {})
      return `${command('answer', fields.map((field) => ` ${field}=…`).join(''))}${until}`
    }
    case 'bypass':
      return `${command('bypass', ' --reason … --expires …')} | ${command('reject')}${until}`
    case 'interrupted':
      return `${command('approve')} (run it again) | ${command('reject')} (it failed)`
    case 'signal':
      return `opsflow signal ${wait.signal ?? 'NS:NAME'}${until}`
    default:
      return unreachable(wait.kind)
  }
}

/** A path as one word of a shell: keys of items stand in brackets, which shells read as patterns. */
export function shellWord(path: string): string {
  return /^[\w./:@%~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
