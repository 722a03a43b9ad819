import type { Explanation } from './explanation.ts'

const head = 'pipeline: example\n'

/** Files that work, but not the way their author or the next tool may think. */
export const LINT_EXPLANATIONS: { readonly [code: string]: Explanation } = {
  'lint/empty-value': {
    what: 'A key is followed by nothing, so its value is null. Often the value was forgotten, or stands unindented on the next line.',
    mend: 'Give it a value, write `null` where nothing is meant, or remove the key.',
    example: {
      bad: `${head}vars:\n  note:\nsteps: { build: { run: make } }\n`,
      good: `${head}vars:\n  note: fast\nsteps: { build: { run: make } }\n`,
    },
  },
  'lint/yaml-1-1-boolean': {
    what: 'Without quotes `yes`, `no`, `on` and `off` are text in YAML 1.2, and booleans to tools that read YAML 1.1.',
    mend: 'Put the word in quotes, or write `true` or `false`; `lint --fix` puts it in quotes.',
    example: {
      bad: `${head}steps:\n  build: { run: make, env: { COLOR: off } }\n`,
      good: `${head}steps:\n  build: { run: make, env: { COLOR: "off" } }\n`,
    },
  },
  'lint/leading-zero': {
    what: 'A number that begins with zero loses it: `0755` is 755. Tools that read YAML 1.1 take it as octal instead.',
    mend: 'Put it in quotes if text is meant, write `0o755` for an octal number.',
    example: {
      bad: `${head}inputs:\n  mode: { type: integer, default: 0755 }\nsteps:\n  build: { run: make }\n`,
      good: `${head}inputs:\n  mode: { type: integer, default: 0o755 }\nsteps:\n  build: { run: make }\n`,
    },
  },
  'lint/unused-anchor': {
    what: 'An anchor names a value for aliases, and no alias uses it.',
    mend: 'Remove it; `lint --fix` does. If an alias was meant to use it, look at its spelling.',
    example: {
      bad: `${head}steps:\n  build: { run: &command make }\n`,
      good: `${head}steps:\n  build: { run: make }\n`,
    },
  },
  'lint/invisible-character': {
    what: 'The text holds a character that takes no space, looks like a common one, or turns the reading direction: what is read is not what runs.',
    mend: 'Remove it, or write it as an escape in double quotes.',
    example: {
      bad: `${head}description: no\u00a0break\nsteps: { build: { run: make } }\n`,
      good: `${head}description: no break\nsteps: { build: { run: make } }\n`,
    },
  },
  'lint/bad-suppression': {
    what: 'A comment `# opsflow-ignore` names no code, an unknown code or an error that stops a run, gives no reason, or stands where it has no effect.',
    mend: 'Write `# opsflow-ignore CODE -- reason` at the end of a line, or `opsflow-ignore-next-line` above it.',
    example: {
      bad: `${head}steps:\n  build: { run: make, env: { COLOR: off } } # opsflow-ignore lint/yaml-1-1-boolean\n`,
      good: `${head}steps:\n  build: { run: make, env: { COLOR: off } } # opsflow-ignore lint/yaml-1-1-boolean -- read by make alone\n`,
    },
  },
  'lint/unused-suppression': {
    what: 'A comment hides a finding that is not there any more. Left in place it would hide the next one.',
    mend: 'Remove the comment.',
    example: {
      bad: `${head}steps:\n  build: { run: make } # opsflow-ignore lint/empty-value -- not decided yet\n`,
      good: `${head}steps:\n  build: { run: make }\n`,
    },
  },
}
