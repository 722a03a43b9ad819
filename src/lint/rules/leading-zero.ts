import { report } from '../../diagnostics/diagnostic.ts'
import type { Rule } from '../rule.ts'
import { visit } from '../walk.ts'

/** `0755` is 755 here and 493 to tools that read YAML 1.1; who writes it mostly means text. */
export const leadingZero: Rule = {
  code: 'lint/leading-zero',
  check: ({ files }) =>
    files.flatMap(({ document }) =>
      visit(document).flatMap(({ path, value }) => {
        if (typeof value !== 'number') return []
        const source = document.source(path)
        if (!/^[-+]?0\d+$/.test(source)) return []
        const message = `\`${source}\` reads as the number ${value}: its leading zero is lost`
        const octal = /^0[0-7]+$/.test(source) ? `, \`0o${source.replace(/^0+/, '') || '0'}\` for an octal number` : ''
        const hint = `write \`"${source}"\` if text is meant, \`${value}\` if a number is${octal}`
        return [report('lint/leading-zero', document.locate(path), message, { hint })]
      }),
    ),
}
