import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { project, type TestProject } from '../support/project.ts'

/**
 * What a user meets whose record was damaged on the disk: every command says so in its own words and does nothing, or
 * what it says and does is right. A run that had one step done, a question answered and one step to go is damaged at many
 * places of each region; `done` is written by its steps and tells whether something was started that should not be.
 */
export const P = `pipeline: p
steps:
  a: { run: echo a >> done }
  ask: { needs: [a], approval: { prompt: "Go on?" } }
  b: { needs: [ask], run: echo b >> done }
`

export interface Damageable {
  readonly it: TestProject
  readonly run: string
  readonly ledger: string
  /** Puts everything back as it was before the damage. */
  mend(): void
}

/** A run that parked and was approved since; all of it is in one file. */
export async function parked(): Promise<Damageable> {
  const it = project({ 'p.yaml': P })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  expect((await it.opsflow('approve', run, 'ask')).exit).toBe(0)
  return damageable(it, run)
}

export function damageable(it: TestProject, run: string): Damageable {
  const saved = `${it.stateDir}.saved`
  cpSync(it.stateDir, saved, { recursive: true })
  const done = it.read('done')
  return {
    it,
    run,
    ledger: join(it.stateDir, 'runs', run, 'ledger.db'),
    mend() {
      rmSync(it.stateDir, { recursive: true, force: true })
      cpSync(saved, it.stateDir, { recursive: true })
      it.write({ done })
    },
  }
}

export const A_STACK = /\n\s+at .*:\d+|Error:|bug in opsflow|undefined|\[object/

/** What a command may say of damage: one line of ours, a hint, nothing that looks like the inside of a program. */
export function expectClear(answer: { readonly exit: number; readonly stderr: string }, context: string): void {
  expect(answer.stderr, context).toMatch(/^opsflow: [`a-z]/)
  expect(answer.stderr, context).not.toMatch(A_STACK)
  expect([1, 2], context).toContain(answer.exit)
}

export interface Shown {
  readonly phase: string
  readonly outcome?: string
  readonly steps: readonly { readonly path: string; readonly status: string }[]
}

export const statusesOf = ({ steps }: Shown): string => steps.map(({ path, status }) => `${path} ${status}`).join(', ')
