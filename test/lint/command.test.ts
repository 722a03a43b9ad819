import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type LintOptions, lint } from '../../src/commands/lint.ts'
import { UsageError } from '../../src/commands/usage-error.ts'
import { memoryIo } from '../support/memory-io.ts'

const GOOD = 'pipeline: NAME\nsteps:\n  build: { run: make }\n'
const BAD = 'pipeline: NAME\nsteps:\n  build: { rum: make }\n'
const WARN = 'pipeline: NAME\nsteps:\n  build: { run: make, env: { A: yes, B: no } }\n'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A project of some files, each `NAME` replaced by the file's own. */
function project(files: { readonly [path: string]: string }): string {
  const cwd = mkdtempSync(join(tmpdir(), 'opsflow-lint-'))
  folders.push(cwd)
  mkdirSync(join(cwd, '.git'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), text.replace('NAME', path.replace(/^.*\//, '').replace(/\.\w+$/, '')))
  }
  return cwd
}

async function run(cwd: string, options: Partial<LintOptions>, stdin = '') {
  const io = memoryIo({ cwd, stdin })
  const exit = await lint({ paths: [], ...options }, io)
  return { exit, stdout: io.out.stdout, last: io.out.stdout.trimEnd().split('\n').at(-1) }
}

/** `path: code` of each finding. */
async function found(cwd: string, paths: readonly string[], stdin = ''): Promise<string[]> {
  const { stdout } = await run(cwd, { paths, format: 'json' }, stdin)
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { path: string; code: string }[] }
  return diagnostics.map(({ code, path }) => `${path}: ${code}`)
}

describe('files of one name', () => {
  const faulty = 'pipeline: x\nsteps: { a: { run: b, needs: [gone] } }\n'
  const sound = 'pipeline: x\nsteps: { a: { run: b } }\n'
  test('are told where both are named, wherever they lie', async () => {
    const cwd = project({ 'a.yaml': sound, 'b.yaml': faulty })
    expect(await found(cwd, ['a.yaml', 'b.yaml'])).toEqual(['b.yaml: project/duplicate-name'])
    expect(await found(cwd, ['.'])).toEqual(['b.yaml: project/duplicate-name'])
  })
  test('are one where the other is standard input, which is newer than what is saved', async () => {
    expect(await found(project({ 'pipelines/x.yaml': sound }), ['-'], faulty)).toEqual(['<stdin>: plan/unknown-step'])
    expect(await found(project({ 'pipelines/x.yaml': faulty }), ['-'], sound)).toEqual([])
  })
})

test('an expression that ends too early, at the end of the file, has its place there', async () => {
  const text = 'pipeline: x\nsteps:\n  a:\n    run: b\n    when: 1 =='
  const { stdout } = await run(project({ 'a.yaml': text }), { paths: ['a.yaml'], format: 'json' })
  const [fault] = JSON.parse(stdout).diagnostics
  expect(fault).toMatchObject({ code: 'expr/syntax', end: { offset: text.length } })
})

test('an expression that is never closed is told where an interpreter would run it, too', async () => {
  const text = 'pipeline: x\nsteps:\n  a: { run: [sh, -c, "echo ${{ inputs.n"] }\n'
  expect(await found(project({ 'a.yaml': text }), ['a.yaml'])).toEqual(['a.yaml: expr/syntax'])
})

test('an empty path is wrong usage, not the whole folder', async () => {
  await expect(run(project({ 'a.yaml': BAD }), { paths: [''] })).rejects.toThrow(UsageError)
})

test('a file that is not UTF-8 and none of ours is passed by where it is only met', async () => {
  const cwd = project({ 'pipelines/a.yaml': GOOD })
  writeFileSync(join(cwd, 'theirs.yaml'), Buffer.from('title: caf\xe9\n', 'latin1'))
  writeFileSync(join(cwd, 'ours.yaml'), Buffer.from('pipeline: caf\xe9\n', 'latin1'))
  expect(await found(cwd, ['.'])).toEqual(['ours.yaml: file/encoding'])
  expect(await found(cwd, ['theirs.yaml'])).toEqual(['theirs.yaml: file/encoding'])
})

test('a file outside of the working directory is shown as it was named', async () => {
  const path = join(project({ 'far.yaml': BAD }), 'far.yaml')
  expect(await found(project({}), [path])).toEqual([`${path}: schema/unknown-key`])
})

describe('the files that are linted', () => {
  const cwd = project({
    'pipelines/a.yaml': BAD,
    'pipelines/deep/b.yml': BAD,
    'pipelines/c.test.yaml': 'this: is no pipeline\n',
    'other/d.yaml': BAD,
    'docker-compose.yaml': 'services: { web: {} }\n',
    'broken.yaml': 'a: [\n',
    'node_modules/x/e.yaml': BAD,
  })
  test('are those of the project where none is named', async () => {
    const lines = await found(cwd, [])
    expect([...new Set(lines.map((line) => line.split(':')[0]))]).toEqual(['pipelines/a.yaml', 'pipelines/deep/b.yml'])
  })
  test('are those that are named, all of them also when one is bad', async () => {
    const lines = await found(cwd, ['other/d.yaml', 'broken.yaml', 'gone.yaml'])
    expect(new Set(lines.map((line) => line.split(':')[0]))).toEqual(
      new Set(['broken.yaml', 'gone.yaml', 'other/d.yaml']),
    )
    expect(lines).toContain('gone.yaml: file/missing')
    expect(lines).toContain('broken.yaml: yaml/unclosed-bracket')
  })
  test('are ours below a folder, and no other YAML', async () => {
    const lines = await found(cwd, ['.'])
    expect([...new Set(lines.map((line) => line.split(':')[0]))]).toEqual([
      'other/d.yaml',
      'pipelines/a.yaml',
      'pipelines/deep/b.yml',
    ])
  })
  test('are those that a glob finds', async () => {
    const lines = await found(cwd, ['pipelines/**/*.y*ml'])
    expect([...new Set(lines.map((line) => line.split(':')[0]))]).toEqual(['pipelines/a.yaml', 'pipelines/deep/b.yml'])
    expect(await found(cwd, ['nothing/*.yaml'])).toEqual(['nothing/*.yaml: file/missing'])
  })
  test('are each linted once, however often they are named', async () => {
    const lines = await found(cwd, [
      'pipelines/a.yaml',
      './pipelines/a.yaml',
      'pipelines',
      join(cwd, 'pipelines/a.yaml'),
    ])
    expect(lines.filter((line) => line === 'pipelines/a.yaml: schema/unknown-key')).toHaveLength(1)
  })
  test('are asked for where there are none', async () => {
    const empty = project({ 'docker-compose.yaml': 'services: { web: {} }\n' })
    await expect(run(empty, {})).rejects.toThrow('there is nothing to lint in this project')
    await expect(run(empty, { paths: ['.'] })).rejects.toThrow('there is nothing to lint in `.`')
  })
  test('may come from standard input', async () => {
    expect(await found(cwd, ['-'], 'pipeline: x\npipeline: y\nsteps: { a: { run: b } }\n')).toEqual([
      '<stdin>: yaml/duplicate-key',
    ])
  })
})

describe('the exit code', () => {
  const cwd = project({ 'good.yaml': GOOD, 'bad.yaml': BAD, 'warn.yaml': WARN })
  test.each<[string, Partial<LintOptions>, number]>([
    ['0 without findings', { paths: ['good.yaml'] }, 0],
    ['0 with warnings', { paths: ['warn.yaml'] }, 0],
    ['1 with more warnings than allowed', { paths: ['warn.yaml'], maxWarnings: 1 }, 1],
    ['0 with as many warnings as allowed', { paths: ['warn.yaml'], maxWarnings: 2 }, 0],
    ['1 with errors', { paths: ['bad.yaml', 'good.yaml'] }, 1],
    ['2 for a file that is not there', { paths: ['good.yaml', 'gone.yaml'] }, 2],
    ['2 for a glob without a file', { paths: ['*.nothing'] }, 2],
  ])('is %s', async (_, options, expected) => {
    expect((await run(cwd, options)).exit).toBe(expected)
  })
  test('is 1 where the config allows fewer warnings', async () => {
    const strict = project({ 'opsflow.config.yaml': 'lint: { max_warnings: 1 }\n', 'pipelines/warn.yaml': WARN })
    expect((await run(strict, { paths: ['pipelines/warn.yaml'] })).exit).toBe(1)
    expect((await run(strict, { paths: ['pipelines/warn.yaml'], maxWarnings: 5 })).exit).toBe(0)
  })
})

describe('the severities of the config', () => {
  const text = (severity: string, code = 'lint/yaml-1-1-boolean') => `lint: { severities: { ${code}: ${severity} } }\n`
  test('make a finding an error, a note, or nothing', async () => {
    const outcome = async (severity: string) => {
      const { exit, last } = await run(project({ 'opsflow.config.yaml': text(severity), 'pipelines/w.yaml': WARN }), {})
      return [exit, last!.split(' in ')[0]]
    }
    expect(await outcome('error')).toEqual([1, '2 errors'])
    expect(await outcome('info')).toEqual([0, '2 notes'])
    expect(await outcome('ignore')).toEqual([0, 'no findings'])
  })
  test('cannot take away an error that stops a run', async () => {
    const cwd = project({
      'opsflow.config.yaml': text('ignore', 'yaml/duplicate-key'),
      'pipelines/a.yaml': `${GOOD}steps: {}\n`,
    })
    expect(await found(cwd, [])).toContain('pipelines/a.yaml: yaml/duplicate-key')
  })
})

describe('the formats', () => {
  const cwd = project({ 'bad.yaml': BAD })
  test('json counts and lists', async () => {
    const value = JSON.parse((await run(cwd, { paths: ['bad.yaml'], format: 'json' })).stdout)
    expect(value).toMatchObject({ format: 1, files: 1, fixed: 0, warnings: 0, infos: 0 })
    expect(value.errors).toBe(value.diagnostics.length)
  })
  test('sarif is one log with help for each rule', async () => {
    const value = JSON.parse((await run(cwd, { paths: ['bad.yaml'], format: 'sarif' })).stdout)
    expect(
      value.runs[0].tool.driver.rules.every((rule: { help: { text: string } }) => rule.help.text.length > 20),
    ).toBe(true)
    expect(value.runs[0].results.length).toBeGreaterThan(0)
  })
  test('github is one command a finding, and nothing without', async () => {
    expect((await run(cwd, { paths: ['bad.yaml'], format: 'github' })).stdout).toMatch(
      /^(::error file=bad\.yaml,line=3.*\n)+$/,
    )
    expect((await run(project({ 'good.yaml': GOOD }), { paths: ['good.yaml'], format: 'github' })).stdout).toBe('')
  })
})

describe('--fix', () => {
  test('applies the safe fixes of all files, and doing it again changes nothing', async () => {
    const cwd = project({
      'a.yaml': WARN,
      'b.yaml':
        '\uFEFFpipeline: b\r\ninputs: { dry: { type: boolean } }\r\nsteps:\r\n  x: { run: &unused make, when: !inputs.dry }\r\n',
    })
    const first = await run(cwd, { paths: ['a.yaml', 'b.yaml'], fix: true })
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(
      'pipeline: a\nsteps:\n  build: { run: make, env: { A: "yes", B: "no" } }\n',
    )
    expect(readFileSync(join(cwd, 'b.yaml'), 'utf8')).toBe(
      '\uFEFFpipeline: b\r\ninputs: { dry: { type: boolean } }\r\nsteps:\r\n  x: { run: make, when: "!inputs.dry" }\r\n',
    )
    expect(first.last).toMatch(/4 fixes applied$/)
    expect((await run(cwd, { paths: ['a.yaml', 'b.yaml'], fix: true })).last).toBe('no findings in 2 files')
  })
  test('leaves what has no safe fix, and says so', async () => {
    const cwd = project({ 'a.yaml': BAD })
    const { exit } = await run(cwd, { paths: ['a.yaml'], fix: true })
    expect(exit).toBe(1)
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(BAD.replace('NAME', 'a'))
  })
  test('is refused for standard input', async () => {
    await expect(run(project({}), { paths: ['-'], fix: true })).rejects.toThrow(UsageError)
  })
})

describe('--explain', () => {
  test('prints what a code means, with examples', async () => {
    const { exit, stdout } = await run(project({}), { explain: 'yaml/merge-key' })
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^yaml\/merge-key \(error\)\n/)
    expect(stdout).toContain('    <<: *usual')
  })
  test('names the nearest code for one that does not exist', async () => {
    const error = await run(project({}), { explain: 'yaml/merge-kee' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'UsageError', hint: 'did you mean `yaml/merge-key`?' })
  })
})

