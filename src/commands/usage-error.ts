import type { Section } from './docs-link.ts'

/** The caller asked for what is not there: a flag, a file, a run, a step, an input of the wrong type. Exit code 2. */
export class UsageError extends Error {
  readonly hint: string | undefined
  /** The part of the documentation that tells more. */
  readonly docs: Section | undefined
  constructor(message: string, hint?: string, docs?: Section) {
    super(message)
    this.docs = docs
    this.name = 'UsageError'
    this.hint = hint
  }
}

/** The world refuses: no git, no space, a run owned by another. Exit code 1. */
export class WorldError extends Error {
  readonly hint: string | undefined
  /** The part of the documentation that tells more. */
  readonly docs: Section | undefined
  constructor(message: string, hint?: string, docs?: Section) {
    super(message)
    this.docs = docs
    this.name = 'WorldError'
    this.hint = hint
  }
}

/** What a person reads of a refusal: what is wrong, and what to do. */
export function errorText({ message, hint }: { readonly message: string; readonly hint: string | undefined }): string {
  return `opsflow: ${message}\n${hint === undefined ? '' : `  hint: ${hint}\n`}`
}
