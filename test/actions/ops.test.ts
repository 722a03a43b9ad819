import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectBuild } from '../../src/actions/ci/project-build.ts'
import { links, linksIn } from '../../src/actions/docs/links.ts'
import { session } from '../../src/actions/git/session.ts'
import { document, documentText } from '../../src/actions/ops/document.ts'
import { synthesis } from '../../src/actions/ops/synthesis.ts'
import { Repository } from '../support/repository.ts'

describe('links of Markdown', () => {
  test('are those in brackets, of images and of definitions, and none in code', () => {
    const text = [
      '[a](x.md) ![b](<y z.png> "title") [c](d(1).md)',
      '`[no](code.md)` and ``[no](`code`.md)``',
      '```md',
      '[no](fence.md)',
      '```',
      '[ref]: z.md "title"',
      '[^1]: a foot note',
    ].join('\n')
    expect(linksIn(text)).toEqual([
      { target: 'x.md', line: 1 },
      { target: 'y z.png', line: 1 },
      { target: 'd(1).md', line: 1 },
      { target: 'z.md', line: 6 },
    ])
  })

  test('lead to files from where they stand or from the root; other places of the web and of the text are left alone', async () => {
    const repository = new Repository()
    repository.write({
      'a.md': '[1](docs/b.md#part) [2](https://example.org/no) [3](#here) [4](mailto:a@b.c) [5](/docs/b.md) [6](docs)',
      'docs/b.md': '[1](../a.md) [2](b%2Emd)',
    })
    const { outputs } = await repository.act(links)
    expect(outputs).toEqual({ files: 2, links: 5 })
    repository.write({ 'docs/b.md': '[1](../../out.md)\n[2](no.md)' })
    await expect(repository.act(links)).rejects.toThrow(
      '2 links lead nowhere: docs/b.md:1 ../../out.md, docs/b.md:2 no.md',
    )
    await expect(repository.act(links, { paths: ['a.md'] })).resolves.toMatchObject({ outputs: { files: 1 } })
  })
})

describe('a session', () => {
  test('is what came since a commit, or since the last tag', async () => {
    const repository = new Repository()
    const first = repository.commit('feat: one', { 'a.txt': '1\n' })
    repository.tag('v1.0.0').commit('fix: two', { 'b.txt': '2\n' })
    repository.write({ 'c.txt': '3\n' })
    const { outputs } = await repository.act(session)
    expect(outputs).toMatchObject({ branch: 'main', since: 'v1.0.0', files: ['b.txt'], uncommitted: ['c.txt'] })
    expect((outputs as unknown as { commits: string[] }).commits).toEqual([
      `${repository.git('rev-parse', '--short', 'HEAD')} fix: two`,
    ])
    expect((await repository.act(session, { since: first })).outputs).toMatchObject({ files: ['b.txt'] })
    await expect(repository.act(session, { since: 'nothing' })).rejects.toThrow('there is no commit `nothing`')
    await expect(repository.act(session, { since: '--all' })).rejects.toThrow('there is no commit `--all`')
  })

  test('of a repository without a commit is refused', async () => {
    const repository = new Repository()
    repository.git('checkout', '--quiet', '--orphan', 'empty')
    repository.git('update-ref', '-d', 'refs/heads/empty')
    await expect(repository.act(session)).rejects.toThrow('the repository has no commit yet')
  })
})

describe('a document', () => {
  test('has its sections, a list item on one line, and says where there is none', () => {
    const sections = [
      { heading: 'Done', items: ['a\n# b', { x: 1 }] },
      { heading: 'Left', items: [] },
      { heading: 'Why', text: 'Because.' },
    ]
    expect(documentText('It\nis', sections)).toBe(
      '# It is\n\n## Done\n\n- a # b\n- {"x":1}\n\n## Left\n\nnone\n\n## Why\n\nBecause.\n',
    )
  })

  test('becomes a new file inside of the project, once, and never another', async () => {
    const repository = new Repository()
    const write = (path: string, title = 'T') => repository.act(document, { title, sections: [], path })
    await write('docs/a.md')
    await write('docs/a.md')
    expect(repository.read('docs/a.md')).toBe('# T\n')
    await expect(write('docs/a.md', 'Other')).rejects.toThrow('is there and says something else')
    for (const path of ['../a.md', '.git/hooks/a', 'docs/../../a.md', '.'])
      await expect(write(path)).rejects.toThrow('is no file of this project')
    mkdirSync(join(repository.home, 'elsewhere'))
    symlinkSync(join(repository.home, 'elsewhere'), join(repository.folder, 'linked'))
    await expect(write('linked/a.md')).rejects.toThrow('behind a link')
  })
})

test('results become one: how many succeeded, what they made, what is open', async () => {
  const repository = new Repository()
  const results = [
    { title: 'a', status: 'succeeded', summary: 'well', deliverables: ['a.md'] },
    { title: 'b', status: 'failed', issues: ['two fail'] },
  ]
  const { outputs } = await repository.act(synthesis, { title: 'All', results })
  expect(outputs).toMatchObject({ succeeded: 1, all: 2, share: 0.5 })
  expect((outputs as unknown as { text: string }).text).toBe(
    '# All\n\n## Summary\n\n1 of 2 succeeded (50 %)\n\n## Results\n\n- a: succeeded, well\n- b: failed\n\n## Deliverables\n\n- a.md\n\n## Issues\n\n- two fail\n',
  )
  await expect(repository.act(synthesis, { title: 'All', results: [] })).rejects.toThrow('nothing to combine')
})

test('a build is what the files say, or what is asked for; where nothing says how, that is told', async () => {
  const repository = new Repository()
  expect((await repository.act(projectBuild)).outputs).toEqual({ found: false, command: '' })
  repository.write({ Makefile: 'build:\n\t@echo built\n' })
  expect((await repository.act(projectBuild)).outputs).toEqual({ found: true, command: 'make build' })
  repository.write({ 'package.json': '{ "scripts": { "build": "true" } }' })
  expect((await repository.act(projectBuild, { command: 'echo mine' })).log).toContain('mine')
  await expect(repository.act(projectBuild, { command: 'exit 3' })).rejects.toThrow(
    'the build failed: `exit 3` exited with 3',
  )
})
