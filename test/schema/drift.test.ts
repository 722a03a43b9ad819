import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

interface Generator {
  generate(root: string): Promise<ReadonlyMap<string, string>>
}

test('every generated file is what the schemas give today', async () => {
  const { generate } = (await import(pathToFileURL(join(root, 'scripts/generate/files.mjs')).href)) as Generator
  const files = await generate(root)
  expect([...files.keys()]).toContain('src/model/generated/validators.ts')
  for (const [path, text] of files) {
    const committed = readFileSync(join(root, path), 'utf8')
    expect(committed === text, `${path} is stale: run \`npm run generate\``).toBe(true)
  }
})

test('the validators need nothing at run time', () => {
  const text = readFileSync(join(root, 'src/model/generated/validators.ts'), 'utf8')
  expect(text).not.toMatch(/\brequire\(|^import /m)
})
