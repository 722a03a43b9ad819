import { expect, test } from 'vitest'
import { main } from '../../src/cli.ts'
import { memoryIo } from '../support/memory-io.ts'
import { plain, project } from '../support/project.ts'

const OPS = {
  'opsflow.config.yaml': 'people: {}\n',
  'pipelines/ops.yaml': `coordinator: COORD_OPS
domain: operations
agents: []
signals:
  OPS:GO: { pipeline: go }
`,
  'pipelines/go.yaml': `pipeline: go
signals: { accepts: [OPS:GO] }
inputs: { n: { type: integer } }
steps:
  a: { env: { N: "\${{ inputs.n }}" }, run: echo "$N" > got }
`,
}

test('a signal is answered by the coordinator that knows it with a run that knows its cause', async () => {
  const it = project(OPS)
  const sent = await it.opsflow('signal', 'OPS:GO', '--payload', 'n=7')
  expect(sent).toMatchObject({ exit: 0, stderr: '' })
  expect(sent.stdout).toContain('COORD_OPS answers OPS:GO with `go`\n')
  expect(it.lines('got')).toEqual(['7'])
  expect(it.state().cause).toMatchObject({ coordinator: 'COORD_OPS', signal: 'OPS:GO' })
})

test('a payload that lacks something is refused at the door, with what is missing; an unknown signal is ignored', async () => {
  const it = project(OPS)
  expect(await it.opsflow('signal', 'OPS:GO')).toEqual({
    exit: 2,
    stdout: '',
    stderr: 'opsflow: COORD_OPS: `OPS:GO` is refused: missing: n\n  hint: give it: --payload n=…\n',
  })
  expect((await it.opsflow('signal', 'OPS:GO', '--payload', 'n=many')).exit).toBe(2)
  expect(await it.opsflow('signal', 'OPS:GOO')).toEqual({
    exit: 1,
    stdout: 'IGNORED: nobody answers OPS:GOO; did you mean OPS:GO?\n',
    stderr: '',
  })
  expect((await it.opsflow('signal', 'CARGO:LOST')).stdout).toBe('IGNORED: nobody answers CARGO:LOST; known: OPS:GO\n')
  expect(await it.runs()).toEqual([])
})

test('a signal in a folder without coordinators is ignored, and says which folder that is', async () => {
  const it = project({})
  expect(await it.opsflow('signal', 'OPS:GO')).toMatchObject({
    exit: 1,
    stdout: `IGNORED: nobody answers OPS:GO; there is no coordinator in ${it.folder}\n`,
  })
})

test('lint names every fault with its place and exits 1; without faults it exits 0', async () => {
  const good = project(OPS)
  expect(await good.opsflow('lint')).toEqual({ exit: 0, stdout: 'no findings in 3 files\n', stderr: '' })
  const bad = project({ ...OPS, 'pipelines/bad.yaml': 'pipeline: bad\nsteps:\n  a: { runn: echo }\n' })
  const linted = await bad.opsflow('lint', 'pipelines/bad.yaml')
  expect(linted).toMatchObject({ exit: 1, stderr: '' })
  expect(linted.stdout).toContain('pipelines/bad.yaml:3:8: error: `runn` is no key of `a` [schema/unknown-key]')
  expect((await bad.opsflow('lint', 'nope.yaml')).exit).toBe(2)
})

test('a file that is not there is told as that alone, however it is written', async () => {
  const it = project(OPS)
  for (const named of ['missing/other.yaml', './missing/other.yaml', '../project/missing/other.yaml'])
    expect(await it.opsflow('run', named)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(`there is no file \`${named}\`\n  hint: known: go\n`),
    })
})

test('plan shows what would run and runs nothing', async () => {
  const it = project(OPS)
  const shown = await it.opsflow('plan', 'go')
  expect(shown).toMatchObject({ exit: 0, stderr: '' })
  expect(shown.stdout).toContain('wave 1')
  for (const format of ['json', 'mermaid', 'dot']) {
    expect(await it.opsflow('plan', 'go', '--format', format)).toMatchObject({ exit: 0, stderr: '' })
  }
  expect(it.has('got')).toBe(false)
  expect((await it.opsflow('plan', 'nope')).exit).toBe(2)
})

test('init puts a template that lints clean into the repository, twice without harm, and overwrites nothing', async () => {
  const it = project({})
  const made = await it.opsflow('init', 'release')
  expect(made).toMatchObject({ exit: 0, stderr: '' })
  expect(plain(made.stdout)).toContain('  + agents.yaml\n')
  expect((await it.opsflow('lint')).exit).toBe(0)
  expect((await it.opsflow('init', 'release')).stdout).toContain('  = agents.yaml\n')
  it.write({ 'agents.yaml': 'agents: {}\n' })
  const refused = await it.opsflow('init', 'release')
  expect(refused).toMatchObject({ exit: 1, stdout: '' })
  expect(refused.stderr).toContain(
    'opsflow: nothing was written: `agents.yaml` is there already and says something else',
  )
  expect(it.read('agents.yaml')).toBe('agents: {}\n')
})

test('a bug in opsflow exits 3 and asks for a report', async () => {
  const io = memoryIo({ cwd: project(OPS).folder })
  const broken = {
    ...io,
    stdout: {
      write() {
        throw new Error('planted')
      },
    },
  }
  expect(await main(['lint'], broken)).toBe(3)
  expect(io.out.stderr).toContain(
    'opsflow: this is a bug in opsflow, please report it with the lines below\nError: planted\n',
  )
})

test('a state folder that cannot be one is the world refusing, not a bug', async () => {
  const it = project({ ...OPS, taken: 'a file' }, { env: { OPSFLOW_STATE: 'taken' } })
  const ran = await it.opsflow('run', 'go', '--input', 'n=1')
  expect(ran).toMatchObject({ exit: 1, stdout: '' })
  expect(ran.stderr).toContain('taken')
})

test('a package.json that is no JSON, beside a config, is said with its place and is no bug of opsflow', async () => {
  const it = project({
    'package.json': '{ broken',
    'opsflow.config.yaml': 'people: {}\n',
    'p.yaml': 'pipeline: p\nsteps: { a: { run: "true" } }\n',
  })
  const { exit, stdout, stderr } = await it.spawn('lint').ended
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^package\.json: error: .* cannot be loaded: .*JSON/)
  expect(stdout).toContain('hint: mend the JSON')
  expect(exit).toBe(1)
})
