import { join } from 'node:path'
import { packageFolder } from './package-folder.ts'

/** A command line as somebody would give it, and what for. RUN and STEP stand for names that `opsflow runs` and `show` print. */
export interface HelpExample {
  readonly line: string
  readonly for: string
}

/** Shown below the help of each command. A test reads every line as the program would, and asks one of every command. */
export const HELP_EXAMPLES: { readonly [command: string]: readonly HelpExample[] } = {
  lint: [
    { line: 'opsflow lint', for: 'the whole project' },
    { line: 'opsflow lint pipelines/release.yaml --fix', for: 'one file, with what can be mended safely' },
    { line: 'opsflow lint --explain plan/cycle', for: 'what a finding means' },
    { line: 'opsflow lint --format github --max-warnings 0', for: 'in CI, strictly' },
  ],
  plan: [
    { line: 'opsflow plan release', for: 'what would run, in which order, how long at most' },
    { line: 'opsflow plan deploy.yaml --format mermaid', for: 'the graph for a page' },
  ],
  run: [
    { line: 'opsflow run release', for: 'a pipeline below pipelines/, by its name' },
    { line: 'opsflow run deploy.yaml -i version=1.2.0 -i broken=false', for: 'a file, with inputs' },
    { line: 'opsflow run release --approve approve --detach', for: 'from cron: nothing is asked' },
    { line: 'opsflow run release --json', for: 'the result for a program' },
  ],
  resume: [
    { line: 'opsflow resume RUN', for: 'go on where it stopped' },
    { line: 'opsflow resume RUN --with-plan', for: 'go on by the files as they are now' },
  ],
  retry: [
    { line: 'opsflow retry RUN', for: 'what failed, and what follows it' },
    { line: 'opsflow retry RUN --step publish', for: 'this step, and what follows it' },
  ],
  cancel: [{ line: 'opsflow cancel RUN --reason "wrong branch"', for: 'end it; `finally` still runs' }],
  signal: [
    { line: 'opsflow signal OPS:CI -p task_description="before the release"', for: 'ask the coordinators' },
    { line: 'opsflow signal DEPLOY:DONE -p version=1.2.0', for: 'tell runs that wait for it' },
  ],
  runs: [
    { line: 'opsflow runs', for: 'the newest twenty' },
    { line: 'opsflow runs --limit 5 --json', for: 'five, for a program' },
  ],
  show: [{ line: 'opsflow show RUN', for: 'what it did, does and waits for' }],
  logs: [
    { line: 'opsflow logs RUN', for: 'all that its steps printed' },
    { line: "opsflow logs RUN 'patch[db1]' -f", for: 'one step, as it goes on' },
  ],
  watch: [{ line: 'opsflow watch RUN', for: 'a run of another terminal; Ctrl-C ends only the watching' }],
  prune: [
    { line: 'opsflow prune --older-than 30d --keep 20', for: 'which runs would go' },
    { line: 'opsflow prune --older-than 30d --keep 20 --yes', for: 'remove them' },
  ],
  approve: [{ line: 'opsflow approve RUN publish --comment "read it" --resume', for: 'approve, and go on here' }],
  reject: [{ line: 'opsflow reject RUN publish --comment "not today"', for: 'the step fails, with your word' }],
  answer: [{ line: 'opsflow answer RUN triage severity=1 owner=sre', for: 'a field each, as the question names them' }],
  bypass: [
    {
      line: 'opsflow bypass RUN quality --reason "known flake" --expires 1h',
      for: 'let the gate pass, once and on record',
    },
  ],
  report: [
    { line: 'opsflow report RUN', for: 'what came of it, as markdown' },
    { line: 'opsflow report RUN --output report.html', for: 'one page for a browser' },
    { line: 'opsflow report --since 7d', for: 'many runs at a glance' },
  ],
  note: [{ line: 'opsflow note RUN "tried on staging first"', for: 'for whoever reads the record' }],
  init: [
    { line: 'opsflow init blank', for: 'a config and a pipeline to begin with' },
    { line: 'opsflow init release', for: 'a release with an approval' },
    { line: 'opsflow init commit', for: 'a commit with tests before it, and a pull request' },
    { line: 'opsflow init ci', for: 'tests, commit messages, credentials' },
    { line: 'opsflow init audit', for: 'a look through the repository' },
    { line: 'opsflow init coordinator', for: 'signals answered with pipelines' },
  ],
  ui: [
    { line: 'opsflow ui', for: 'runs, decisions and files in the browser' },
    { line: 'opsflow ui --open --port 4400', for: 'opens it, at a port of your own' },
  ],
  signals: [
    { line: 'opsflow signals', for: 'who answers what, and what it must carry' },
    { line: 'opsflow signals --json', for: 'for programs' },
  ],
  doctor: [
    { line: 'opsflow doctor', for: 'what runs need here, with remedies' },
    { line: 'opsflow doctor --strict --json', for: 'in CI' },
  ],
  completion: [
    { line: 'eval "$(opsflow completion bash)"', for: 'in ~/.bashrc' },
    { line: 'eval "$(opsflow completion zsh)"', for: 'in ~/.zshrc, after compinit' },
    { line: 'opsflow completion fish | source', for: 'in config.fish' },
  ],
}

/** What stands below the help of a command. */
export function examplesText(command: string): string {
  const examples = HELP_EXAMPLES[command] ?? []
  if (examples.length === 0) return ''
  const width = Math.max(...examples.map(({ line }) => line.length))
  const lines = examples.map(({ line, for: what }) =>
    width > 56 ? `  # ${what}\n  ${line}` : `  ${line.padEnd(width)}  # ${what}`,
  )
  return `\nExamples:\n${lines.join('\n')}`
}

/** Where the pages lie that fit this version. */
export function docsFolder(): string {
  return join(packageFolder(), 'docs')
}
