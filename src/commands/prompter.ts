import type { RunEvent, WaitSpec } from '../events/events.ts'
import { checkValue } from '../model/check-value.ts'
import { isRequired, parseInput } from '../model/inputs.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { InboxRow } from '../ports/store.ts'
import { refusePerson } from '../run/judge.ts'
import type { LiveView } from '../views/terminal/live.ts'
import type { DecisionWords, Field, PromptAnswer } from '../views/terminal/prompt.ts'
import { answerValues } from './decide.ts'
import type { Io } from './io.ts'
import { UsageError } from './usage-error.ts'

/** Asks the person at this terminal what the run asks, one question at a time, and puts the answer into the inbox like any other. */
export interface Prompter {
  event(event: RunEvent): void
  opened(path: string, wait: WaitSpec): void
  /** Asks again, below what the view has to say by then; not more often than a person bears. */
  interrupt(): void
  close(): void
}

interface Question {
  readonly path: string
  readonly wait: WaitSpec
  /** How often it was taken back for news that whoever decides should see. */
  readonly returns: number
}

/** More often nobody is interrupted; `show` tells the rest. */
const MOST_RETURNS = 5

/** What yes and no mean to each kind of question; a bypass goes on record with a reason. */
const WORDS: { readonly [kind in WaitSpec['kind']]?: DecisionWords } = {
  bypass: { yes: 'bypass', no: 'reject', reason: true },
  interrupted: { yes: 'run it again', no: 'it failed', reason: false },
}
const APPROVAL: DecisionWords = { yes: 'approve', no: 'reject', reason: false }

export function createPrompter(options: {
  readonly io: Io
  readonly view: LiveView
  /** Throws a `UsageError` for what cannot be taken; the question then comes again. */
  readonly put: (row: Pick<InboxRow, 'by' | 'kind' | 'target' | 'data'>) => Promise<void>
  readonly cancel: (hard: boolean) => void
}): Prompter {
  const { io, view, put, cancel } = options
  const queue: Question[] = []
  let current: { readonly question: Question; readonly gone: AbortController; isComingBack: boolean } | undefined

  const opened = (path: string, wait: WaitSpec): void => {
    if (wait.kind === 'signal') return
    const refused = refusePerson(wait, io.user)
    if (refused !== undefined) {
      view.aside(() => io.stderr.write(`opsflow: \`${path}\`: ${refused}\n`))
      return
    }
    queue.push({ path, wait, returns: 0 })
    void next()
  }

  const next = async (): Promise<void> => {
    if (current !== undefined) return
    const question = queue.shift()
    if (question === undefined) return
    const asked = { question, gone: new AbortController(), isComingBack: false }
    current = asked
    view.hold(true)
    try {
      await ask(question, asked.gone.signal)
      if (asked.isComingBack) queue.unshift({ ...question, returns: question.returns + 1 })
    } finally {
      current = undefined
      view.hold(false)
    }
    await next()
  }

  const ask = async (question: Question, signal: AbortSignal): Promise<void> => {
    const { path, wait } = question
    const { askDecision, askValues, openKeyboard } = await import('../views/terminal/prompt.ts')
    const keyboard = openKeyboard(io.stdin as unknown as NodeJS.ReadStream)
    const terminal = { input: keyboard.input, output: io.stdout as NodeJS.WriteStream }
    const given = await (wait.kind === 'answer'
      ? askValues(wait.prompt, fieldsOf(wait), terminal, signal)
      : askDecision(`${path}  ${wait.prompt}`, WORDS[wait.kind] ?? APPROVAL, terminal, signal)
    ).finally(keyboard.close)
    if (given.answer === 'later') return
    if (current) current.isComingBack = false
    if (given.answer === 'interrupt') cancel(false)
    else await say(question, given)
  }

  /** What does not fit is said, and the question comes again. */
  const say = async (question: Question, given: PromptAnswer): Promise<void> => {
    const { path, wait } = question
    const row = { by: io.user, target: path }
    try {
      if (given.answer === 'values') {
        const words = Object.entries(given.values).filter(([, text]) => text !== '')
        await put({ ...row, kind: 'answer', data: answerValues(wait, words) })
      } else if (given.answer === 'no') await put({ ...row, kind: 'reject', data: {} })
      else if (given.answer === 'yes')
        await put(
          given.reason === undefined
            ? { ...row, kind: 'approve', data: {} }
            : { ...row, kind: 'bypass', data: { reason: given.reason } },
        )
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      const { message } = error
      view.aside(() => io.stderr.write(`opsflow: ${message}\n`))
      queue.unshift(question)
    }
  }

  /** What went wrong meanwhile is shown before the decision; what somebody types is not taken from them. */
  const interrupt = (): void => {
    if (current === undefined || current.question.returns >= MOST_RETURNS) return
    const { kind } = current.question.wait
    if (kind === 'answer' || WORDS[kind]?.reason) return
    current.isComingBack = true
    current.gone.abort()
  }

  const takeBack = (): void => {
    if (current === undefined) return
    current.isComingBack = false
    current.gone.abort()
  }

  return {
    opened,
    interrupt,
    event(event) {
      if (isBadNews(event)) interrupt()
      if (event.type === 'wait-opened') opened(event.path, event.wait)
      // What asked may have ended undecided: by a cancel, by a limit.
      if (event.type !== 'wait-decided' && event.type !== 'step-ended') return
      const waiting = queue.findIndex((question) => question.path === event.path)
      if (waiting >= 0) queue.splice(waiting, 1)
      if (current?.question.path === event.path) takeBack()
    },
    close: () => {
      queue.length = 0
      takeBack()
    },
  }
}

/** Something that may change the mind of who decides. */
function isBadNews(event: RunEvent): boolean {
  if (event.type === 'gate-judged') return event.status !== 'passed'
  return event.type === 'step-ended' && !['succeeded', 'skipped', 'cancelled'].includes(event.status)
}

/** The fields of an answer, with what their schemas say of them. */
function fieldsOf(wait: WaitSpec): readonly Field[] {
  const schemas = (wait.answer ?? {}) as unknown as { readonly [name: string]: ValueSchema }
  return Object.entries(schemas).map(([name, schema]) => ({
    name,
    about: [schema.description, schema.enum?.join(' | '), isRequired(schema) ? undefined : 'may stay empty']
      .filter((part) => part !== undefined)
      .join('; '),
    problem: (text) => {
      if (text === '') return isRequired(schema) ? `\`${name}\` is missing` : undefined
      const parsed = parseInput(schema, text)
      return parsed.ok ? checkValue(schema, parsed.value, name)[0]?.message : parsed.message
    },
  }))
}
