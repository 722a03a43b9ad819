import type { Code } from '../diagnostics/codes.ts'
import { StoreError } from '../ports/store.ts'
import { UsageError, WorldError } from './usage-error.ts'

/** Parts of the documentation that errors lead to. A test looks for each heading: renaming one breaks what is printed. */
export const SECTIONS = {
  places: 'guide.md#where-things-lie',
  values: 'guide.md#hand-values-on',
  people: 'guide.md#people',
  gates: 'guide.md#checks-and-gates',
  signals: 'guide.md#answer-signals',
  secrets: 'guide.md#secrets',
  operate: 'guide.md#operate',
} as const

export type Section = keyof typeof SECTIONS

const OF_STORE: { readonly [reason in StoreError['reason']]?: Section } = {
  network: 'places',
  owned: 'operate',
  ending: 'operate',
  damaged: 'operate',
  full: 'operate',
}

/** Where more is said of an error: a page below the package's own folder, with its heading. */
export function docsOf(error: unknown): string | undefined {
  const section =
    error instanceof StoreError
      ? OF_STORE[error.reason]
      : error instanceof UsageError || error instanceof WorldError
        ? error.docs
        : undefined
  return section === undefined ? undefined : `docs/${SECTIONS[section]}`
}

/** The section of a code, which its heading names. */
export function docsOfCode(code: Code): string {
  return `docs/diagnostics.md#${code.replaceAll('/', '')}`
}
