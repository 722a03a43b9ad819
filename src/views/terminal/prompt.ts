import type { Readable, Writable } from 'node:stream'
import { isCancel, select, text } from '@clack/prompts'

/** The terminal that a prompt talks through. */
export interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

export type PromptAnswer =
  | { readonly answer: 'approve' | 'reject' | 'later' | 'interrupt' }
  | { readonly answer: 'values'; readonly values: Readonly<Record<string, string>> }

/** Asks for a decision. `signal` takes the question back: somebody else has decided. Ctrl-C is `interrupt`. */
export async function askDecision(question: string, terminal: Terminal, signal: AbortSignal): Promise<PromptAnswer> {
  const answer = await select({
    message: question,
    options: [
      { value: 'approve', label: 'approve' },
      { value: 'reject', label: 'reject' },
      { value: 'later', label: 'later', hint: 'from another terminal, with `opsflow approve`' },
    ],
    signal,
    ...terminal,
  })
  return {
    answer: isCancel(answer) ? (signal.aborted ? 'later' : 'interrupt') : (answer as 'approve' | 'reject' | 'later'),
  }
}

/** Asks for the fields of an answer, one after the other. */
export async function askValues(
  question: string,
  fields: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<PromptAnswer> {
  const values: Record<string, string> = {}
  for (const field of fields) {
    const value = await text({ message: `${question}  ${field}`, signal, ...terminal })
    if (isCancel(value)) return { answer: signal.aborted ? 'later' : 'interrupt' }
    values[field] = value ?? ''
  }
  return { answer: 'values', values }
}
