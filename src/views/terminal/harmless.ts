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
