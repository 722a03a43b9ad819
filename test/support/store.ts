import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { EventBody } from '../../src/events/events.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { sha256 } from '../../src/util/hash.ts'
import { NODE } from './node.ts'

/** A folder of this test's own, removed when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'opsflow-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The smallest plan a ledger takes: a pipeline without steps. */
export function emptyPlan(name = 'release'): Plan {
  const pipeline = {
    name,
    file: `${name}.yaml`,
    inputs: {},
    vars: {},
    outputs: {},
    nextSteps: [],
    steps: [],
    gates: [],
    finallyTimeoutMs: 300_000,
    failFast: false,
    maxParallel: 8,
    secrets: [],
    env: {},
    signals: { accepts: [], emits: [] },
  }
  const plan = { format: 1, root: name, pipelines: { [name]: pipeline }, modules: {}, people: {} }
  return { ...plan, hash: sha256(JSON.stringify(plan)) } as unknown as Plan
}

export const ALICE = { name: 'alice', uid: 1000 }
export const BOB = { name: 'bob', uid: 1001 }

export function created(run: string, pipeline = 'release'): EventBody {
  const rest = { planHash: 'p', inputs: {}, startedBy: ALICE, version: '0.0.0', root: '/', approve: [] }
  return { type: 'run-created', run, pipeline, ...rest }
}

export const noted = (text: string): EventBody => ({ type: 'noted', by: ALICE, text })

export const ended: EventBody = { type: 'run-ended', outcome: 'succeeded', outputs: {}, nextSteps: [] }

/** A process of its own that runs a TypeScript file; `line` resolves to the next line it prints, undefined at its end. */
export interface Child {
  readonly process: ChildProcess
  line(): Promise<string | undefined>
  /** SIGKILL, then waits until it is gone. */
  kill(): Promise<void>
  readonly exit: Promise<number | null>
}

export function startChild(file: string, ...args: readonly string[]): Child {
  const child = spawn(NODE, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    process: child,
    exit,
    async line() {
      const next = await lines.next()
      return next.done === true ? undefined : next.value
    },
    async kill() {
      child.kill('SIGKILL')
      await exit
    },
  }
}