describe('a project whose pipelines lie elsewhere', () => {
  const AGENTS = 'agents: { dev: {} }\n'
  const HINT = 'no pipeline was found below `pipelines/`: name the files (`opsflow lint PATH…`), or set `pipelines` in'
  test('is told that none was found, and what to do', async () => {
    const cwd = project({ 'agents.yaml': AGENTS, 'elsewhere/build.yaml': GOOD })
    expect((await run(cwd, {})).last).toContain(HINT)
    expect((await run(cwd, { paths: ['elsewhere'] })).stdout).not.toContain('no pipeline was found')
    expect(JSON.parse((await run(cwd, { format: 'json' })).stdout).diagnostics).toBeInstanceOf(Array)
  })
  test('is told by which patterns of its config', async () => {
    const cwd = project({ 'opsflow.config.yaml': 'pipelines: [flows/*.yaml]\n', 'pipelines/build.yaml': GOOD })
    expect((await run(cwd, {})).last).toContain('no pipeline was found by `flows/*.yaml`')
  })
  test('is not told so where there is a pipeline, be it a broken one', async () => {
    for (const text of [GOOD, BAD, 'pipeline: [\n']) {
      const cwd = project({ 'agents.yaml': AGENTS, 'pipelines/build.yaml': text })
      expect((await run(cwd, {})).stdout).not.toContain('no pipeline was found')
    }
  })
})
