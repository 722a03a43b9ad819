import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { operations, opsflow, send } from '../support/operations.ts'

/*
 * `pipelines/ops.yaml` and everything behind it, through the whole program, on a real repository with a real bare remote:
 * each signal of the operations coordinator is answered by what the package ships, without a key or a model.
 */

describe('the operations coordinator', () => {
  test('answers ten signals, forwards those of tools, and lints without a finding', async () => {
    const repository = await operations()
    expect(await opsflow(repository, 'lint')).toMatchObject({ exit: 0, stderr: '' })
    const { coordinators } = JSON.parse((await opsflow(repository, 'signals', '--json')).stdout) as {
      coordinators: { name: string; signals: { signal: string; forward: string | null }[] }[]
    }
    const ops = coordinators.find(({ name }) => name === 'COORD_OPS')!
    const names = ['COMMIT', 'PR', 'RELEASE', 'DOCS', 'KNOWLEDGE', 'HANDOFF', 'CI', 'BUILD', 'AUDIT', 'SYNTHESIZE']
    expect(ops.signals.map(({ signal }) => signal)).toEqual([...names.map((name) => `OPS:${name}`), 'TOOL:*'])
    expect(ops.signals.at(-1)?.forward).toBe('COORD_TOOLING')
  })

  test('COMMIT: the fast path commits and nothing else; what it must carry is asked for at the door', async () => {
    const repository = await operations()
    const before = repository.inRemote('log', '--format=%s')
    writeFileSync(join(repository.folder, 'a.txt'), 'two\n')
    expect(await send(repository, 'OPS:COMMIT', { simple: true })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('missing: changed_files (The files that were changed)'),
    })
    const sent = await send(repository, 'OPS:COMMIT', {
      task_description: 'fix: say two',
      changed_files: ['a.txt'],
      simple: true,
    })
    expect(sent).toMatchObject({ exit: 0, stdout: expect.stringContaining('with `quick-commit`') })
    expect(repository.git('log', '-1', '--format=%s')).toBe('fix: say two')
    expect(repository.inRemote('log', '--format=%s')).toBe(before)
  })

  test('COMMIT of sensitive files pauses before anything is done', async () => {
    const repository = await operations({ 'src/auth/key.txt': 'one\n' })
    writeFileSync(join(repository.folder, 'src/auth/key.txt'), 'two\n')
    const sent = await send(repository, 'OPS:COMMIT', {
      task_description: 'fix: the key',
      changed_files: ['src/auth/key.txt'],
      simple: true,
    })
    expect(sent).toMatchObject({ exit: 4, stdout: expect.stringContaining('escalate_sensitive_files') })
    expect(repository.git('log', '-1', '--format=%s')).toBe('feat: more')
    const run = /run (\S+)/.exec(sent.stdout)![1]!
    const answered = await opsflow(repository, 'answer', run, 'escalate_sensitive_files', 'choice=retry', '--resume')
    expect(answered.exit).toBe(0)
    expect(repository.git('log', '-1', '--format=%s')).toBe('fix: the key')
  })

  test('KNOWLEDGE and HANDOFF: a document of what git knows and of what was said, as a new file', async () => {
    const repository = await operations()
    const learnt = await send(repository, 'OPS:KNOWLEDGE', { learnings: ['measure first'] })
    expect(learnt.exit).toBe(0)
    expect((await send(repository, 'OPS:HANDOFF')).stderr).toContain('missing: originating_domain (Who hands it over)')
    const payload = {
      task_description: 'The login page',
      originating_domain: 'COORD_WEB',
      remaining: ['the tests'],
      findings: ['# no heading'],
      document: 'docs/handoffs/login.md',
    }
    expect((await send(repository, 'OPS:HANDOFF', payload)).exit).toBe(0)
    const text = readFileSync(join(repository.folder, 'docs/handoffs/login.md'), 'utf8')
    const commit = repository.git('log', '-1', '--format=%h %s')
    expect(text).toContain(`# The login page\n\n## Done\n\n- ${commit}\n`)
    expect(text).toContain('- no upstream: nothing says what is published\n- nothing uncommitted\n')
    expect(text).toContain('## Remaining\n\n- the tests\n\n## Findings\n\n- # no heading\n')
    const other = { ...payload, findings: ['something else'] }
    expect((await send(repository, 'OPS:HANDOFF', other)).stdout).toContain('is there and says something else')
    expect((await send(repository, 'OPS:HANDOFF', { ...payload, document: '../out.md' })).exit).toBe(1)
  })

  test('AUDIT: four looks at once and one report, which passes where enough of them do', async () => {
    const repository = await operations()
    const sound = await send(repository, 'OPS:AUDIT')
    expect(sound).toMatchObject({ exit: 0, stdout: expect.stringContaining('gate audited  passed (100 % succeeded)') })
    writeFileSync(join(repository.folder, 'docs/guide.md'), 'see [it](missing.md)\n')
    const worse = await send(repository, 'OPS:AUDIT', { command: 'false' })
    expect(worse).toMatchObject({ exit: 1, stdout: expect.stringContaining('gate audited  failed (40 % succeeded)') })
  })

  test('SYNTHESIZE: several results become one report; none at all is refused', async () => {
    const repository = await operations()
    const results = [
      { title: 'docs', status: 'succeeded', deliverables: ['guide.md'] },
      { title: 'tests', status: 'failed', issues: ['two fail'] },
    ]
    const sent = await send(repository, 'OPS:SYNTHESIZE', { results })
    expect(sent).toMatchObject({ exit: 0, stdout: expect.stringContaining('share: 0.5') })
    expect((await send(repository, 'OPS:SYNTHESIZE', { results: [] })).exit).toBe(2)
    expect((await send(repository, 'OPS:SYNTHESIZE', { results: [{ title: 'x' }] })).exit).toBe(1)
  })

  test('what nobody knows is ignored', async () => {
    const repository = await operations()
    expect(await send(repository, 'WEB:GO')).toMatchObject({ exit: 1, stdout: expect.stringContaining('IGNORED') })
  })
})
