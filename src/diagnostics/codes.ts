export type Severity = 'error' | 'warning' | 'info'

/**
 * The closed set of diagnostic codes: public API, never renamed, only retired. `stage/name`.
 * Each has a golden case in test/lint/ and a section in docs/diagnostics.md; a test counts all three.
 */
export const CODES = {
  // file: the bytes cannot be had, or are no text
  'file/missing': { severity: 'error', summary: 'A file that is not there' },
  'file/directory': { severity: 'error', summary: 'A directory where a file is wanted' },
  'file/permission': { severity: 'error', summary: 'A file that may not be read' },
  'file/unreadable': { severity: 'error', summary: 'A file that the system cannot read' },
  'file/encoding': { severity: 'error', summary: 'A file that is not UTF-8' },
  'file/too-large': { severity: 'error', summary: 'A file of more than 16 MiB' },
  // yaml: the text is no YAML, or a kind of YAML that opsflow refuses because readers of it differ
  'yaml/syntax': { severity: 'error', summary: 'The file is not well-formed YAML' },
  'yaml/empty': { severity: 'error', summary: 'A file that says nothing' },
  'yaml/several-documents': { severity: 'error', summary: 'More than one document in a file' },
  'yaml/tab': { severity: 'error', summary: 'A tab where only spaces may indent' },
  'yaml/indentation': { severity: 'error', summary: 'A line that begins at the wrong column' },
  'yaml/unclosed-quote': { severity: 'error', summary: 'A quoted text that never ends' },
  'yaml/text-after-value': { severity: 'error', summary: 'Text behind the closing quote or bracket of a value' },
  'yaml/colon-in-text': { severity: 'error', summary: 'An unquoted text that holds a colon and a space' },
  'yaml/reserved-character': { severity: 'error', summary: 'An unquoted text that begins with a reserved character' },
  'yaml/escape': { severity: 'error', summary: 'An escape that double quotes do not know' },
  'yaml/control-character': { severity: 'error', summary: 'A control character in the text' },
  'yaml/unquoted-expression': { severity: 'error', summary: 'An expression that YAML reads as a mapping' },
  'yaml/comment-in-text': { severity: 'error', summary: 'A ` #` that cuts off an unquoted text or expression' },
  'yaml/tag': { severity: 'error', summary: 'A YAML tag' },
  'yaml/directive': { severity: 'error', summary: 'A YAML directive other than version 1.2' },
  'yaml/merge-key': { severity: 'error', summary: 'A merge key `<<`' },
  'yaml/duplicate-key': { severity: 'error', summary: 'A key that is written twice in one mapping' },
  'yaml/key-not-text': { severity: 'error', summary: 'A key that is not text' },
  'yaml/number-range': { severity: 'error', summary: 'A number that cannot be held exactly' },
  'yaml/unknown-alias': { severity: 'error', summary: 'An alias without its anchor' },
  'yaml/cyclic-alias': { severity: 'error', summary: 'An alias inside of what it stands for' },
  'yaml/alias-bomb': { severity: 'error', summary: 'Aliases that unfold to an enormous document' },
  'yaml/too-deep': { severity: 'error', summary: 'A document nested more than 100 deep' },
  // lint: it works, but not the way its author or the next tool may think
  'lint/empty-value': { severity: 'warning', summary: 'A key without a value' },
  'lint/yaml-1-1-boolean': { severity: 'warning', summary: 'Text that older YAML tools read as a boolean' },
  'lint/leading-zero': { severity: 'warning', summary: 'A number with a leading zero' },
  'lint/unused-anchor': { severity: 'warning', summary: 'An anchor that no alias names' },
  'lint/invisible-character': { severity: 'warning', summary: 'A character that no one can see' },
  'lint/bad-suppression': { severity: 'warning', summary: 'A suppression that cannot work' },
  'lint/unused-suppression': { severity: 'warning', summary: 'A suppression that hides nothing' },
  // schema: the file is YAML but not what a pipeline, coordinator, agents file or config may say
  'schema/unknown-key': { severity: 'error', summary: 'A key that the schema does not know at this place' },
  // plan: the file is well-formed but cannot be compiled
  'plan/not-yet-supported': { severity: 'error', summary: 'A key that the language has but this version does not run' },
} as const satisfies Record<string, { severity: Severity; summary: string }>

export type Code = keyof typeof CODES
