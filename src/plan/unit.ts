import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { ExprType } from '../expr/types.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { Graph, Order } from './graph.ts'
import type { Layers } from './layers.ts'
import type { Effects, NeedOn, PipelinePlan, StepAction, StepPlan } from './plan.ts'
import type { ActionSignature, Project } from './project.ts'
import type { Source } from './source.ts'

export type StepKind = 'run' | 'agent' | 'uses' | 'http' | 'pipeline' | 'signal' | 'approval' | 'ask' | 'wait'

/** What the compile of one project keeps: faults found so far, and pipelines that are done. */
export interface Session {
  readonly project: Project
  readonly problems: Diagnostic[]
  readonly done: Map<string, Compiled>
  /** Pipelines being compiled, outermost first, each with the place of the step that asked for it. */
  readonly open: { readonly name: string; readonly at: Source | undefined }[]
  readonly coordinator: Source | undefined
}

/** A pipeline that was compiled: its plan, and what callers must know of it. */
export interface Compiled {
  readonly plan: PipelinePlan
  readonly source: Source
  readonly inputs: { readonly [name: string]: ValueSchema }
  readonly outputTypes: ReadonlyMap<string, ExprType>
  readonly effects: Effects
}

export interface Need {
  readonly step: StepDraft
  readonly on: NeedOn
  /** The same as it stands in the plan. */
  readonly plan: StepPlan['needs'][number]
}

/** A step while it is compiled. `node` is its place in the graph of steps and gates. */
export interface StepDraft {
  readonly id: string
  readonly node: number
  readonly section: 'steps' | 'finally'
  readonly source: Source
  readonly kind: StepKind
  readonly layers: Layers
  /** The task of an agent step. */
  readonly task: Source | undefined
  readonly agent: string | undefined
  /** What `uses` names, of the step or its task. */
  readonly signature: ActionSignature | undefined
  readonly callee: Compiled | undefined
  readonly schemas: { readonly [name: string]: ValueSchema }
  readonly outputs: ReadonlyMap<string, ExprType>
  /** True where any output may be asked for: an action that says nothing of itself. */
  readonly openOutputs: boolean
  /** It can satisfy a need without having succeeded. */
  readonly optional: boolean
  needs: readonly Need[]
  /** The need of it that a list means, one for all who have it. */
  needed: Need | undefined
  action: StepAction | undefined
}

export interface GateDraft {
  readonly id: string
  readonly node: number
  readonly source: Source
  /** It stands in the coordinator. */
  readonly inherited: boolean
  before: readonly StepDraft[]
  of: readonly StepDraft[]
}

export interface VarDraft {
  readonly name: string
  readonly source: Source
  /** Steps and gates it reads, also through other vars. */
  readonly steps: Set<string>
  readonly gates: Set<string>
  /** Names it reads directly. */
  readonly vars: Set<string>
  /** How many vars stand behind it, one reading the other. */
  depth: number
}

/** One pipeline in the middle of its compile. */
export interface Unit {
  readonly session: Session
  readonly name: string
  readonly source: Source
  readonly inputs: { readonly [name: string]: ValueSchema }
  readonly secrets: readonly string[]
  /** Names of its own environment. */
  readonly env: readonly string[]
  readonly steps: Map<string, StepDraft>
  readonly gates: Map<string, GateDraft>
  readonly vars: Map<string, VarDraft>
  graph: Graph
  order: Order
  /** True where a node stands before another, near or far. */
  before: (from: number, to: number) => boolean
  /** The same over the needs that hold only when the step was fine. */
  surelyBefore: (from: number, to: number) => boolean
  /** Problems with this key were told already: expressions are checked in more than one light. */
  readonly told: Set<string>
}
