import { PassThrough, type Readable } from 'node:stream'

/** Standard input, where it is a terminal. */
interface TerminalInput extends Readable {
  setRawMode?(raw: boolean): unknown
}

export interface Keyboard {
  /** What a prompt reads from. */
  readonly input: Readable
  close(): void
}

/**
 * The keys of a terminal as a prompt reads them. A terminal that was closed can be neither read nor set, and readline
 * would end the whole process by that: here it is only silent, since the hang-up itself says what is to be done.
 */
export function openKeyboard(stdin: TerminalInput): Keyboard {
  if (stdin.listenerCount('error', ignore) === 0) stdin.on('error', ignore)
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(raw: boolean) {
      stdin.setRawMode?.(raw)
      return input
    },
  })
  stdin.pipe(input, { end: false })
  return {
    input,
    close() {
      stdin.unpipe(input)
      stdin.pause()
    },
  }
}

function ignore(): void {}
