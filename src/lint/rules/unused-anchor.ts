import { report } from '../../diagnostics/diagnostic.ts'
import type { Rule } from '../rule.ts'

/** An anchor that no alias names is a leftover, or the alias is misspelt. */
export const unusedAnchor: Rule = {
  code: 'lint/unused-anchor',
  check: ({ files }) =>
    files.flatMap(({ document }) =>
      document.anchors
        .filter((anchor) => !anchor.used)
        .map(({ name, span }) => {
          const { file } = document
          const blanks = /^[ \t]*/.exec(file.text.slice(span.end))![0].length
          const fix = {
            title: 'remove it',
            safe: true,
            edits: [{ span: { start: span.start, end: span.end + blanks }, text: '' }],
          }
          return report('lint/unused-anchor', { file, span }, `no alias \`*${name}\` uses this anchor`, {
            hint: 'remove it',
            fix,
          })
        }),
    ),
}
