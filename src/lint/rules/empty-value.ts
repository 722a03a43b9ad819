import { report } from '../../diagnostics/diagnostic.ts'
import type { Rule } from '../rule.ts'
import { visit } from '../walk.ts'

/** `needs:` with nothing behind it reads as null, which is seldom what its author has in mind. */
export const emptyValue: Rule = {
  code: 'lint/empty-value',
  check: ({ files }) =>
    files.flatMap(({ document }) =>
      visit(document).flatMap(({ path, value }) => {
        const name = path.at(-1)
        if (value !== null || typeof name !== 'string') return []
        const key = document.locate(path, 'key')
        // A value of which nothing is written is found at its key.
        if (document.locate(path).span.start !== key.span.start) return []
        const hint = 'give it a value, write `null` if nothing is meant, or remove the key'
        return [report('lint/empty-value', key, `\`${name}\` has no value, so it is null`, { hint })]
      }),
    ),
}
