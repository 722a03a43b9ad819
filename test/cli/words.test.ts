import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

/** What a command line of wrong words is answered, all of it. */
const WRONG: readonly (readonly [string, string])[] = [
  ['rnu', 'opsflow: there is no command `rnu`\n  hint: did you mean `opsflow run`?\n'],
  ['frobnicate', 'opsflow: there is no command `frobnicate`\n  hint: see `opsflow --help`\n'],
  ['help nothing', 'opsflow: there is no command `nothing`\n  hint: see `opsflow --help`\n'],
  ['--verison', 'opsflow: unknown option `--verison`\n  hint: did you mean `--version`?\n'],
  ['run', 'opsflow: missing required argument `pipeline`\n  hint: see `opsflow run --help`\n'],
  [
    'run p --inptu n=1',
    'opsflow: unknown option `--inptu`\n  hint: did you mean `--input`?\n  hint: see `opsflow run --help`\n',
  ],
  [
    'run p q',
    'opsflow: too many arguments for `run`: expected 1 argument but got 2: p, q\n  hint: see `opsflow run --help`\n',
  ],
  ['run p --input n', 'opsflow: `n` is not of the form `name=value`\n'],
  ['answer RUN ask n', 'opsflow: `n` is not of the form `name=value`\n'],
  ['run p --input', 'opsflow: option `-i, --input <name=value>` argument missing\n  hint: see `opsflow run --help`\n'],
  ['runs --limit many', 'opsflow: `many` is no whole number\n'],
  [
    'lint --format xml',
    'opsflow: option `--format <format>` argument `xml` is invalid: allowed choices are text, json, sarif, github\n  hint: see `opsflow lint --help`\n',
  ],
  [
    'bypass RUN gate',
    'opsflow: required option `--reason <text>` not specified\n  hint: see `opsflow bypass --help`\n',
  ],
  [
    'run p --dry-run',
    'opsflow: `--dry-run` of `opsflow run` is not yet supported\n  hint: see `opsflow run --help` for what is\n',
  ],
  [
    'run p --only=a',
    'opsflow: `--only` of `opsflow run` is not yet supported\n  hint: see `opsflow run --help` for what is\n',
  ],
  [
    'retry RUN --new-key',
    'opsflow: `--new-key` of `opsflow retry` is not yet supported\n  hint: see `opsflow retry --help` for what is\n',
  ],
  [
    'init',
    'opsflow: `opsflow init` wants the name of a template\n  hint: there is `release` (a release with an approval, and signals for it), `commit` (a commit with tests before it, and a pull request), `ci` (tests, commit messages and credentials, the same on a laptop as in CI), `audit` (a look through the repository for what should not be there), `coordinator` (signals that are answered with pipelines, by routes), `blank` (a config and a pipeline of two steps to begin with)\n',
  ],
  ['init releas', 'opsflow: there is no template `releas`\n  hint: did you mean `release`?\n'],
  [
    'signal ops',
    'opsflow: `ops` is no signal\n  hint: signals are written NS:NAME, in capitals\n  docs: docs/guide.md#answer-signals\n',
  ],
  [
    'signals ops',
    'opsflow: `ops` is no signal\n  hint: signals are written NS:NAME, in capitals\n  docs: docs/guide.md#answer-signals\n',
  ],
  [
    'lint --explain no/such',
    'opsflow: there is no code `no/such`\n  hint: the code stands in brackets behind each finding\n',
  ],
]

test.for(WRONG)('promise 23a: `opsflow %s` is wrong usage, says why, and does nothing', async ([words, stderr]) => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  a: { run: touch ran }\n' })
  expect(await it.opsflow(...words.split(' '))).toEqual({ exit: 2, stdout: '', stderr })
  expect(it.has('ran')).toBe(false)
  expect(await it.runs()).toEqual([])
})

test.for(['test', 'export', 'send', 'agents', 'mcp', 'lsp'])(
  '`opsflow %s` is refused by name as not yet supported',
  async (name) => {
    const answer = await project({}).opsflow(name, 'anything', '--at-all')
    expect(answer).toMatchObject({ exit: 2, stdout: '' })
    expect(answer.stderr).toMatch(
      new RegExp(
        `^opsflow: \`opsflow ${name}\` \\(.+\\) is not yet supported\n  hint: see \`opsflow --help\` for what is\n$`,
      ),
    )
  },
)

test('--version prints the version and nothing else', async () => {
  const it = project({})
  expect(await it.opsflow('--version')).toEqual({ exit: 0, stdout: '0.0.0\n', stderr: '' })
  expect(await it.opsflow('-V')).toEqual({ exit: 0, stdout: '0.0.0\n', stderr: '' })
})

test('--help lists every command; no words, `help` and `--help` say the same', async () => {
  const it = project({})
  const help = await it.opsflow('--help')
  expect(help).toMatchObject({ exit: 0, stderr: '' })
  for (const name of [
    ...[
      'lint',
      'plan',
      'run',
      'resume',
      'retry',
      'cancel',
      'signal',
      'runs',
      'show',
      'report',
      'logs',
      'watch',
      'ui',
      'prune',
    ],
    ...['approve', 'reject', 'answer', 'bypass', 'note', 'init', 'doctor'],
  ]) {
    expect(help.stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    const own = await it.opsflow(name, '--help')
    expect(own).toMatchObject({ exit: 0, stderr: '' })
    expect(own.stdout).toContain(`Usage: opsflow ${name} `)
    expect(await it.opsflow('help', name)).toEqual(own)
  }
  expect(await it.opsflow()).toEqual(help)
  expect(await it.opsflow('help')).toEqual(help)
})

test.for([
  'show',
  'report',
  'logs',
  'watch',
  'resume',
  'retry',
  'cancel',
  'approve',
  'reject',
  'answer',
  'bypass',
  'note',
])('`opsflow %s` of a run that is not there says so', async (name) => {
  const it = project({})
  const more = { approve: ['s'], reject: ['s'], answer: ['s'], note: ['text'] }[name] ?? []
  const flags = name === 'bypass' ? ['g', '--reason', 'r', '--expires', '1h'] : []
  expect(await it.opsflow(name, 'nope', ...more, ...flags)).toEqual({
    exit: 2,
    stdout: '',
    stderr: `opsflow: there is no run \`nope\`\n  hint: no run is recorded in ${it.stateDir}: give the command in the folder of the project\n`,
  })
})
