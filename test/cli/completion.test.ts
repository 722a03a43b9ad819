import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SCRIPTS } from '../../src/commands/completion/scripts.ts'
import { commandFacts } from '../../src/commands/program.ts'
import { memoryIo } from '../support/memory-io.ts'
import { project, type TestProject } from '../support/project.ts'

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

/** A real bash with the script in it, and an `opsflow` on its path: what it would show behind each of the lines. */
function inBash(it: TestProject, lines: readonly string[]): readonly string[] {
  const bin = join(it.folder, '..', 'bin.sh')
  const entry = join(import.meta.dirname, '..', 'support', 'opsflow-process.ts')
  writeFileSync(bin, `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`)
  chmodSync(bin, 0o755)
  const script = `eval "$SCRIPT"
command() { shift; "$BIN" "$@"; }
complete -p opsflow
for COMP_LINE in "$@"; do
  COMP_POINT=\${#COMP_LINE}
  _opsflow
  (IFS='|'; echo "\${COMPREPLY[*]}")
done`
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...lines], {
    cwd: it.folder,
    env: { ...it.env, BIN: bin, SCRIPT: SCRIPTS.bash, OPSFLOW_BUILD_VERSION: '0.0.0' },
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.trimEnd().split('\n')
}

test('real bash completes commands, signals behind a colon, runs by a beginning, and paths that it must quote', async () => {
  const it = project(FILES)
  expect((await it.opsflow('run', 'release')).exit).toBe(4)
  const run = await it.run()
  expect(inBash(it, ['opsflow re', 'opsflow signal OPS:A', `opsflow logs ${run.slice(0, 9)} hosts[w`])).toEqual([
    'complete -F _opsflow opsflow',
    'resume|retry|report|reject',
    'AUDIT',
    'hosts\\[web\\]',
  ])
})

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

test('zsh gets colons escaped, as it reads a description behind one', async () => {
  const it = project(FILES)
  const { stdout } = await it.opsflow('completion', 'zsh', '--', 'opsflow', 'signal', 'OPS:')
  expect(stdout).toBe(':\nOPS\\:AUDIT:Looks around\n')
})

test('each script is read by its shell; where that is not installed, its quotes, brackets and blocks close', async () => {
  for (const [shell, script] of Object.entries(SCRIPTS)) {
    const real = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' })
    if (real.error === undefined)
      expect({ shell, status: real.status, said: real.stderr }).toEqual({ shell, status: 0, said: '' })
    expect(unclosed(script, shell), shell).toEqual([])
  }
  expect(unclosed("if true\necho 'x\nend\n", 'fish')).not.toEqual([])
  expect(unclosed('f() {\n  case x in (a) echo ;;\n}\n', 'zsh')).not.toEqual([])
  expect(unclosed('for x in $y\n', 'fish')).not.toEqual([])
})

const BLOCKS: { readonly [shell: string]: { readonly open: RegExp; readonly close: RegExp } } = {
  fish: { open: /^\s*(function|if|for|while|switch|begin)\b/gm, close: /^\s*end\b/gm },
  zsh: { open: /(?:^|;)\s*(case|if)\b/gm, close: /\b(esac|fi)\b/gm },
  bash: { open: /(?:^|;)\s*(case|if|while)\b/gm, close: /(?<=[\s;])(esac|fi|done)\b/gm },
}

/** What a script opens and never closes. Comments and what stands in quotes are left out first. */
function unclosed(script: string, shell: string): readonly string[] {
  const code = script.replace(/^\s*#.*$/gm, '').replace(/"(?:\\.|[^"\\])*"|'[^']*'/g, '""')
  const count = (pattern: RegExp) => code.match(pattern)?.length ?? 0
  const { open, close } = BLOCKS[shell]!
  return [
    ...(/['"]/.test(code.replaceAll('""', '')) ? ['a quote'] : []),
    ...(count(/[{]/g) === count(/[}]/g) ? [] : ['a brace']),
    ...(count(open) === count(close) ? [] : ['a block']),
  ]
}

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
