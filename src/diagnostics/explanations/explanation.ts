/** What a code means, for `lint --explain` and docs/diagnostics.md. A test lints both examples. */
export interface Explanation {
  /** What is wrong and why opsflow minds, in whole sentences. */
  readonly what: string
  /** How to mend it. */
  readonly mend: string
  /** A file with exactly this fault, and the same file mended. Absent where no single text can show it. */
  readonly example?: {
    readonly bad: string
    readonly good: string
    /** What stands beside it in the project, by path. */
    readonly files?: { readonly [path: string]: string }
  }
}
