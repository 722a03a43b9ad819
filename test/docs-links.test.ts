import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { docsOf, docsOfCode, SECTIONS } from '../src/commands/docs-link.ts'
import { UsageError } from '../src/commands/usage-error.ts'
import { CODES, type Code } from '../src/diagnostics/codes.ts'
import { StoreError } from '../src/ports/store.ts'
import { project } from './support/project.ts'

const ROOT = join(import.meta.dirname, '..')

/** The anchors of a page, as those who show Markdown make them of its headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text]) => text!)
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
}

function leads(link: string): boolean {
  const [page = '', anchor = ''] = link.split('#')
  return anchorsOf(page).has(anchor)
}

test('every section that an error names is there, and a heading that is renamed is missed', () => {
  for (const link of Object.values(SECTIONS)) expect(leads(`docs/${link}`), link).toBe(true)
  expect(leads('docs/guide.md#no-such-heading')).toBe(false)
})

test('every code has its section', () => {
  const anchors = anchorsOf('docs/diagnostics.md')
  const without = Object.keys(CODES).filter((code) => !anchors.has(docsOfCode(code as Code).split('#')[1]!))
  expect(without).toEqual([])
})

test('the pages come with the package', () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly files: readonly string[]
  }
  expect(files).toContain('docs/*.md')
})

test('an error with a section prints it below its hint; one without prints nothing more', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "true" }\n' })
  expect((await it.opsflow('run', 'p.yaml', '-i', 'n=1')).stderr.split('\n').at(-2)).toBe(
    '  docs: docs/guide.md#hand-values-on',
  )
  expect((await it.opsflow('show', 'nope')).stderr).not.toContain('docs:')
  expect((await it.opsflow('lint', '--explain', 'plan/cycle')).stdout).toMatch(
    /\ndocs: docs\/diagnostics\.md#plancycle\n$/,
  )
  expect((await it.opsflow('--help')).stdout).toContain(`the pages that errors name: ${join(ROOT, 'docs')}`)
  expect(docsOf(new StoreError('network', 'x'))).toBe('docs/guide.md#where-things-lie')
  expect(docsOf(new UsageError('x'))).toBeUndefined()
  expect(docsOf(new Error('x'))).toBeUndefined()
})
