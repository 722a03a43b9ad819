import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { main } from '../../src/cli.ts'
import { judgeSpace, lookAtState } from '../../src/commands/doctor/state.ts'
import { lookAtGit } from '../../src/commands/doctor/tools.ts'
import { doctor } from '../../src/commands/doctor.ts'
import type { DoctorOutput } from '../../src/model/generated/outputs.types.ts'
import { fileSystemOf } from '../../src/store/network.ts'
import { allSchemas } from '../schema/schemas.ts'
import { memoryIo } from '../support/memory-io.ts'
import { plain, project, type TestProject } from '../support/project.ts'
import { GIT_PERSON, temporaryFolder } from '../support/repository.ts'

const P = 'pipeline: p\nsteps:\n  a: { run: "true", timeout: 1m }\n'

/** What the doctor finds, by what it looked at. */
async function findings(it: TestProject, env: { readonly [name: string]: string } = {}, more: object = {}) {
  const io = { ...memoryIo({ cwd: it.folder, env: { ...it.env, ...env } }), ...more }
  const exit = await doctor({ json: true }, io)
  const output = JSON.parse(io.out.stdout) as DoctorOutput
  return { exit, output, of: (id: string) => output.findings.filter((finding) => finding.id === id) }
}

test('a sound project in a repository is all well, is told in plain words, and nothing is left behind', async () => {
  const it = project({
    'schema.json': '{}',
    'pipelines/p.yaml': `# yaml-language-server: $schema=../schema.json\n${P}`,
  })
  execFileSync('git', ['init', '--quiet'], { cwd: it.folder, env: GIT_PERSON })
  const answer = await it.opsflow('doctor', '--strict')
  expect(answer).toMatchObject({ exit: 0, stderr: '' })
  const lines = plain(answer.stdout, it)
    .replace(/Node [\d.]+/, 'Node VERSION')
    .replace(/git [\d.]+/, 'git VERSION')
    .replace(/\d+ [GM]iB/, 'SPACE')
    .replace(/on \w+, no network/, 'on DISK, no network')
    .replace(/in \d+ ms/, 'in SPAN')
  expect(lines).toBe(`opsflow 0.0.0

✓ node               Node VERSION
✓ git                git VERSION
✓ work-tree          the git repository in \`PROJECT\`
✓ git-identity       commits are made by A Tester <tester@example.org>
✓ state              runs will be kept in \`STATE\`, which the first one makes
✓ state-access       only you, or your group by your umask, will write there
✓ state-locks        locks of the kernel work there
✓ state-file-system  it is on DISK, no network
✓ disk-space         SPACE free
✓ project            1 pipeline, 0 coordinators in \`PROJECT\`
✓ agents             no agents file: only pipelines whose steps name agents need one
✓ secrets            no pipeline needs a secret
✓ editor-schemas     every file tells editors its schema
✓ supervisor         a supervisor started, ran a step and ended in SPAN

all is well
`)
  expect(existsSync(it.stateDir)).toBe(false)
  expect(readdirSync(join(it.folder, '..')).sort()).toEqual(['project'])
})

test('--json is as its schema says, and whatever is not well has a remedy', async () => {
  const it = project({ 'pipelines/p.yaml': P.replace('steps', 'secrets: [NOT_HERE]\nsteps') })
  const { output, exit } = await findings(it)
  const { schema } = allSchemas().find(({ file }) => file === 'doctor.output.schema.json')!
  const validate = new Ajv2020.default({ allErrors: true, strictTypes: false }).compile(schema)
  expect(validate(output) ? [] : validate.errors).toEqual([])
  const unwell = output.findings.filter(({ status }) => status !== 'ok')
  expect(unwell.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'work-tree info',
    'secrets warning',
    'editor-schemas info',
  ])
  expect(unwell.filter(({ remedy }) => remedy === undefined)).toEqual([])
  expect({ exit, errors: output.errors, warnings: output.warnings }).toEqual({ exit: 0, errors: 0, warnings: 1 })
})

test('a secret that a pipeline names and nothing gives is a warning that names both; --strict makes it the exit code', async () => {
  const it = project({
    'opsflow.config.yaml': 'secrets: [env, { file: .secrets }]\n',
    '.secrets': 'IN_FILE=canary-value\n',
    'pipelines/p.yaml': P.replace('steps', 'secrets: [IN_FILE, IN_ENV, NOWHERE]\nsteps'),
  })
  const found = await findings(it, { IN_ENV: 'another-value' })
  expect(found.of('secrets')).toEqual([
    {
      id: 'secrets',
      status: 'warning',
      message: 'the secret `NOWHERE` was not found in the environment, `.secrets`; `p` cannot run without it',
      remedy: 'set it: `export NOWHERE=…`, or say under `secrets` of the config where it is',
    },
  ])
  expect(JSON.stringify(found.output)).not.toMatch(/canary-value|another-value/)
  const strict = await it.opsflow('doctor', '--strict')
  expect(strict.exit).toBe(1)
  expect(strict.stdout).toContain('0 errors, 2 warnings')
  expect(strict.stdout).not.toContain('canary')
})

