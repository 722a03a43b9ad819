import type { RunEvent, WaitSpec } from '../events/events.ts'
import type { InboxRow } from '../ports/store.ts'
import type { LiveView } from '../views/terminal/live.ts'
import { answerValues } from './decide.ts'
import type { Io } from './io.ts'
import { UsageError } from './usage-error.ts'

/** Asks the person at this terminal what the run asks, one question at a time, and puts the answer into the inbox like any other. */
export interface Prompter {
  event(event: RunEvent): void
  opened(path: string, wait: WaitSpec): void
  close(): void
}

interface Question {
  readonly path: string
  readonly wait: WaitSpec
}

export function createPrompter(options: {
  readonly io: Io
  readonly view: LiveView
  readonly put: (row: Pick<InboxRow, 'by' | 'kind' | 'target' | 'data'>) => unknown
  readonly cancel: (hard: boolean) => void
}): Prompter {
  const { io, view, put, cancel } = options
  const queue: Question[] = []
  let current: { readonly path: string; readonly gone: AbortController } | undefined

  const opened = (path: string, wait: WaitSpec): void => {
    if (wait.kind === 'signal') return
    queue.push({ path, wait })
    void next()
  }

  const next = async (): Promise<void> => {
    if (current !== undefined) return
    const question = queue.shift()
    if (question === undefined) return
    const gone = new AbortController()
    current = { path: question.path, gone }
    view.hold(true)
    try {
      await ask(question, gone.signal)
    } finally {
      current = undefined
      view.hold(false)
    }
    await next()
  }

  const ask = async ({ path, wait }: Question, signal: AbortSignal): Promise<void> => {
    const { askDecision, askValues } = await import('../views/terminal/prompt.ts')
    const terminal = { input: io.stdin as unknown as NodeJS.ReadStream, output: io.stdout as NodeJS.WriteStream }
    const fields = Object.keys((wait.answer as object | undefined) ?? {})
    const given =
      wait.kind === 'answer'
        ? await askValues(wait.prompt, fields, terminal, signal)
        : await askDecision(`${path}  ${wait.prompt}`, terminal, signal)
    const by = io.user
    if (given.answer === 'interrupt') cancel(false)
    else if (given.answer === 'values') answer(path, wait, given.values)
    else if (given.answer === 'reject') put({ by, kind: 'reject', target: path, data: {} })
    else if (given.answer === 'approve')
      put(
        wait.kind === 'bypass'
          ? { by, kind: 'bypass', target: path, data: { reason: 'given at the terminal' } }
          : { by, kind: 'approve', target: path, data: {} },
      )
  }

  /** An answer that does not fit is said, and the question comes again. */
  const answer = (path: string, wait: WaitSpec, given: Readonly<Record<string, string>>): void => {
    try {
      const words = Object.entries(given).filter(([, text]) => text !== '')
      put({ by: io.user, kind: 'answer', target: path, data: answerValues(wait, words) })
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      io.stderr.write(`opsflow: ${error.message}\n`)
      queue.unshift({ path, wait })
    }
  }

  return {
    opened,
    event(event) {
      if (event.type === 'wait-opened') opened(event.path, event.wait)
      if (event.type !== 'wait-decided') return
      const waiting = queue.findIndex((question) => question.path === event.path)
      if (waiting >= 0) queue.splice(waiting, 1)
      if (current?.path === event.path) current.gone.abort()
    },
    close: () => {
      queue.length = 0
      current?.gone.abort()
    },
  }
}
