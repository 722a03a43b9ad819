import type { Fix } from '../diagnostics/diagnostic.ts'
import { own } from '../util/own.ts'
import type { Document, Path } from './document.ts'

const OLD_BOOLEANS: { readonly [word: string]: 'true' | 'false' } = {
  yes: 'true',
  on: 'true',
  y: 'true',
  no: 'false',
  off: 'false',
  n: 'false',
}

/**
 * For a place where a boolean is wanted and text stands: the boolean that its author meant, by a word that only YAML 1.1 took for
 * one, or by `true` in quotes; and the edit that writes it. Undefined for any other text.
 */
export function meantBoolean(
  document: Document,
  path: Path,
): { readonly value: 'true' | 'false'; readonly fix: Fix } | undefined {
  const scalar = document.scalar(path)
  if (!scalar) return undefined
  const word = scalar.value.toLowerCase()
  const value = word === 'true' || word === 'false' ? word : scalar.plain ? own(OLD_BOOLEANS, word) : undefined
  if (!value) return undefined
  return { value, fix: { title: `write ${value}`, safe: true, edits: [{ span: scalar.span, text: value }] } }
}
