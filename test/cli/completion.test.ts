import { expect, test } from 'vitest'
import { SCRIPTS, SHELLS } from '../../src/commands/completion/scripts.ts'
import { commandFacts } from '../../src/commands/program.ts'
import { memoryIo } from '../support/memory-io.ts'
import { project, type TestProject } from '../support/project.ts'
import { needsShell, pressTab } from '../support/shells.ts'

const FILES = {
  'pipelines/release.yaml': `pipeline: release
description: Cuts a release
inputs:
  version: { type: string, default: "1", description: What to release }
  level: { type: string, enum: [patch, minor], default: patch }
steps:
  hosts: { foreach: { items: [web, db], key: "\${{ item }}" }, run: "true", timeout: 1m }
  sign_off: { needs: [hosts], approval: { prompt: "Ship it?" }, timeout: 1h }
`,
  'pipelines/audit.yaml':
    'pipeline: audit\nsignals: { accepts: [OPS:AUDIT] }\nsteps:\n  look: { run: "true", timeout: 1m }\n',
  'pipelines/ops.yaml': `coordinator: COORD_OPS
payload: { reason: { type: string } }
signals:
  OPS:AUDIT: { description: Looks around, pipeline: audit }
`,
}

/** What is offered behind the words, as fish takes it: a word, a tab, what is said of it. */
async function offered(it: TestProject, ...words: readonly string[]) {
  const { exit, stdout, stderr } = await it.opsflow('completion', 'fish', '--', 'opsflow', ...words)
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
  const [kind, ...lines] = stdout.trimEnd().split('\n')
  return { kind, lines, values: lines.map((line) => line.split('\t')[0]) }
}

const HOSTILE = {
  'pipelines/release.yaml': `pipeline: release
description: "Cuts: a 'release' of $HOME"
inputs:
  version: { type: string, default: "1", description: "What: to release" }
  level: { enum: [patch, two words, "a:b", 日本語, "it's", $HOME, "m@n"], default: patch }
steps:
  hosts: { foreach: { items: [web], key: "\${{ item }}" }, run: "true", timeout: 1m }
  sign_off: { needs: [hosts], approval: { prompt: "出荷: ok?" }, timeout: 1h }
`,
  'pipelines/ops.yaml': FILES['pipelines/ops.yaml'],
  'pipelines/audit.yaml': FILES['pipelines/audit.yaml'],
}

/** Lines before TAB; behind each what bash and zsh leave on the line, with a bar where it ends, and what fish offers. */
const pressed = (run: string): readonly (readonly [line: string, edited: string, offered: string])[] => [
  ['opsflow ret', 'opsflow retry |', 'retry\treopen an ended run: failed steps and what follows them run again'],
  ['opsflow run rel', 'opsflow run release |', "release\tCuts: a 'release' of $HOME"],
  ['opsflow run release --inp', 'opsflow run release --input |', '--input\tan input; repeat for more'],
  ['opsflow run release -i v', 'opsflow run release -i version=|', 'version=\tWhat: to release'],
  [
    'opsflow run release -i lev',
    'opsflow run release -i level=|',
    "level=patch|level=two\\ words|level=a:b|level=日本語|level=it\\'s|level=\\$HOME|level=m@n",
  ],
  ['opsflow run release --input=level=日', 'opsflow run release --input=level=日本語 |', '--input=level=日本語'],
  ['opsflow run release -i level=two', 'opsflow run release -i level=two\\ words |', 'level=two\\ words'],
  ['opsflow run release -i "level=two w', 'opsflow run release -i "level=two words" |', '"level=two words"'],
  ['opsflow run release -i "level=\\$H', 'opsflow run release -i "level=\\$HOME" |', '"level=\\$HOME"'],
  ['opsflow run release -i level=a:', 'opsflow run release -i level=a:b |', 'level=a:b'],
  ['opsflow run release -i level=m@', 'opsflow run release -i level=m@n |', 'level=m@n'],
  ['opsflow signal OPS:', 'opsflow signal OPS:AUDIT |', 'OPS:AUDIT\tLooks around'],
  [`opsflow logs ${run} hosts\\[`, `opsflow logs ${run} hosts\\[web\\] |`, 'hosts\\[web\\]\tsucceeded'],
  [`true; opsflow approve ${run} s`, `true; opsflow approve ${run} sign_off |`, 'sign_off\t出荷: ok?'],
  ['opsflow lint lo', 'opsflow lint look\\ here.yaml |', 'look\\ here.yaml'],
]

test.for(SHELLS)(
  'real %s completes words that it must quote, colons, wide characters, and paths',
  async (shell, context) => {
    needsShell(context, shell)
    const it = project({ ...HOSTILE, 'look here.yaml': '' })
    await it.opsflow('run', 'release')
    const lines = pressed(await it.run())
    const shown = await pressTab(
      it,
      shell,
      lines.map(([line]) => line),
    )
    expect(shown).toEqual(lines.map(([, edited, offered]) => (shell === 'fish' ? offered : edited)))
  },
)

