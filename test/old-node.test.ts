import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support/repository.ts'

const ROOT = join(import.meta.dirname, '..')

test('an older Node gets one sentence and exit code 2, not a syntax error', () => {
  const preload = join(temporaryFolder(), 'old.cjs')
  writeFileSync(
    preload,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })",
  )
  const result = spawnSync(process.execPath, ['--require', preload, join(ROOT, 'bin', 'opsflow.js'), 'lint'], {
    encoding: 'utf8',
  })
  expect(result.status).toBe(2)
  expect(result.stderr.trim().split('\n')).toHaveLength(1)
  expect(result.stderr).toMatch(/^opsflow needs Node 24 or newer, this is v/)
})

test('what an older Node must read holds no syntax that it does not know', () => {
  // An old parser is not at hand; the words that would break one are.
  for (const file of ['bin/opsflow.js', 'scripts/setup.mjs']) {
    expect(readFileSync(join(ROOT, file), 'utf8')).not.toMatch(
      /\busing\b|\?\?=|\|\|=|#[a-z]\w*\s*[(=]|\bawait\s+using\b|import\s+\w+\s+from\s+'[^']+'\s+with\b/,
    )
  }
})

test('set-up runs on its own and has nothing to do where all is installed', () => {
  expect(execFileSync(process.execPath, [join(ROOT, 'scripts', 'setup.mjs')], { encoding: 'utf8' })).toBe('')
})
