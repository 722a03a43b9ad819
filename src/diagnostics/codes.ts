export type Severity = 'error' | 'warning' | 'info'

/**
 * The closed set of diagnostic codes: public API, never renamed, only retired. `stage/name`.
 * Each has a golden case in test/lint/ and a section in docs/diagnostics.md; a test counts all three.
 */
export const CODES = {
  // text: the file cannot be read, or is no YAML that opsflow takes
  'yaml/syntax': { severity: 'error', summary: 'The file is not well-formed YAML' },
  // schema: the file is YAML but not what a pipeline, coordinator, agents file or config may say
  'schema/unknown-key': { severity: 'error', summary: 'A key that the schema does not know at this place' },
  // plan: the file is well-formed but cannot be compiled
  'plan/not-yet-supported': { severity: 'error', summary: 'A key that the language has but this version does not run' },
} as const satisfies Record<string, { severity: Severity; summary: string }>

export type Code = keyof typeof CODES
