import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findProject, findStateDir, loadProject, type ProjectIo, resolvePipeline } from '../../src/commands/project.ts'
import { UsageError } from '../../src/commands/usage-error.ts'
import { GIT_PERSON, temporaryFolder } from '../support/repository.ts'

const PIPELINE = (name: string) => `pipeline: ${name}\nsteps: { a: { run: x } }\n`

/** A folder with these files, as the working directory of a command. */
function folder(files: { readonly [path: string]: string }): ProjectIo {
  const cwd = realpathSync(temporaryFolder())
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), text)
  }
  return { cwd, env: {} }
}

const inside = (io: ProjectIo, path: string): ProjectIo => ({ ...io, cwd: join(io.cwd, path) })
const codes = (project: { readonly diagnostics: readonly { readonly code: string }[] }) =>
  project.diagnostics.map(({ code }) => code)

describe('the project root', () => {
  test('is the folder of the nearest config, also above a package of its own', async () => {
    const io = folder({
      '.git/HEAD': '',
      'opsflow.config.yaml': 'people: {}\n',
      'packages/a/package.json': '{}',
      'packages/a/src/x.txt': '',
    })
    expect((await findProject(inside(io, 'packages/a/src'))).root).toBe(io.cwd)
  })

  test('is the nearest of two configs', async () => {
    const io = folder({ 'opsflow.config.yaml': 'people: {}\n', 'sub/opsflow.config.yaml': 'people: {}\n' })
    expect((await findProject(inside(io, 'sub'))).root).toBe(join(io.cwd, 'sub'))
  })

  test('without a config is the top of the work tree', async () => {
    const io = folder({ '.git/HEAD': '', 'a/b/x.txt': '' })
    expect((await findProject(inside(io, 'a/b'))).root).toBe(io.cwd)
  })

  test('without a config and git is the folder of the file, or of the command', async () => {
    const io = folder({ 'a/x.yaml': PIPELINE('x') })
    expect((await findProject(io, 'a/x.yaml')).root).toBe(join(io.cwd, 'a'))
    expect((await findProject(io)).root).toBe(io.cwd)
  })

  test('without git is looked for above only as far as nobody else can write', async () => {
    const io = folder({ 'opsflow.config.yaml': 'people: {}\n', 'shared/sub/x.txt': '' })
    chmodSync(io.cwd, 0o755)
    expect((await findProject(inside(io, 'shared/sub'))).root).toBe(io.cwd)
    chmodSync(join(io.cwd, 'shared'), 0o777)
    expect((await findProject(inside(io, 'shared/sub'))).root).toBe(join(io.cwd, 'shared/sub'))
  })

  test('is not looked for above the work tree', async () => {
    const io = folder({ 'opsflow.config.yaml': 'people: {}\n', 'repo/.git/HEAD': '' })
    expect((await findProject(inside(io, 'repo'))).root).toBe(join(io.cwd, 'repo'))
  })
})