test('a state folder that others can write, and one that cannot be, are errors', async () => {
  const it = project({ 'pipelines/p.yaml': P, file: '' })
  mkdirSync(it.stateDir)
  chmodSync(it.stateDir, 0o777)
  const of = async (id: string, stateDir = it.stateDir) =>
    (await lookAtState(stateDir, memoryIo({ cwd: it.folder, env: it.env }))).filter((one) => one.id === id)
  expect((await it.opsflow('doctor')).exit).toBe(1)
  expect(await of('state-access')).toMatchObject([
    {
      status: 'error',
      message: expect.stringContaining('every user'),
      remedy: expect.stringContaining('chmod -R o-w'),
    },
  ])
  chmodSync(it.stateDir, 0o770)
  expect(await of('state-access')).toMatchObject([
    { status: 'ok', message: expect.stringMatching(/^you and the group \d+, who share its runs may write there$/) },
  ])

  expect(await of('state', join(it.folder, 'file', 'state'))).toMatchObject([
    { status: 'error', message: expect.stringContaining('in the way') },
  ])
  expect(await of('state', '/proc/state')).toMatchObject([
    { status: 'error', remedy: 'set `OPSFLOW_STATE` (or `state` in the config) to another folder' },
  ])
})

test('without git there is a remedy; it is an error in a repository and a warning elsewhere', async () => {
  const it = project({ 'pipelines/p.yaml': P })
  const away = temporaryFolder()
  const of = async (id: string, env: { readonly [name: string]: string }) =>
    (await lookAtGit(it.folder, { cwd: it.folder, env: { ...it.env, ...env } })).filter((one) => one.id === id)
  expect(await of('git', { PATH: away })).toMatchObject([{ status: 'warning', message: 'there is no git on the PATH' }])
  execFileSync('git', ['init', '--quiet'], { cwd: it.folder, env: GIT_PERSON })
  expect(await of('git', { PATH: away })).toMatchObject([{ status: 'error' }])

  writeFileSync(join(away, 'git'), '#!/bin/sh\necho git version 1.8.3\n', { mode: 0o755 })
  expect(await of('git', { PATH: `${away}:${it.env.PATH}` })).toMatchObject([
    { status: 'warning', message: 'git 1.8.3 is too old for releases', remedy: 'install git 2.31 or newer' },
  ])
})

test('a git that does not know who commits is a warning', async () => {
  const it = project({ 'pipelines/p.yaml': P })
  execFileSync('git', ['init', '--quiet'], { cwd: it.folder, env: GIT_PERSON })
  execFileSync('git', ['config', 'user.useConfigOnly', 'true'], { cwd: it.folder, env: GIT_PERSON })
  const nobody = {
    ...it.env,
    GIT_COMMITTER_NAME: '',
    GIT_COMMITTER_EMAIL: '',
    GIT_AUTHOR_NAME: '',
    GIT_AUTHOR_EMAIL: '',
  }
  expect((await lookAtGit(it.folder, { cwd: it.folder, env: nobody })).at(-1)).toMatchObject({
    id: 'git-identity',
    status: 'warning',
    remedy: expect.stringContaining('git config user.name'),
  })
})

test('a Node that is too old, and cannot start a supervisor, is an error each', async () => {
  const it = project({ 'pipelines/p.yaml': P })
  const old = join(temporaryFolder(), 'node')
  writeFileSync(old, '#!/bin/sh\necho v18.19.0\n', { mode: 0o755 })
  const { of, exit } = await findings(it, {}, { node: old })
  expect(exit).toBe(1)
  expect(of('node')).toMatchObject([{ status: 'error', remedy: 'install Node 24 or newer' }])
  expect(of('supervisor')).toMatchObject([
    { status: 'error', message: expect.stringMatching(/^steps cannot be started: /) },
  ])
  expect(of('state-locks')).toMatchObject([{ status: 'error' }])
})

test('a faulty file, a missing agents file and a schema that is not there are told with where to look', async () => {
  const it = project({
    'opsflow.config.yaml': 'agents: team.yaml\n',
    'pipelines/p.yaml': `# yaml-language-server: $schema=./gone.json\npipeline: p\nsteps:\n  a: { rnu: "true" }\n`,
  })
  const { of, exit } = await findings(it)
  expect(exit).toBe(1)
  expect(of('project')).toMatchObject([{ status: 'error', remedy: 'see all with `opsflow lint`' }])
  expect(of('agents')).toMatchObject([
    { status: 'error', message: 'the agents file `team.yaml` of the config is not there' },
  ])
  expect(of('editor-schemas')).toMatchObject([
    {
      status: 'warning',
      message: '`pipelines/p.yaml` names the schema `./gone.json`, which is not there',
      remedy: expect.stringMatching(
        /^write `# yaml-language-server: \$schema=.*pipeline\.schema\.json` as its first line$/,
      ),
    },
    { status: 'info', message: expect.stringContaining('`opsflow.config.yaml`') },
  ])
  const remedy = /\$schema=(\S+?)`/.exec(of('editor-schemas')[0]!.remedy!)![1]!
  expect(existsSync(remedy)).toBe(true)
})

test('little space is a warning, next to none an error, and so is a file system without room for files', () => {
  const MiB = 1024 ** 2
  expect(judgeSpace({ bytes: 5000 * MiB, files: 10_000 })).toEqual({
    id: 'disk-space',
    status: 'ok',
    message: '4 GiB free',
  })
  expect(judgeSpace({ bytes: 500 * MiB, files: undefined })).toMatchObject({ status: 'warning' })
  expect(judgeSpace({ bytes: 50 * MiB, files: undefined })).toMatchObject({
    status: 'error',
    message: 'only 50 MiB free where runs are kept',
    remedy: expect.stringContaining('opsflow prune'),
  })
  expect(judgeSpace({ bytes: 5000 * MiB, files: 3 })).toMatchObject({ status: 'error' })
})

test('the file system is told by the name that the mount table has', () => {
  expect(fileSystemOf('/proc/sys')).toBe('proc')
})

test('wrong words are refused as everywhere', async () => {
  const io = memoryIo({ cwd: temporaryFolder() })
  expect(await main(['doctor', '--jsno'], io)).toBe(2)
  expect(io.out.stderr).toContain('did you mean `--json`?')
})
