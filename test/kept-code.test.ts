import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

// By a name that the type checker does not follow: the scripts of the build are plain JavaScript.
const KEPT = '../scripts/kept.mjs'
const { asKept } = (await import(KEPT)) as {
  asKept(text: string, name: string): { readonly script: string; readonly module: string }
}

/** A bundle of one part that imports a module, loads another later, and asks where it is. */
const PART = `import{base as b}from"./base.js";function sum(e){return b+e}async function late(){return(await import(\`./late.js\`)).word}const place=import.meta.url;export{sum as s,late,place as p};`
const MAIN = `import { s, late, p } from './dist/chunks/part.js'
console.log(s(2), await late(), p.endsWith('/dist/chunks/part.js'))
process.exitCode = Number(process.argv[2] ?? 0)`

describe('the part of the bundle whose compiled functions are kept', () => {
  let root: string
  const cache = (): string => join(root, '.cache/v8')
  const kept = (): readonly string[] => readdirSync(cache())
  const run = (...words: readonly string[]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, 'main.mjs'), ...words], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    })
    return { stdout, stderr, status }
  }
  const WORKS = { stdout: '42 later true\n', stderr: '', status: 0 }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
    const { script, module } = asKept(PART, 'part.script')
    for (const folder of ['dist/chunks', '.cache/v8']) mkdirSync(join(root, folder), { recursive: true })
    for (const [path, text] of Object.entries({
      'dist/chunks/part.js': module,
      'dist/chunks/part.script': script,
      'dist/chunks/base.js': 'export const base = 40',
      'dist/chunks/late.js': "export const word = 'later'",
      'main.mjs': MAIN,
      'package.json': '{ "type": "module" }',
    }))
      writeFileSync(join(root, path), text)
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  test('works the same before and after they are kept', () => {
    expect(run()).toEqual(WORKS)
    expect(kept()).toHaveLength(1)
    const before = readFileSync(join(cache(), kept()[0]!))
    expect(run()).toEqual(WORKS)
    expect(readFileSync(join(cache(), kept()[0]!)).equals(before)).toBe(true)
  })

  test('keeps nothing of a command that failed, which may have needed little', () => {
    expect(run('1')).toEqual({ ...WORKS, status: 1 })
    expect(kept()).toEqual([])
  })

  test.each([
    ['damaged', (code: Buffer) => code.map((byte, i) => (i === code.length - 9 ? byte ^ 1 : byte))],
    ['cut off', (code: Buffer) => code.subarray(0, code.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
  ])('never runs code that is %s, and makes it anew', (_, harm) => {
    run()
    const file = join(cache(), kept()[0]!)
    const harmed = harm(readFileSync(file))
    writeFileSync(file, harmed)
    expect(run()).toEqual(WORKS)
    expect(Buffer.compare(readFileSync(file), harmed)).not.toBe(0)
  })

  test('works where nothing can be kept', () => {
    rmSync(join(root, '.cache'), { recursive: true })
    expect(run()).toEqual(WORKS)
    expect(readdirSync(root)).not.toContain('.cache')
  })

  test('stops the build where a module cannot be made a script', () => {
    expect(() => asKept('export default 1', 'x')).toThrow('x: cannot be made a script')
    expect(() => asKept('const f=(e)=>import(e);export{f};', 'x')).toThrow('x: cannot be made a script')
  })
})