describe('the config', () => {
  test.each([
    ['opsflow.config.yaml', 'people: { ops: [alice] }\n'],
    ['opsflow.config.yml', 'people: { ops: [alice] }\n'],
    ['opsflow.config.json', '{"people": {"ops": ["alice"]}}'],
    ['opsflow.config.js', 'module.exports = { people: { ops: ["alice"] } }'],
    ['opsflow.config.ts', 'const people: { ops: string[] } = { ops: ["alice"] }\nexport default { people }\n'],
    ['.opsflowrc', 'people: { ops: [alice] }\n'],
    ['package.json', '{"name": "x", "opsflow": {"people": {"ops": ["alice"]}}}'],
  ])('may be %s', async (path, text) => {
    const project = await loadProject(folder({ [path]: text }))
    expect(project.diagnostics).toEqual([])
    expect(project.people).toEqual({ ops: ['alice'] })
  })

  test('has its faults at their places, also in package.json', async () => {
    const text = '{\n  "name": "x",\n  "opsflow": { "peple": {} }\n}\n'
    const project = await loadProject(folder({ 'package.json': text }))
    expect(
      project.diagnostics.map(({ at, code, hint }) => [text.slice(at.span.start, at.span.end), code, hint]),
    ).toEqual([['"peple"', 'schema/unknown-key', 'did you mean `people`?']])
  })

  test('has the faults of its YAML', async () => {
    expect(codes(await loadProject(folder({ 'opsflow.config.yaml': 'people: *nobody\n' })))).toEqual([
      'yaml/unknown-alias',
    ])
  })

  test('knows the codes that it makes stricter or milder', async () => {
    const project = await loadProject(
      folder({ 'opsflow.config.yaml': 'lint: { severities: { lint/emty-value: error } }\n' }),
    )
    expect(project.diagnostics).toMatchObject([
      {
        code: 'schema/unknown-key',
        message: 'there is no code `lint/emty-value`',
        hint: 'did you mean `lint/empty-value`?',
      },
    ])
    const vain = await loadProject(folder({ 'opsflow.config.yaml': 'lint: { severities: { yaml/tag: ignore } }\n' }))
    expect(vain.diagnostics).toMatchObject([
      {
        code: 'schema/unknown-value',
        message: '`yaml/tag` is an error that stops a run, and cannot be made `ignore`',
        at: { span: { start: 32, end: 38 } },
      },
    ])
    const good = await loadProject(
      folder({ 'opsflow.config.yaml': 'lint: { severities: { lint/empty-value: error } }\n' }),
    )
    expect(good.severities).toEqual({ 'lint/empty-value': 'error' })
  })

  test('that throws is a diagnostic with the reason', async () => {
    const project = await loadProject(folder({ 'opsflow.config.ts': 'throw new Error("no such host")\n' }))
    expect(project.diagnostics).toMatchObject([
      { code: 'project/config-failed', message: expect.stringContaining('no such host') },
    ])
  })

  test('that exports no config is told so', async () => {
    expect(codes(await loadProject(folder({ 'opsflow.config.js': 'module.exports = 5' })))).toEqual([
      'schema/wrong-type',
    ])
  })

  test('says where pipelines and agents are', async () => {
    const io = folder({
      'opsflow.config.yaml': 'pipelines: [ops/*.yaml]\nagents: who.yaml\n',
      'ops/a.yaml': PIPELINE('a'),
      'pipelines/b.yaml': PIPELINE('b'),
      'who.yaml': 'agents: { x: {} }\n',
    })
    const project = await loadProject(io)
    expect([...project.pipelines.keys()]).toEqual(['a'])
    expect(project.agents?.value.agents).toEqual({ x: {} })
  })

  test('that names an agents file which is not there is told so', async () => {
    expect(codes(await loadProject(folder({ 'opsflow.config.yaml': 'agents: who.yaml\n' })))).toEqual(['file/missing'])
  })
})

describe('the state', () => {
  test('lies in .opsflow at the root, where the config says, or where OPSFLOW_STATE says', async () => {
    const io = folder({ 'opsflow.config.yaml': 'state: var/runs\n', 'a/x.txt': '' })
    expect(await findStateDir(inside(io, 'a'))).toBe(join(io.cwd, 'var/runs'))
    expect(await findStateDir({ cwd: join(io.cwd, 'a'), env: { OPSFLOW_STATE: '../moved' } })).toBe(
      join(io.cwd, 'moved'),
    )
    const plain = folder({})
    expect(await findStateDir(plain)).toBe(join(plain.cwd, '.opsflow'))
  })

  test('of a linked work tree is that of the main one', async () => {
    const io = folder({ 'sub/opsflow.config.yaml': 'people: {}\n' })
    const git = (...args: string[]) => execFileSync('git', args, { cwd: io.cwd, env: GIT_PERSON, stdio: 'ignore' })
    git('init', '--initial-branch=main')
    git('add', '.')
    git('commit', '--message', 'begin')
    git('worktree', 'add', 'linked')
    const project = await findProject(inside(io, 'linked/sub'))
    expect(project.root).toBe(join(io.cwd, 'linked/sub'))
    expect(project.stateDir).toBe(join(io.cwd, 'sub/.opsflow'))
  })

  test('of a submodule is its own', async () => {
    const io = folder({ 'module/.git': 'gitdir: ../.git/modules/module\n', '.git/modules/module/HEAD': '' })
    expect(await findStateDir(inside(io, 'module'))).toBe(join(io.cwd, 'module/.opsflow'))
  })
})

