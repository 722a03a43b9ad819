/** A schema as src/model reads it at run time: its shape, without what only validators, editors or readers need. */
export interface TableNode {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly (string | number | boolean | null)[]
  readonly const?: string | number | boolean | null
  readonly properties?: { readonly [key: string]: TableNode }
  readonly additionalProperties?: boolean | TableNode
  readonly items?: TableNode
  readonly anyOf?: readonly TableNode[]
  readonly 'x-is'?: string
  /** Why this version does not run the key that stands here, and what does instead. */
  readonly 'x-not-yet-supported'?: string
}

/** Definitions by name. */
export interface Table {
  readonly [name: string]: TableNode
}

/** The kinds of files that a team writes. */
export type Kind = 'pipeline' | 'coordinator' | 'agents' | 'config'
