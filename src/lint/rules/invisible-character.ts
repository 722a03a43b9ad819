import { report } from '../../diagnostics/diagnostic.ts'
import type { Rule } from '../rule.ts'

/** Zero-width characters, no-break spaces and marks that turn the reading direction: text that is not what it looks like. */
const INVISIBLE = /[\u00a0\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|(?<!\p{Emoji}|\ufe0f)\u200d/gu

export const invisibleCharacter: Rule = {
  code: 'lint/invisible-character',
  check: ({ files }) =>
    files.flatMap(({ document: { file } }) =>
      [...file.text.matchAll(INVISIBLE)]
        .filter((match) => match.index > 0)
        .map((match) => {
          const name = `U+${match[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
          const at = { file, span: { start: match.index, end: match.index + match[0].length } }
          const hint = 'remove it, or write it as an escape in double quotes'
          return report('lint/invisible-character', at, `the character ${name} cannot be seen here`, { hint })
        }),
    ),
}
