import type { Explanation } from './explanation.ts'

const head = 'pipeline: example\n'

/** Files that work, but not the way their author or the next tool may think. */
export const LINT_EXPLANATIONS: { readonly [code: string]: Explanation } = {
  'lint/empty-value': {
    what: 'A key is followed by nothing, so its value is null. Often the value was forgotten, or stands unindented on the next line.',
    mend: 'Give it a value, write `null` where nothing is meant, or remove the key.',
    example: {
      bad: `${head}vars:\n  note:\nsteps: { build: { run: make, when: vars.note != null } }\n`,
      good: `${head}vars:\n  note: "${'${{ run.id }}'}"\nsteps: { build: { run: make, when: vars.note != "" } }\n`,
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
      bad: `${head}inputs:\n  mode: { type: integer, default: 0755 }\nsteps:\n  build: { run: make, when: inputs.mode > 0 }\n`,
      good: `${head}inputs:\n  mode: { type: integer, default: 0o755 }\nsteps:\n  build: { run: make, when: inputs.mode > 0 }\n`,
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
  'lint/argument-dash': {
    what: 'A value stands as an argument of its own, and a program takes what begins with `-` for an option: an input of `--upload-pack=...` is no branch name any more.',
    mend: 'Put `"--"` before it, or give the input a `pattern` that begins with something else.',
    example: {
      bad: `${head}inputs: { branch: { type: string } }\nsteps:\n  fetch: { run: [git, fetch, origin, "\${{ inputs.branch }}"] }\n`,
      good: `${head}inputs: { branch: { type: string } }\nsteps:\n  fetch: { run: [git, fetch, --, origin, "\${{ inputs.branch }}"] }\n`,
    },
  },
  'lint/constant-condition': {
    what: 'A condition reads nothing, so it is the same in every run: what stands behind it happens always, or never.',
    mend: 'Leave the condition out, or let it read what it was meant to read.',
    example: {
      bad: `${head}steps:\n  build: { when: 1 > 2, run: make }\n`,
      good: `${head}steps:\n  build: { run: make }\n`,
    },
  },
  'lint/endless-wait': {
    what: 'A step waits for a person or a signal and does not say how long. A run that nobody answers stays open, and holds its locks.',
    mend: 'Give it a `timeout`, and say by `on_timeout` what happens then.',
    example: {
      bad: `${head}steps:\n  ask: { approval: { prompt: Go on? } }\n`,
      good: `${head}steps:\n  ask: { approval: { prompt: Go on? }, timeout: 24h }\n`,
    },
  },
  'lint/gate-always-true': {
    what: 'A gate has neither a share, nor steps that must pass, nor checks, so it passes whatever happens.',
    mend: 'Give it `success`, `must_pass` or `checks`, or remove it.',
    example: {
      bad: `${head}steps:\n  build: { run: make }\ngates:\n  quality: { level: mandatory }\n`,
      good: `${head}steps:\n  build: { run: make }\ngates:\n  quality: { must_pass: [build] }\n`,
    },
  },
  'lint/hardcoded-secret': {
    what: 'A text has the form of a key or token, or stands behind the name of one. Whoever can read the repository can use it, and its history keeps it.',
    mend: 'Revoke it. Then name it in `secrets` of the pipeline and read it through `env`.',
    example: {
      bad: `${head}steps:\n  send: { run: ./send.sh, env: { API_TOKEN: open-sesame } }\n`,
      good: `${head}secrets: [API_TOKEN]\nsteps:\n  send: { run: ./send.sh, env: { API_TOKEN: "\${{ secrets.API_TOKEN }}" } }\n`,
    },
  },
  'lint/missing-timeout': {
    what: 'A step that reaches outside of the machine has no timeout. A peer that never answers is no failure, so nothing would end it.',
    mend: 'Give the step, the pipeline or its `defaults` a `timeout`.',
    example: {
      bad: `${head}steps:\n  ping: { http: { url: "https://example.org/" } }\n`,
      good: `${head}steps:\n  ping: { http: { url: "https://example.org/" }, timeout: 30s }\n`,
    },
  },
  'lint/redundant-need': {
    what: 'A need is brought along by another need, and the step reads nothing of it. It changes nothing, and hides which order is meant.',
    mend: 'Remove it from `needs`.',
    example: {
      bad: `${head}steps:\n  a: { run: make a }\n  b: { needs: [a], run: make b }\n  c: { needs: [a, b], run: make c }\n`,
      good: `${head}steps:\n  a: { run: make a }\n  b: { needs: [a], run: make b }\n  c: { needs: [b], run: make c }\n`,
    },
  },
  'lint/retry-not-idempotent': {
    what: 'A step that reaches outside is tried again after any failure. After most failures nobody knows whether the effect happened, so it may happen twice.',
    mend: 'Name by `only` the failures after which nothing has happened, or make the receiver refuse doubles by `OPSFLOW_IDEMPOTENCY_KEY`.',
    example: {
      bad: `${head}timeout: 5m\nsteps:\n  send: { run: ./send.sh, effects: external, retry: { attempts: 3 } }\n`,
      good: `${head}timeout: 5m\nsteps:\n  send:\n    run: ./send.sh\n    effects: external\n    failures: { busy: { exit: 75 } }\n    retry: { attempts: 3, only: [busy] }\n`,
    },
  },
  'lint/unused-var': {
    what: 'A var is declared and no expression reads it: a leftover, or its reader misspells it.',
    mend: 'Remove it, or read it where it was meant to be read.',
    example: {
      bad: `${head}vars: { mode: fast }\nsteps:\n  build: { run: make }\n`,
      good: `${head}vars: { mode: fast }\nsteps:\n  build: { run: [make, "MODE=\${{ vars.mode }}"] }\n`,
    },
  },
}
