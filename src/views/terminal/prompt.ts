import type { Readable, Writable } from 'node:stream'
import { isCancel, select, text } from '@clack/prompts'
import { harmless } from './harmless.ts'

export { openKeyboard } from './keyboard.ts'

/** The terminal that a prompt talks through. */
export interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

export type PromptAnswer =
  | { readonly answer: 'yes'; readonly reason?: string }
  | { readonly answer: 'no' | 'later' | 'interrupt' }
  | { readonly answer: 'values'; readonly values: Readonly<Record<string, string>> }

/** How a decision is worded. `reason`: asks why, too, where the answer is yes. */
export interface DecisionWords {
  readonly yes: string
  readonly no: string
  readonly reason: boolean
}

/** One field of an answer: its name, and what a person has to know to fill it in. */
export interface Field {
  readonly name: string
  readonly about: string
  /** Why a text is no answer, or undefined where it is one. */
  readonly problem: (text: string) => string | undefined
}

/**
 * Asks for a decision. What stands first, and is taken by a stray Enter, decides nothing. `signal` takes the question
 * back: somebody else has decided. Ctrl-C is `interrupt`.
 */
export async function askDecision(
  question: string,
  words: DecisionWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<PromptAnswer> {
  const answer = await select<'later' | 'yes' | 'no'>({
    message: harmless(question),
    options: [
      { value: 'later', label: 'later', hint: 'wait here; decide from another terminal' },
      { value: 'yes', label: words.yes },
      { value: 'no', label: words.no },
    ],
    signal,
    ...terminal,
  })
  if (isCancel(answer)) return { answer: signal.aborted ? 'later' : 'interrupt' }
  if (answer !== 'yes' || !words.reason) return { answer }
  const reason = await text({
    message: 'Why? (for the record)',
    validate: (value) => (value?.trim() ? undefined : 'say why'),
    signal,
    ...terminal,
  })
  if (isCancel(reason)) return { answer: signal.aborted ? 'later' : 'interrupt' }
  return { answer, reason }
}

/** Asks for the fields of an answer, one after the other; what does not fit is said at once and typed again. */
export async function askValues(
  question: string,
  fields: readonly Field[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<PromptAnswer> {
  const values: Record<string, string> = {}
  for (const { name, about, problem } of fields) {
    const value = await text({
      message: harmless(`${question}  ${name}${about === '' ? '' : `  (${about})`}`),
      validate: (typed) => problem(typed ?? ''),
      signal,
      ...terminal,
    })
    if (isCancel(value)) return { answer: signal.aborted ? 'later' : 'interrupt' }
    values[name] = value ?? ''
  }
  return { answer: 'values', values }
}