test('runs are offered where they fit: open ones to decide, ended ones to retry; by their last part, too', async () => {
  const it = project(FILES)
  await it.opsflow('run', 'release')
  await it.opsflow('run', 'audit')
  const [open, ended] = (await it.runs()) as [string, string]
  expect((await offered(it, 'approve', '')).lines).toEqual([`${open}\trelease: parked`])
  expect((await offered(it, 'retry', '')).lines).toEqual([`${ended}\taudit: succeeded`])
  expect((await offered(it, 'show', '')).values.toSorted()).toEqual([open, ended].toSorted())
  expect((await offered(it, 'show', open.slice(-5, -1))).values).toEqual([open.slice(-5)])

  expect((await offered(it, 'approve', open, '')).lines).toEqual(['sign_off\tShip it?'])
  expect((await offered(it, 'answer', open, '')).lines).toEqual([])
  expect((await offered(it, 'logs', open, 'ho')).values).toEqual(['hosts', 'hosts[web]', 'hosts[db]'])
  expect((await offered(it, 'retry', ended, '--step', '')).lines).toEqual(['look\tsucceeded'])
})

test('inputs, choices, approvals, payloads, templates and codes are offered as values', async () => {
  const it = project(FILES)
  expect(await offered(it, 'run', '')).toMatchObject({ kind: ':files', values: ['audit', 'release'] })
  expect(await offered(it, 'run', 'release', '-i', '')).toMatchObject({
    kind: ':',
    lines: ['version=\tWhat to release', 'level=patch', 'level=minor'],
  })
  expect(await offered(it, 'run', 'release', '--input', 'v')).toMatchObject({ kind: ':nospace', values: ['version='] })
  expect((await offered(it, 'run', 'pipelines/release.yaml', '--approve', '')).values).toEqual(['sign_off'])
  expect((await offered(it, 'signal', '')).lines).toEqual(['OPS:AUDIT\tLooks around'])
  expect((await offered(it, 'signal', 'OPS:AUDIT', '-p', '')).values).toEqual(['reason='])
  expect((await offered(it, 'lint', '--format', 's')).values).toEqual(['sarif'])
  expect((await offered(it, 'lint', '--format=s')).values).toEqual(['--format=sarif'])
  expect((await offered(it, 'lint', '--explain', 'file/mis')).lines).toEqual(['file/missing\tA file that is not there'])
  expect((await offered(it, 'init', 're')).values).toEqual(['release'])
  expect((await offered(it, 'completion', '')).values).toEqual(['bash', 'zsh', 'fish'])
})

test('every command and every flag of the table is offered, a flag without value only once', async () => {
  const it = project({})
  const commands = commandFacts(memoryIo({ cwd: it.folder }))
  expect((await offered(it, '')).values).toEqual(commands.map(({ name }) => name))
  expect((await offered(it, 'help', 'do')).values).toEqual(['doctor'])
  for (const { name, options } of commands)
    expect((await offered(it, name, '--')).values).toEqual(options.map(({ names }) => names.at(-1)))
  expect((await offered(it, 'run', '--strict', '--')).values).not.toContain('--strict')
  expect((await offered(it, 'run', '-i', 'a=1', '--i')).values).toEqual(['--input'])
})

test('what cannot be looked up offers nothing and says nothing', async () => {
  const it = project({ 'pipelines/p.yaml': 'pipeline: [', 'opsflow.config.yaml': 'state: 7\n' })
  for (const words of [
    ['approve', ''],
    ['approve', 'nope', ''],
    ['run', 'p', '-i', ''],
    ['frobnicate', ''],
    ['runs', ''],
    ['note', 'x', ''],
  ])
    expect((await offered(it, ...words)).lines, words.join(' ')).toEqual([])
  expect(it.has('.opsflow')).toBe(false)
})

test('bash: a quoted word stays quoted, and an escaped one is read', async () => {
  const it = project(FILES)
  await it.opsflow('run', 'release')
  const run = await it.run()
  const bash = async (line: string) => (await it.opsflow('completion', 'bash', '--', line, '=:')).stdout
  expect(await bash(`opsflow logs ${run} 'hosts[w`)).toBe(':\nhosts[web]\n')
  expect(await bash(`opsflow logs ${run} hosts\\[w`)).toBe(':\nhosts\\[web\\]\n')
  expect(await bash('opsflow run release --input level=')).toBe(':\npatch\nminor\n')
  expect(await bash('opsflow run "rel')).toBe(':files\nrelease\n')
})

test('zsh gets colons and backslashes escaped, as it reads a description behind one', async () => {
  const it = project({
    ...FILES,
    'pipelines/ops.yaml': FILES['pipelines/ops.yaml'].replace('Looks around', "'Looks \\ a:round'"),
  })
  const { stdout } = await it.opsflow('completion', 'zsh', '--', 'opsflow', 'signal', 'OPS:')
  expect(stdout).toBe(':\nOPS\\:AUDIT:Looks \\\\ a:round\n')
})

test('a shell that there is not is refused with the nearest', async () => {
  const it = project({})
  expect(await it.opsflow('completion', 'bsah')).toEqual({
    exit: 2,
    stdout: '',
    stderr: 'opsflow: there is no completion for `bsah`\n  hint: did you mean `bash`?\n',
  })
  expect((await it.opsflow('completion', 'powershell')).stderr).toContain('there is one for `bash`, `zsh`, `fish`')
  expect((await it.opsflow('completion', 'fish')).stdout).toBe(SCRIPTS.fish)
})