describe('the files', () => {
  test('are found below pipelines, by what they say and not by their names; tests of pipelines are none', async () => {
    const io = folder({
      'pipelines/x.yaml': PIPELINE('a'),
      'pipelines/deep/y.yml': 'coordinator: OPS\nsignals: { OPS:A: { pipeline: a } }\n',
      'pipelines/a.test.yaml': 'test: a\n',
    })
    const project = await loadProject(io)
    expect(project.diagnostics).toEqual([])
    expect([...project.pipelines.keys()]).toEqual(['a'])
    expect([...project.coordinators.keys()]).toEqual(['OPS'])
  })

  test('that are faulty hide none of the others', async () => {
    const project = await loadProject(
      folder({
        'pipelines/a.yaml': 'pipeline: a\n',
        'pipelines/b.yaml': PIPELINE('b'),
        'pipelines/c.yaml': 'pipeline: [\n',
      }),
    )
    expect([...project.pipelines.keys()]).toEqual(['b'])
    expect(new Set(project.diagnostics.map(({ at }) => at.file.path))).toEqual(
      new Set(['pipelines/a.yaml', 'pipelines/c.yaml']),
    )
  })

  test('that give one name twice are told, with both places', async () => {
    const project = await loadProject(
      folder({ 'pipelines/a.yaml': PIPELINE('same'), 'pipelines/b.yaml': PIPELINE('same') }),
    )
    expect(project.diagnostics).toMatchObject([
      {
        code: 'project/duplicate-name',
        at: { file: { path: 'pipelines/b.yaml' } },
        related: [{ at: { file: { path: 'pipelines/a.yaml' } } }],
      },
    ])
  })

  test('are shown by paths from the working directory', async () => {
    const io = folder({ '.git/HEAD': '', 'pipelines/a.yaml': 'pipeline: a\n', 'sub/x.txt': '' })
    const project = await loadProject(inside(io, 'sub'))
    expect(project.diagnostics.map(({ at }) => at.file.path)).toEqual(['../pipelines/a.yaml'])
  })
})

describe('a pipeline that a person names', () => {
  const files = {
    '.git/HEAD': '',
    'pipelines/release.yaml': PIPELINE('release'),
    'pipelines/bad.yaml': 'pipeline: bad\n',
    'pipelines/ops.yaml': 'coordinator: OPS\nsignals: { OPS:A: { pipeline: release } }\n',
    'own.yaml': PIPELINE('own'),
  }

  test('is found by name and by file', async () => {
    const io = folder(files)
    const project = await loadProject(io)
    expect(resolvePipeline(project, 'release', io)).toMatchObject({ ok: true, name: 'release' })
    expect(resolvePipeline(project, './pipelines/release.yaml', io)).toMatchObject({ ok: true, name: 'release' })
    expect(resolvePipeline(await loadProject(io, { files: ['own.yaml'] }), 'own.yaml', io)).toMatchObject({
      ok: true,
      name: 'own',
    })
  })

  test('with a faulty file gives its faults, by name too', async () => {
    const io = folder(files)
    const project = await loadProject(io)
    for (const named of ['bad', 'pipelines/bad.yaml']) {
      expect(resolvePipeline(project, named, io)).toMatchObject({
        ok: false,
        diagnostics: [{ code: 'schema/missing-key' }],
      })
    }
  })

  test.each([
    ['relaese', 'there is no pipeline `relaese`', 'did you mean `release`?'],
    ['zzzzzzzz', 'there is no pipeline `zzzzzzzz`', 'known: release'],
    ['nowhere.yaml', 'there is no file `nowhere.yaml`', 'known: release'],
    [
      'pipelines/ops.yaml',
      '`pipelines/ops.yaml` is no pipeline but a file of the kind `coordinator`',
      'send it a signal: `opsflow signal NS:NAME`',
    ],
  ])('%s is wrong usage, with what to do', async (named, message, hint) => {
    const io = folder(files)
    const project = await loadProject(io, /\.yaml$/.test(named) ? { files: [named] } : {})
    const error = (() => {
      try {
        resolvePipeline(project, named, io)
      } catch (thrown) {
        return thrown
      }
      return undefined
    })()
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ message, hint })
  })

  test('in a file that gives a name once more is told of the other', async () => {
    const io = folder({ ...files, 'copy.yaml': PIPELINE('release') })
    const project = await loadProject(io, { files: ['copy.yaml'] })
    for (const named of ['copy.yaml', 'pipelines/release.yaml', 'release']) {
      expect(resolvePipeline(project, named, io)).toMatchObject({
        ok: false,
        diagnostics: [{ code: 'project/duplicate-name' }],
      })
    }
  })
})
