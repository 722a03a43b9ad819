import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { Prompter } from '../../src/commands/prompter.ts'
import { createPrompter } from '../../src/commands/prompter.ts'
import type { WaitSpec } from '../../src/events/events.ts'
import { memoryIo } from '../support/memory-io.ts'
import { soon } from '../support/waiting.ts'

const WAIT: WaitSpec = {
  kind: 'approval',
  prompt: 'Ship it?',
  from: [],
  persons: [],
  self: true,
  startedBy: { name: 'tester' },
}

/** A question at a terminal that nobody types on, and who had the screen: `prompt` or `view`. */
function asked(wait: WaitSpec): {
  readonly prompter: Prompter
  readonly had: readonly string[]
  ended(): Promise<unknown>
} {
  const had: string[] = []
  const io = Object.assign(memoryIo({ cwd: '/' }), {
    stdin: new PassThrough(),
    stdout: Object.assign(new PassThrough().resume(), { isTTY: true, columns: 80, rows: 24 }),
  })
  const prompter = createPrompter({
    io,
    view: {
      event: () => {},
      hold: (held) => had.push(held ? 'prompt' : 'view'),
      aside: (write) => write(),
      close: () => {},
    },
    put: async () => {},
    cancel: () => {},
  })
  prompter.opened('ask', wait)
  return {
    prompter,
    had,
    ended: () =>
      soon(
        () => had.at(-1),
        (last) => last === 'view',
        'the end of the prompt',
      ),
  }
}

/** Resolves when the question has been asked so many times. */
const times = (had: readonly string[], count: number) =>
  soon(
    () => had.filter((who) => who === 'prompt').length,
    (found) => found >= count,
    `question ${count}`,
  )

test('news takes the question back for as long as the view needs, and it comes again; five times at most', async () => {
  const { prompter, had, ended } = asked(WAIT)
  for (let count = 1; count <= 5; count++) {
    await times(had, count)
    prompter.interrupt()
  }
  await times(had, 6)
  prompter.interrupt()
  prompter.close()
  await ended()
  expect(had).toEqual(Array.from({ length: 6 }, () => ['prompt', 'view']).flat())
})

test('what somebody types is not taken from them', async () => {
  const { prompter, had, ended } = asked({ ...WAIT, kind: 'answer', answer: { n: { type: 'integer' } } })
  await times(had, 1)
  prompter.interrupt()
  prompter.close()
  await ended()
  expect(had).toEqual(['prompt', 'view'])
})
