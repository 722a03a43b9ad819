import { createScreenFilter } from '../../src/views/terminal/harmless.ts'

/** As much of a log as is kept in the page, in characters. */
const MOST = 400_000

/** Takes the bytes of a log, piece by piece, and gives text for a page: no escapes, of a redrawn line its last state. */
export function createLogText(): { add(bytes: Uint8Array): void; text(): string } {
  const decoder = new TextDecoder()
  const filter = createScreenFilter()
  let text = ''
  return {
    add(bytes) {
      text += filter(decoder.decode(bytes, { stream: true })).replace(/\x1b\[[\d;:]*m/g, '')
      // From the next line on: half a line would be read as a whole one.
      if (text.length > MOST) text = text.slice(text.indexOf('\n', text.length - MOST) + 1)
    },
    text: () =>
      text.includes('\r')
        ? text
            .replaceAll('\r\n', '\n')
            .split('\n')
            .map((line) => line.replace(/\r+$/, '').split('\r').at(-1))
            .join('\n')
        : text,
  }
}
