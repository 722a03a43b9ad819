import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a grep would look for: a value with characters that each encoding writes in its own way. */
export const CANARY = `c4n4ry/v"lue+\\odd & $pace=${process.pid}`

const FORMS: { readonly [name: string]: string } = {
  verbatim: CANARY,
  'as JSON': JSON.stringify(CANARY).slice(1, -1),
  'as a part of a URL': encodeURIComponent(CANARY),
  'as form data': new URLSearchParams({ x: CANARY }).toString().slice(2),
  'in hex': Buffer.from(CANARY).toString('hex'),
  'in upper-case hex': Buffer.from(CANARY).toString('hex').toUpperCase(),
  ...Object.fromEntries(
    [0, 1, 2].map((at) => [
      `in base64 at ${at}`,
      Buffer.from('x'.repeat(at) + CANARY)
        .toString('base64')
        .slice(4, -4),
    ]),
  ),
}

/** Which forms of the canary a text holds. */
export function formsIn(bytes: string | Buffer): readonly string[] {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  return Object.entries(FORMS).flatMap(([name, form]) => (buffer.includes(form) ? [name] : []))
}

/** Every file below a folder that holds the canary, and in which form. */
export function leaksBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((file) => {
    const path = join(folder, file)
    const named = formsIn(file).map((form) => `${form} in the name ${file}`)
    return statSync(path).isFile()
      ? [...named, ...formsIn(readFileSync(path)).map((form) => `${form} in ${file}`)]
      : named
  })
}
