import type { Fix } from '../diagnostics/diagnostic.ts'
import type { Document, Path } from './document.ts'

/** Why YAML did not read what its author meant, and how to mend it. The schema stage puts it into its own diagnostic. */
export interface Misread {
  readonly message: string
  readonly hint: string
  readonly fix: Fix
}

/**
 * For a place where text is wanted and a number, boolean or null was read: says what became of the source text (`1.10` is the
 * number 1.1, a sha such as `123e456` is infinite) and quotes it. Undefined where the value is text, a list or a mapping.
 */
export function whyNotText(document: Document, path: Path): Misread | undefined {
  const source = document.source(path)
  if (source === '' || !document.plain(path) || document.scalar(path)) return undefined
  const value = Number(source)
  const number = /^[-+.\d]/.test(source) && !Number.isNaN(value)
  const kind = /^(true|false)$/i.test(source)
    ? 'a boolean'
    : number
      ? `the number ${value}`
      : /^(null|~)$/i.test(source)
        ? 'null'
        : 'a number'
  const quoted = `"${source}"`
  return {
    message: `YAML reads \`${source}\` as ${kind}, and text is wanted here`,
    hint: `put it in quotes: \`${quoted}\``,
    fix: { title: `write ${quoted}`, safe: true, edits: [{ span: document.locate(path).span, text: quoted }] },
  }
}

const OLD_BOOLEANS: { readonly [word: string]: 'true' | 'false' } = {
  yes: 'true',
  on: 'true',
  y: 'true',
  no: 'false',
  off: 'false',
  n: 'false',
}

/** For a place where a boolean is wanted and a word was read that only YAML 1.1 took for one, or a quoted `"true"`. */
export function whyNotBoolean(document: Document, path: Path): Misread | undefined {
  const scalar = document.scalar(path)
  if (!scalar) return undefined
  const word = scalar.value.toLowerCase()
  const meant = word === 'true' || word === 'false' ? word : scalar.plain ? OLD_BOOLEANS[word] : undefined
  if (!meant) return undefined
  const source = document.source(path)
  return {
    message: `\`${source}\` is text, and a boolean is wanted here`,
    hint: `write \`${meant}\``,
    fix: { title: `write ${meant}`, safe: true, edits: [{ span: scalar.span, text: meant }] },
  }
}
