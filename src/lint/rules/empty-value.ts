import { report } from '../../diagnostics/diagnostic.ts'
import type { Rule } from '../rule.ts'
import { visit } from '../walk.ts'

/** `needs:` with nothing behind it reads as null, which is seldom what its author has in mind. */
export const emptyValue: Rule = {
  code: 'lint/empty-value',
  check: ({ files }) =>
    files.flatMap(({ document }) =>
      [...visit(document)].flatMap(({ path, value }) => {
        const name = path.at(-1)
        if (value !== null || typeof name !== 'string' || document.source(path) !== '') return []
        const hint = 'give it a value, write `null` if nothing is meant, or remove the key'
        return [
          report('lint/empty-value', document.locate(path, 'key'), `\`${name}\` has no value, so it is null`, { hint }),
        ]
      }),
    ),
}
