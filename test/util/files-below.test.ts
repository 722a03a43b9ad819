import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow } from '../../src/util/files-below.ts'
import { temporaryFolder } from '../support/store.ts'

test('names what lies below a folder, links as what they are and never what they lead to', () => {
  const folder = temporaryFolder()
  const elsewhere = temporaryFolder()
  writeFileSync(join(elsewhere, 'theirs.log'), '')
  mkdirSync(join(folder, 'a/b'), { recursive: true })
  for (const path of ['one.log', 'a/two.log', 'a/b/three.log']) writeFileSync(join(folder, path), '')
  symlinkSync(elsewhere, join(folder, 'a/link'))
  expect([...filesBelow(folder)].sort()).toEqual(['a/b/three.log', 'a/link', 'a/two.log', 'one.log'])
})

test('finds nothing where nothing is', () => {
  expect(filesBelow(join(temporaryFolder(), 'gone'))).toEqual([])
})
