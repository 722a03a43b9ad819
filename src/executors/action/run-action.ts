import { pathToFileURL } from 'node:url'
import type { Action } from '../../actions/action.ts'
import { BUILT_IN } from '../../actions/index.ts'
import type { Json } from '../../util/json.ts'
import { checkOutputs } from '../outputs.ts'
import { moduleHash } from './module-hash.ts'
import type { HostAnswer, HostRequest } from './protocol.ts'

type RunRequest = Extract<HostRequest, { mode: 'run' }>

/** What the host process gives to what it runs. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>
  readonly log: (line: string) => void
  readonly signal: AbortSignal
}

/** Runs one action between two checks: its inputs by its own schemas, then its outputs. */
export async function runAction(request: RunRequest, { env, log, signal }: Surroundings): Promise<HostAnswer> {
  const action = await loadAction(request)
  if ('ok' in action) return action
  const inputs = checkOutputs(new Map(Object.entries(request.inputs)), action.inputs)
  if (!inputs.ok)
    return {
      ok: false,
      reason: 'inputs',
      message: `\`${request.uses}\`: ${inputs.message.replace(/^outputs/, 'inputs')}`,
    }
  if (inputs.dropped.length > 0) {
    return { ok: false, reason: 'inputs', message: `\`${request.uses}\` has no input \`${inputs.dropped[0]}\`` }
  }
  let given: Readonly<Record<string, Json>>
  try {
    given = (await action.run(inputs.outputs, { ...request.context, env, log, signal })) ?? {}
  } catch (error) {
    return failureOf(error, log)
  }
  const outputs = checkOutputs(new Map(Object.entries(given)), action.outputs)
  if (!outputs.ok) return { ok: false, reason: 'outputs', message: `\`${request.uses}\`: ${outputs.message}` }
  if (outputs.dropped.length > 0)
    log(`opsflow: \`${request.uses}\` gave outputs that it does not declare: ${outputs.dropped.join(', ')}`)
  return { ok: true, outputs: outputs.outputs }
}

async function loadAction({ uses, module }: RunRequest): Promise<Action | Extract<HostAnswer, { ok: false }>> {
  if (module === undefined) {
    const load = Object.hasOwn(BUILT_IN, uses) ? BUILT_IN[uses] : undefined
    return load === undefined
      ? { ok: false, reason: 'action', message: `there is no action \`${uses}\`` }
      : await load()
  }
  let found: string
  try {
    found = moduleHash(module.file)
  } catch (error) {
    return { ok: false, reason: 'action', message: `\`${uses}\` cannot be read: ${(error as Error).message}` }
  }
  if (found !== module.sha256) {
    const message = `\`${uses}\` changed since the run was started; start a new run, or resume with the new plan`
    return { ok: false, reason: 'changed', message }
  }
  return await importAction(module.file)
}

/** Imports a user's module; only ever called in a host process. */
export async function importAction(file: string): Promise<Action> {
  const loaded = (await import(pathToFileURL(file).href)) as Partial<Action>
  if (typeof loaded.run !== 'function') throw new Error(`\`${file}\` exports no function \`run\``)
  return {
    description: loaded.description ?? '',
    inputs: loaded.inputs ?? {},
    outputs: loaded.outputs ?? {},
    effects: loaded.effects ?? 'workspace',
    run: loaded.run,
  }
}

const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000

/** What an action threw: a failure it names itself, or a fault of its code, whose stack goes to the log. */
export function failureOf(error: unknown, log: (line: string) => void): Extract<HostAnswer, { ok: false }> {
  if (!(error instanceof Error)) return { ok: false, reason: 'exception', message: String(error) }
  const { reason, hint, retryAfterMs: wait } = error as { reason?: unknown; hint?: unknown; retryAfterMs?: unknown }
  if (typeof reason === 'string' && /^[a-z][a-z0-9-]*$/.test(reason)) {
    log(`failed: ${error.message}`)
    const retry = typeof wait === 'number' && wait >= 0 ? { retryAfterMs: Math.min(wait, LONGEST_RETRY_AFTER_MS) } : {}
    return { ok: false, reason, message: error.message, ...(typeof hint === 'string' ? { hint } : {}), ...retry }
  }
  log(error.stack ?? error.message)
  return { ok: false, reason: 'exception', message: error.message }
}
