import { expect, test } from 'vitest'
import { createScreen } from '../../src/views/terminal/screen.ts'
import { virtualTerminal } from '../support/virtual-terminal.ts'

test('what moves is drawn over, what stays stands above it', () => {
  const terminal = virtualTerminal(20, 6)
  const screen = createScreen(terminal)
  screen.draw('first\n', ['one', 'two'])
  expect(terminal.text()).toBe('first\none\ntwo')
  screen.draw('', ['one again', '2'])
  expect(terminal.text()).toBe('first\none again\n2')
  screen.draw('second\nthird\n', ['three'])
  expect(terminal.text()).toBe('first\nsecond\nthird\nthree')
  screen.draw('', [])
  expect(terminal.text()).toBe('first\nsecond\nthird')
})

test('nothing is written while nothing changes', () => {
  const terminal = virtualTerminal(20, 6)
  const screen = createScreen(terminal)
  screen.draw('', ['one'])
  screen.draw('', ['one'])
  expect(terminal.writes).toHaveLength(1)
})

test('lines that stay may be longer than the window is wide', () => {
  const terminal = virtualTerminal(10, 6)
  const screen = createScreen(terminal)
  screen.draw('', ['move', 'move too'])
  screen.draw('a line of twenty-four chr\n日本語日本語\n', ['on'])
  screen.draw('', ['off'])
  expect(terminal.text()).toBe('a line of\ntwenty-fou\nr chr\n日本語日本\n語\noff')
})

test('a window that becomes narrower leaves nothing of what moved behind', () => {
  const terminal = virtualTerminal(30, 12)
  const screen = createScreen(terminal)
  screen.draw('stays\n', ['a line of twenty-four chr', 'short', '日本語日本語日本語'])
  terminal.resize(10, 12)
  screen.draw('', ['now', 'narrow'])
  expect(terminal.text()).toBe('stays\nnow\nnarrow')
  terminal.resize(40, 12)
  screen.draw('', ['wide'])
  expect(terminal.text()).toBe('stays\nwide')
})

test('the cursor is never hidden, so no end of the process leaves it hidden', () => {
  const terminal = virtualTerminal(20, 6)
  const screen = createScreen(terminal)
  screen.draw('a\n', ['b'])
  screen.draw('', [])
  expect(terminal.writes.join('')).not.toContain('?25')
})
