import { CODES, type Code } from '../../src/diagnostics/codes.ts'
import { explanationOf } from '../../src/diagnostics/explain.ts'

const STAGES: { readonly [stage: string]: string } = {
  file: 'Files that cannot be had. Nothing is known of their content.',
  yaml: 'The text is no YAML, or a kind of YAML that its readers do not agree about.',
  schema: 'The text is YAML, and says what a file of its kind cannot say.',
  project: 'Each file is sound by itself, and they do not go together.',
  plan: 'Each file is well-formed, and together they cannot be compiled into a plan.',
  expr: 'An expression is wrong by itself, or cannot stand where it stands.',
  lint: 'It works, but not the way its author or the next tool may think. Only these can be suppressed.',
}

/** docs/diagnostics.md: one section a code, from the same explanations that `lint --explain` prints. */
export function diagnosticsPage(): string {
  const codes = Object.keys(CODES) as Code[]
  const parts = [
    '# Diagnostics\n',
    'Every finding of `opsflow lint`, and of the commands that read files, has one of these codes. They are never renamed.',
    '`opsflow lint --explain CODE` prints its section. A finding that is no error is hidden by a comment with a reason:\n',
    '```yaml\n# opsflow-ignore-next-line lint/yaml-1-1-boolean -- read by make alone\n```\n',
    '`# opsflow-ignore CODE -- reason` at the end of a line hides it on that line, `# opsflow-ignore-file CODE -- reason` in the whole',
    'file. Errors that stop a run cannot be hidden. `lint.severities` in the config makes findings stricter or milder for a project.\n',
    'This page is made from `src/diagnostics/explanations/`; a test lints both examples of each section.\n',
  ]
  for (const [stage, about] of Object.entries(STAGES)) {
    parts.push(`## ${stage}\n`, `${about}\n`)
    for (const code of codes.filter((name) => name.startsWith(`${stage}/`))) parts.push(section(code))
  }
  return parts.join('\n')
}

function section(code: Code): string {
  const { example, mend, what } = explanationOf(code)!
  const { severity, summary } = CODES[code]
  const shown = example ? `\n${fence(example.bad)}\nMended:\n\n${fence(example.good)}` : ''
  return `### \`${code}\`\n\n**${summary}** (${severity}). ${what}\n\n${mend}\n${shown}`
}

function fence(text: string): string {
  return `\`\`\`yaml\n${text.replaceAll('\x07', '\u2407').replaceAll('\u00a0', '\u237d').trimEnd()}\n\`\`\`\n`
}
