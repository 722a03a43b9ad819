import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support/repository.ts'

const ROOT = join(import.meta.dirname, '..')

/** A small house under the project's own dead-code rules. */
function knip(files: Record<string, string>) {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'src'))
  copyFileSync(join(ROOT, 'knip.json'), join(folder, 'knip.json'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'house', type: 'module', dependencies: {} }))
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
  const result = spawnSync(join(ROOT, 'node_modules', '.bin', 'knip'), ['--no-config-hints', '--directory', folder], {
    encoding: 'utf8',
  })
  return { exit: result.status, text: result.stdout + result.stderr }
}

test('the dead-code check is silent where everything is used, and bites on an export and a file that nobody imports', () => {
  const used = { 'src/cli.ts': "import { a } from './a.ts'\nconsole.log(a)\n", 'src/a.ts': 'export const a = 1\n' }
  expect(knip(used)).toMatchObject({ exit: 0 })
  expect(knip({ ...used, 'src/a.ts': 'export const a = 1\nexport const b = 2\n' })).toMatchObject({
    exit: 1,
    text: expect.stringContaining('b  src/a.ts'),
  })
  expect(knip({ ...used, 'src/lost.ts': 'export const c = 3\n' })).toMatchObject({
    exit: 1,
    text: expect.stringContaining('src/lost.ts'),
  })
})
