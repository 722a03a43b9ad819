import { report } from '../../diagnostics/diagnostic.ts'
import type { Rule } from '../rule.ts'
import { visit } from '../walk.ts'

const OLD_BOOLEAN = /^(?:y|yes|n|no|on|off)$/i

/** `yes` is text here, and a boolean to tools that read YAML 1.1. Quotes make it text for both. */
export const yaml11Boolean: Rule = {
  code: 'lint/yaml-1-1-boolean',
  check: ({ files }) =>
    files.flatMap(({ document }) =>
      visit(document).flatMap(({ path, value }) => {
        if (typeof value !== 'string' || !OLD_BOOLEAN.test(value) || !document.plain(path)) return []
        const span = document.scalar(path)?.span
        if (!span) return []
        const at = { file: document.file, span }
        const message = `\`${value}\` is text here, but older YAML tools read it as a boolean`
        const fix = { title: 'put it in quotes', safe: true, edits: [{ span, text: `"${value}"` }] }
        const hint = `write \`"${value}"\`, or \`true\` or \`false\` if a boolean is meant`
        return [report('lint/yaml-1-1-boolean', at, message, { hint, fix })]
      }),
    ),
}
