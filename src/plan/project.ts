import type { Document } from '../document/document.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { Effects } from './plan.ts'

/** A validated file: its schema holds, so compile only judges what a schema cannot. */
export interface Authored {
  readonly document: Document
}

/** What compile must know of an action without running it. */
export interface ActionSignature {
  readonly description: string
  readonly inputs: { readonly [name: string]: ValueSchema }
  readonly outputs: { readonly [name: string]: ValueSchema }
  readonly effects: Effects
  /** Set for a user's module: what freezes it. */
  readonly module?: { readonly path: string; readonly sha256: string }
}

/** All that a project says, loaded and validated: the input of `compile`. */
export interface Project {
  readonly config: Authored | undefined
  readonly agents: Authored | undefined
  readonly pipelines: ReadonlyMap<string, Authored>
  readonly coordinators: ReadonlyMap<string, Authored>
  /** By the name in `uses`: built-ins and the modules of users that could be loaded. */
  readonly actions: ReadonlyMap<string, ActionSignature>
  /** Modules that could not be loaded, with the reason. */
  readonly faultyActions?: ReadonlyMap<string, string>
  /** Names that `uses` could have, also those that nothing names: for hints. */
  readonly actionNames?: readonly string[]
}
