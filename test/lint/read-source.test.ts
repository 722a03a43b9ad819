import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { decodeSource, MAX_SOURCE_BYTES, readSource, shownPath } from '../../src/commands/read-source.ts'
import { positionOf } from '../../src/diagnostics/lines.ts'
import { temporaryFolder } from '../support/repository.ts'

/** What reading a file says: `code: message`, or its text. */
async function read(cwd: string, path: string): Promise<string> {
  const result = await readSource(path, { cwd })
  return result.ok ? result.file.text : `${result.diagnostic.code}: ${result.diagnostic.message}`
}

/** Runs as a user without privileges, so that permissions hold also where the tests run as root. */
async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid!() !== 0) return work()
  process.seteuid!(65_534)
  try {
    return await work()
  } finally {
    process.seteuid!(0)
  }
}

describe('reading a source', () => {
  test('gives its text with a byte order mark and its line ends', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'a.yaml'), '\uFEFFa: é\r\n')
    expect(await read(cwd, 'a.yaml')).toBe('\uFEFFa: é\r\n')
  })
  test('tells a file that is not there', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'a.yaml'), '')
    expect(await read(cwd, 'b.yaml')).toBe('file/missing: `b.yaml` is not there')
    expect(await read(cwd, 'a.yaml/b.yaml')).toBe('file/missing: `a.yaml/b.yaml` is not there')
  })
  test('tells a directory', async () => {
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, 'a.yaml'))
    expect(await read(cwd, 'a.yaml')).toBe('file/directory: `a.yaml` is a directory')
  })
  test('tells a file that may not be read', async () => {
    const cwd = temporaryFolder()
    chmodSync(cwd, 0o755)
    writeFileSync(join(cwd, 'a.yaml'), 'a: 1\n', { mode: 0o000 })
    expect(await unprivileged(() => read(cwd, 'a.yaml'))).toBe('file/permission: `a.yaml` may not be read by this user')
  })
  test('tells a named pipe, and does not wait for its writer', async () => {
    const cwd = temporaryFolder()
    execFileSync('mkfifo', [join(cwd, 'a.yaml')])
    expect(await read(cwd, 'a.yaml')).toBe('file/unreadable: `a.yaml` is no regular file')
  })
  test('tells bytes that are not UTF-8, and the first of them', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'a.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xc3, 0xa9, 0xe9, 0x0a]))
    expect(await read(cwd, 'a.yaml')).toBe('file/encoding: `a.yaml` is not UTF-8: the first bad byte is number 6')
    writeFileSync(join(cwd, 'b.yaml'), Buffer.from('\uFEFFa: 1\n', 'utf16le'))
    expect(await read(cwd, 'b.yaml')).toBe('file/encoding: `b.yaml` is not UTF-8: it looks like UTF-16')
    writeFileSync(join(cwd, 'c.yaml'), Buffer.from([0x61, 0xe2, 0x82]))
    expect(await read(cwd, 'c.yaml')).toMatch('file/encoding')
  })
  test('shows the place of the first byte that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('\uFEFFa: é\nb: caf'), Buffer.from([0xe9, 0x20, 0xe9, 0x0a])])
    const result = decodeSource('a.yaml', bytes)
    const { at } = result.ok ? expect.fail() : result.diagnostic
    expect(positionOf(at.file, at.span.start)).toEqual({ line: 2, column: 7 })
    expect(at.file.text.slice(at.span.start, at.span.end)).toBe('\uFFFD')
  })
  test('tells a file of more than 16 MiB without reading it', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'a.yaml'), '')
    truncateSync(join(cwd, 'a.yaml'), MAX_SOURCE_BYTES + 1)
    onTestFinished(() => truncateSync(join(cwd, 'a.yaml'), 0))
    expect(await read(cwd, 'a.yaml')).toBe('file/too-large: `a.yaml` is larger than 16 MiB')
    const decoded = decodeSource('<stdin>', new Uint8Array(MAX_SOURCE_BYTES + 1))
    expect(decoded.ok ? '' : decoded.diagnostic.code).toBe('file/too-large')
  })
  test('shows a path relative to the working directory where it lies below', () => {
    expect(shownPath('/a/b/c.yaml', '/a')).toBe('b/c.yaml')
    expect(shownPath('./c.yaml', '/a')).toBe('c.yaml')
    expect(shownPath('/x/c.yaml', '/a')).toBe('/x/c.yaml')
    expect(shownPath('../c.yaml', '/a')).toBe('../c.yaml')
    expect(shownPath('..c.yaml', '/a')).toBe('..c.yaml')
  })
})
