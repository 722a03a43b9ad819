import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/commands/lint.ts'
import { readDocument } from '../../src/document/read.ts'
import { notYetSupported } from '../../src/model/supported.ts'
import { validate } from '../../src/model/validate.ts'
import { memoryIo } from '../support/memory-io.ts'

const folder = join(import.meta.dirname, '..', '..', 'examples', 'language')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'))

/** What the examples of the language use and this version refuses. A file that is not here uses only what runs. */
const REFUSED: { readonly [file: string]: readonly string[] } = {
  'agents.yaml': ['models', 'tier', 'prompt', 'tools', 'backup', 'prompt', 'prompt', 'prompt', 'prompt', 'prompt'],
  'opsflow.config.yaml': ['environments', 'projects'],
  'pipelines/ops.yaml': ['tier', 'xo'],
  'pipelines/orchestrate-round.yaml': ['nudge'],
  'pipelines/readiness.yaml': ['agent', 'task'],
  'pipelines/single-task.yaml': ['agent'],
}

describe.each(files)('examples/language/%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8')
  const read = readDocument({ path: name, text })

  test('is valid', () => {
    expect(read.diagnostics).toEqual([])
    const checked = validate(read.document!)
    expect(checked.ok ? [] : checked.diagnostics.map(({ message }) => message)).toEqual([])
  })

  test('names its schema for editors', () => {
    const [first = ''] = text.split('\n')
    const schema = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1] ?? ''
    expect(() => readFileSync(join(folder, name, '..', schema), 'utf8')).not.toThrow()
  })

  test('has exactly the keys refused that the table says', () => {
    const checked = validate(read.document!)
    const found = checked.ok ? notYetSupported(read.document!, checked.value.kind) : []
    expect(found.map(({ at }) => text.slice(at.span.start, at.span.end))).toEqual(REFUSED[name] ?? [])
  })
})

test('the table names only files that are there', () => {
  expect(Object.keys(REFUSED).filter((file) => !files.includes(file))).toEqual([])
})

test('the linter finds what the table says and nothing else', async () => {
  const io = memoryIo({ cwd: folder })
  await lint({ paths: ['.'], format: 'json' }, io)
  const { diagnostics } = JSON.parse(io.out.stdout) as {
    diagnostics: { code: string; path: string; message: string }[]
  }
  expect(diagnostics.filter(({ code }) => code !== 'plan/not-yet-supported')).toEqual([])
  const found = new Map<string, string[]>()
  for (const { path, message } of diagnostics)
    found.set(path, [...(found.get(path) ?? []), /^`(.+?)`/.exec(message)?.[1] ?? message])
  expect(Object.fromEntries(found)).toEqual(REFUSED)
})
