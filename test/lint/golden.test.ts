import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/commands/lint.ts'
import { memoryIo } from '../support/memory-io.ts'
import { temporaryFolder } from '../support/repository.ts'

/** Pairs of a file (or a folder of files) and what lint prints of it. UPDATE=1 writes the second of each. */
const UPDATE = process.env.UPDATE === '1'

function casesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.endsWith('.out'))
    .sort()
}

describe.each(['err', 'ok'])('lint/%s', (group) => {
  const folder = join(import.meta.dirname, group)
  test.each(casesIn(folder))('%s', async (name) => {
    const isFile = /\.\w+$/.test(name)
    // In a folder of its own, so that no project around it has a say.
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, '.git'))
    cpSync(join(folder, name), isFile ? join(cwd, name) : cwd, { recursive: true })
    const io = memoryIo({ cwd })
    const exit = await lint({ paths: isFile ? [name] : ['.'] }, io)
    const expected = join(folder, `${name.replace(/\.ya?ml$/, '')}.out`)
    if (UPDATE) writeFileSync(expected, io.out.stdout)
    expect(existsSync(expected), `${expected} is missing: UPDATE=1 writes it`).toBe(true)
    expect(io.out.stdout).toBe(readFileSync(expected, 'utf8'))
    expect(io.out.stdout.startsWith('no findings')).toBe(group === 'ok')
    expect(exit).toBe(/\d+ errors?\b/.test(io.out.stdout.split('\n').at(-2)!) ? 1 : 0)
  })
})
