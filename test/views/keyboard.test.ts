import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { openKeyboard } from '../../src/views/terminal/keyboard.ts'

/** A terminal that was closed: what is asked of it fails, and so does what was being read. */
function closedTerminal(): PassThrough & { setRawMode(): unknown } {
  const stdin = Object.assign(new PassThrough(), {
    setRawMode: () => stdin.emit('error', new Error('setRawMode EIO')),
  })
  return stdin
}

test('a terminal that was closed does not end the process that asks in it', () => {
  const stdin = closedTerminal()
  const keyboard = openKeyboard(stdin)
  const asking = createInterface({ input: keyboard.input, output: new PassThrough(), terminal: true })
  stdin.emit('error', new Error('read EIO'))
  asking.close()
  keyboard.close()
  expect(stdin.listenerCount('error')).toBe(1)
  openKeyboard(stdin).close()
  expect(stdin.listenerCount('error')).toBe(1)
})

test('keys come through while it is open, and not after', async () => {
  const stdin = closedTerminal()
  const keyboard = openKeyboard(stdin)
  stdin.write('a')
  await new Promise((resolve) => keyboard.input.once('readable', resolve))
  expect(String(keyboard.input.read())).toBe('a')
  keyboard.close()
  stdin.write('b')
  expect(keyboard.input.read()).toBeNull()
  expect(stdin.isPaused()).toBe(true)
})
