import { type Child, readJournal } from '../../src/supervisor/journal.ts'
import { soon } from './waiting.ts'

/** What a run's supervisor has noted of what it started: a process may write before who started it has noted it. */
export function noted(runDir: string): Promise<readonly Child[]> {
  return soon(
    () => readJournal(runDir),
    (children) => children.length > 0,
    'the journal of what was started',
  )
}
