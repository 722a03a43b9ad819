/** An escape that no `Style` makes: it would move, hide, erase or rename something on the reader's screen. */
const FOREIGN_ESCAPE = /\x1b(?!\[(?:1|2|22|31|32|33|39)m)/g
/** Control characters but tab and line feed, and those that turn the direction of what follows. */
const CONTROLS = /[\0-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/**
 * Lines for a terminal. Outputs, messages and comments come from steps and from other people: they may say anything, but
 * only by letters, so that nobody approves something else than what they read.
 */
export function harmless(text: string): string {
  return text.replace(FOREIGN_ESCAPE, '').replace(CONTROLS, '')
}

/** An escape sequence: a command with its numbers, a title or link up to its end, or any other two characters. */
const SEQUENCE =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f\n]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/g
const COLOUR = /^\x1b\[[\d;:]*m$/
/** Those that a `Style` makes. */
const COLOURS = /\x1b\[(?:1|2|22|31|32|33|39)m/g

/** A text without the colours that `harmless` leaves in it, for who wants none. */
export function withoutColours(text: string): string {
  return text.replace(COLOURS, '')
}

/** Letters alone, for what is no terminal: also without the colours that `harmless` leaves. */
export function plain(text: string): string {
  return harmless(withoutColours(text))
}

/** A sequence that may go on in the next piece. */
const UNFINISHED =
  /(?:(?:\x1b\[|\x9b)[0-?]*[ -/]*|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f\n]*\x1b?|\x1b[ -/]*)$/
/** What no sequence of a sane program is longer than. */
const LONGEST = 4096

/**
 * What programs printed, piece by piece, for a terminal: text, colours, line ends and tabs. Whatever else would move,
 * erase, rename or answer something goes, also where it lies across two pieces.
 */
export function createScreenFilter(): (piece: string) => string {
  let held = ''
  return (piece) => {
    const text = held + piece
    const from = Math.max(0, text.length - LONGEST)
    held = UNFINISHED.exec(text.slice(from))?.[0] ?? ''
    return text
      .slice(0, text.length - held.length)
      .replace(SEQUENCE, (sequence) => (COLOUR.test(sequence) ? sequence : ''))
      .replace(NO_TEXT, '')
  }
}

/** As `CONTROLS`, but for carriage returns, by which progress is drawn, and for what is left: the escape of a colour. */
const NO_TEXT = /[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b(?!\[[\d;:]*m)/g
