import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/commands/lint.ts'
import { CODES, type Code } from '../../src/diagnostics/codes.ts'
import { explainedCodes, explanationOf } from '../../src/diagnostics/explain.ts'
import { diagnosticsPage } from '../support/diagnostics-page.ts'
import { memoryIo } from '../support/memory-io.ts'
import { temporaryFolder } from '../support/repository.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const PAGE = join(ROOT, 'docs', 'diagnostics.md')
const GOLDEN = join(ROOT, 'test', 'lint', 'err')
const codes = Object.keys(CODES) as Code[]

/** Codes whose cause is no text: the test that shows each, by a sentence in it. */
const SHOWN_ELSEWHERE: { readonly [code: string]: readonly [file: string, sentence: string] } = {
  'file/missing': ['test/lint/read-source.test.ts', 'a file that is not there'],
  'file/directory': ['test/lint/read-source.test.ts', 'a directory'],
  'file/permission': ['test/lint/read-source.test.ts', 'a file that may not be read'],
  'file/unreadable': ['test/lint/read-source.test.ts', 'a named pipe'],
  'file/encoding': ['test/lint/read-source.test.ts', 'bytes that are not UTF-8'],
  'project/config-failed': ['test/project/project.test.ts', 'that throws is a diagnostic with the reason'],
  'file/too-large': ['test/lint/read-source.test.ts', 'more than 16 MiB'],
}

/** The codes found in a text as `example.yaml` of a project of its own, and the text afterwards. */
async function lintExample(
  text: string,
  {
    files = {},
    fix = false,
  }: { readonly files?: { readonly [path: string]: string } | undefined; readonly fix?: boolean },
): Promise<{ codes: string[]; text: string }> {
  const cwd = temporaryFolder()
  mkdirSync(join(cwd, '.git'))
  for (const [path, content] of Object.entries({ ...files, 'example.yaml': text })) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), content)
  }
  const io = memoryIo({ cwd })
  await lint({ paths: ['example.yaml', ...Object.keys(files)], format: 'json', fix }, io)
  const { diagnostics } = JSON.parse(io.out.stdout) as { diagnostics: { code: string; severity: string }[] }
  // Beside an error, rules may still see what it leaves unused; beside a warning nothing else may stand.
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const codes = (errors.length > 0 ? errors : diagnostics).map(({ code }) => code)
  return { codes, text: readFileSync(join(cwd, 'example.yaml'), 'utf8') }
}

describe('the closed set of codes', () => {
  test('is explained, no more and no less', () => {
    expect(explainedCodes().toSorted()).toEqual(codes.toSorted())
  })
  test('has a section each in docs/diagnostics.md', () => {
    const page = diagnosticsPage()
    if (process.env.UPDATE === '1') writeFileSync(PAGE, page)
    expect(readFileSync(PAGE, 'utf8')).toBe(page)
    expect([...page.matchAll(/^### `(.+)`$/gm)].map(([, code]) => code).toSorted()).toEqual(codes.toSorted())
  })
  test('has a golden case each, or a named test where no text can show it', () => {
    const golden = readdirSync(GOLDEN)
      .filter((name) => name.endsWith('.out'))
      .map((name) => readFileSync(join(GOLDEN, name), 'utf8'))
      .join('')
    const shown = codes.filter((code) => golden.includes(`[${code}]`))
    expect([...shown, ...Object.keys(SHOWN_ELSEWHERE)].toSorted()).toEqual(codes.toSorted())
    for (const [file, sentence] of Object.values(SHOWN_ELSEWHERE))
      expect(readFileSync(join(ROOT, file), 'utf8')).toContain(sentence)
  })
})

describe('the example of', () => {
  const shown = codes.filter((code) => explanationOf(code)?.example)
  test.each(shown)('%s has its fault and no other, and the mended one has none', async (code) => {
    const { bad, files, good } = explanationOf(code)!.example!
    expect(new Set((await lintExample(bad, { files })).codes)).toEqual(new Set([code]))
    expect((await lintExample(good, { files })).codes).toEqual([])
  })
  test.each(shown.filter((code) => explanationOf(code)!.mend.includes('`lint --fix`')))(
    '%s is mended by --fix, as its section says',
    async (code) => {
      const { bad, files } = explanationOf(code)!.example!
      const { codes: left, text } = await lintExample(bad, { files, fix: true })
      expect(left).toEqual([])
      expect(text).not.toBe(bad)
    },
  )
})
