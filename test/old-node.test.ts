import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support/repository.ts'

const ROOT = join(import.meta.dirname, '..')

/** opsflow as it is installed, with a program that tells who runs it; `beside` installs a Node with it. */
function start(beside: boolean, ...words: readonly string[]) {
  const folder = temporaryFolder()
  for (const under of ['bin', 'dist', 'node_modules/node/bin']) mkdirSync(join(folder, under), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  copyFileSync(join(ROOT, 'bin', 'opsflow.js'), join(folder, 'bin', 'opsflow.js'))
  writeFileSync(
    join(folder, 'dist', 'cli.js'),
    'export function run() { console.log(process.versions.node, ...process.argv.slice(2)); process.exitCode = 4 }',
  )
  if (beside) symlinkSync(process.execPath, join(folder, 'node_modules', 'node', 'bin', 'node'))
  const preload = join(folder, 'old.cjs')
  writeFileSync(
    preload,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })",
  )
  return spawnSync(process.execPath, ['--require', preload, join(folder, 'bin', 'opsflow.js'), ...words], {
    encoding: 'utf8',
  })
}

test('an older Node starts the one that was installed with opsflow, and ends as it does', () => {
  const { status, stdout, stderr } = start(true, 'lint', '--format=json')
  expect(stderr).toBe('')
  expect(stdout).toBe(`${process.versions.node} lint --format=json\n`)
  expect(status).toBe(4)
})

test('an older Node alone gets one sentence and exit code 2, not a syntax error', () => {
  const { status, stderr } = start(false, 'lint')
  expect(status).toBe(2)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toMatch(/^opsflow needs Node 24 or newer, and this is v/)
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
