import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFiles } from '../../src/util/find-files.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'find-files-'))
  for (const file of [
    'a.yaml',
    'ops/b.yaml',
    'ops/b.txt',
    'ops/deep/er/c.yml',
    'ops/.hidden/d.yaml',
    'ops/.e.yaml',
    'ops/node_modules/f.yaml',
    '.ci/g.yaml',
  ]) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), '')
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const find = async (...patterns: string[]): Promise<readonly string[]> =>
  (await findFiles(root, patterns, new Set(['node_modules']))).map((path) => relative(root, path)).sort()

test.each([
  ['one folder', ['ops/*.yaml'], ['ops/b.yaml']],
  ['all below it', ['ops/**/*.{yaml,yml}'], ['ops/b.yaml', 'ops/deep/er/c.yml']],
  ['a name without a star', ['a.yaml'], ['a.yaml']],
  ['a name that is not there', ['z.yaml', 'nowhere/**/*.yaml'], []],
  ['a folder, which is no file', ['ops'], []],
  ['each file once', ['*.yaml', './a.yaml'], ['a.yaml']],
  ['a hidden folder that the pattern names', ['.ci/*.yaml'], ['.ci/g.yaml']],
] as const)('finds %s', async (_, patterns, files) => {
  expect(await find(...patterns)).toEqual(files)
})

test('finds what lies beside the root', async () => {
  expect(await find(`../${basename(root)}/*.yaml`)).toEqual(['a.yaml'])
})
