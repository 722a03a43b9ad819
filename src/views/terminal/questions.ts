import type { Question } from '../../events/questions.ts'
import { unreachable } from '../../util/unreachable.ts'
import { clockText } from './words.ts'

/** A command, ready to be copied into a shell, and what is to be known of it. */
export interface NextCommand {
  readonly command: string
  readonly note?: string
}

/** The commands that decide a question, in one line. */
export function questionText(run: string, question: Question): string {
  const { deadlineMs } = question.wait
  const commands = questionCommands(run, question).map(({ command, note }) => (note ? `${command} (${note})` : command))
  return `${commands.join(' | ')}${deadlineMs === undefined ? '' : `  (until ${clockText(deadlineMs)})`}`
}

/** The commands that decide a question; any one of them does. */
export function questionCommands(run: string, { path, wait }: Question): readonly NextCommand[] {
  const name = shellWord(path)
  const command = (verb: string, more = '') => `opsflow ${verb} ${run} ${name}${more}`
  switch (wait.kind) {
    case 'approval':
      return [{ command: command('approve') }, { command: command('reject') }]
    case 'answer': {
      const fields = Object.keys((wait.answer as object | undefined) ?? {})
      return [{ command: command('answer', fields.map((field) => ` ${field}=…`).join('')) }]
    }
    case 'bypass':
      return [{ command: command('bypass', ' --reason … --expires …') }, { command: command('reject') }]
    case 'interrupted':
      return [
        { command: command('approve'), note: 'run it again' },
        { command: command('reject'), note: 'it failed' },
      ]
    case 'signal':
      return [{ command: `opsflow signal ${wait.signal ?? 'NS:NAME'}` }]
    default:
      return unreachable(wait.kind)
  }
}

/** A path as one word of a shell: keys of items stand in brackets, which shells read as patterns. */
export function shellWord(path: string): string {
  return /^[\w./:@%~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
