import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { operations, opsflow, send } from '../support/operations.ts'

/*
 * `pipelines/ops.yaml` and everything behind it, through the whole program, on a real repository with a real bare remote:
 * each signal of the operations coordinator is answered by what the package ships, without a key or a model.
 */

describe('the operations coordinator, with tests, builds and pushes', () => {
  test('COMMIT and PR: else a branch of its own is pushed', async () => {
    const repository = await operations()
    writeFileSync(join(repository.folder, 'a.txt'), 'two\n')
    const sent = await send(repository, 'OPS:COMMIT', { task_description: 'fix: say two', changed_files: ['a.txt'] })
    expect(sent).toMatchObject({ exit: 0, stdout: expect.stringContaining('with `commit-and-pr`') })
    expect(repository.inRemote('log', '-1', '--format=%s', 'fix/say-two')).toBe('fix: say two')
    writeFileSync(join(repository.folder, 'a.txt'), 'three\n')
    const pr = await send(repository, 'OPS:PR', { task_description: 'fix: say three', changed_files: ['a.txt'] })
    expect(pr.exit).toBe(0)
    expect(repository.inRemote('log', '-1', '--format=%s', 'fix/say-two')).toBe('fix: say three')
  })

  test('RELEASE: waits for the person who approves it', async () => {
    const repository = await operations()
    const sent = await send(repository, 'OPS:RELEASE')
    expect(sent).toMatchObject({ exit: 4, stdout: expect.stringContaining('Publish v1.1.0 to origin/main?') })
    const run = /run (\S+)/.exec(sent.stdout)![1]!
    expect((await opsflow(repository, 'approve', run, 'approve', '--resume')).exit).toBe(0)
    expect(repository.inRemote('tag')).toContain('v1.1.0')
  })

  test('DOCS, and TOOL:DOCS by way of the coordinator of tools: links that lead nowhere fail, by name', async () => {
    const repository = await operations()
    expect((await send(repository, 'OPS:DOCS')).stdout).toContain('Links that lead somewhere: 2')
    writeFileSync(join(repository.folder, 'docs/guide.md'), 'see [it](missing.md)\n')
    const sent = await send(repository, 'TOOL:DOCS')
    expect(sent.stdout).toContain('COORD_OPS forwards TOOL:DOCS; COORD_TOOLING answers TOOL:DOCS with `docs`')
    expect(sent).toMatchObject({ exit: 1, stdout: expect.stringContaining('docs/guide.md:1 missing.md') })
  })

  test('CI and BUILD: run what the project says; a build that fails names the commits since the last tag', async () => {
    const repository = await operations()
    expect((await send(repository, 'OPS:CI')).exit).toBe(0)
    expect((await send(repository, 'OPS:BUILD')).stdout).toContain('Build command: make build')
    const failed = await send(repository, 'OPS:BUILD', { command: 'echo broken; exit 3' })
    expect(failed).toMatchObject({ exit: 1, stdout: expect.stringContaining('feat: more') })
  })
})
