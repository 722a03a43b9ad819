// Makes what the schemas say into code and docs: `npm run generate`.
// Takes schemas/*.schema.json. Gives src/model/generated/* (types, validators, a table of what is supported) and
// docs/language.md. Promises: the same schemas give the same bytes; test/schema/drift.test.ts holds the files to it.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from './generate/files.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

for (const [path, text] of await generate(root)) {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
  console.log(path)
}
