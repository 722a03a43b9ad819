import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

/** An installation whose program only says that it ran; started as under a daemon that masks nothing. */
function installation(): { readonly cache: string; readonly run: () => { stdout: string; stderr: string } } {
  const root = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const folder of ['bin', 'dist']) mkdirSync(join(root, folder))
  copyFileSync(join(import.meta.dirname, '../bin/opsflow.js'), join(root, 'bin/opsflow.js'))
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  const program = "export const run = () => console.log('ran', process.umask().toString(8))"
  writeFileSync(join(root, 'dist/cli.js'), program)
  const script = `umask 0; exec '${process.execPath}' bin/opsflow.js`
  const run = () => {
    const { stdout, stderr } = spawnSync('sh', ['-c', script], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    })
    return { stdout, stderr }
  }
  return { cache: join(root, '.cache/v8'), run }
}

const isOpen = (path: string): boolean => (statSync(path).mode & 0o022) !== 0

test('compiled code is kept where nobody else may write, whatever the mask, which stays as it was', () => {
  const { cache, run } = installation()
  expect(run()).toEqual({ stdout: 'ran 0\n', stderr: '' })
  const folders = [cache, ...readdirSync(cache).map((name) => join(cache, name))]
  expect(folders).toHaveLength(2)
  expect(folders.filter(isOpen)).toEqual([])
})

test('compiled code that others may have put there is not taken', () => {
  const { cache, run } = installation()
  mkdirSync(cache, { recursive: true })
  chmodSync(cache, 0o777)
  expect(run()).toEqual({ stdout: 'ran 0\n', stderr: '' })
  expect(readdirSync(cache)).toEqual([])
})

test('a program whose cache cannot be made works', () => {
  const { cache, run } = installation()
  writeFileSync(join(cache, '../..', '.cache'), '')
  expect(run()).toEqual({ stdout: 'ran 0\n', stderr: '' })
  expect(existsSync(cache)).toBe(false)
})
