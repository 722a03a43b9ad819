import type { Dispatch } from '../ports/executor.ts'

const PASSED = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'TERM', 'TMPDIR', 'SSH_AUTH_SOCK', 'CI', 'NO_COLOR'],
])
const PASSED_PREFIXES = ['LC_', 'OPSFLOW_']
/** In `env:` the word that lets a variable of the caller through. */
const INHERIT = 'inherit'

export interface Environment {
  readonly [name: string]: string | undefined
}

/** What every step gets of the environment that opsflow was started in: an allow-list, so that no credential leaks by accident. */
export function baseEnvironment(env: Environment): { [name: string]: string } {
  const base: { [name: string]: string } = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue
    if (PASSED.has(name) || PASSED_PREFIXES.some((prefix) => name.startsWith(prefix))) base[name] = value
  }
  return base
}

/** What one attempt gets beside that: its own `env:`, then what opsflow tells it, which nothing may shadow. */
export function stepEnvironment(
  dispatch: Dispatch,
  own: { readonly [name: string]: string },
  env: Environment,
  told: { readonly root: string; readonly output: string },
): { [name: string]: string } {
  const result: { [name: string]: string } = {}
  for (const [name, value] of Object.entries(own)) {
    const given = value === INHERIT ? env[name] : value
    if (given !== undefined) result[name] = given
  }
  return Object.assign(result, {
    OPSFLOW_RUN: dispatch.run,
    OPSFLOW_STEP: dispatch.path,
    OPSFLOW_ATTEMPT: String(dispatch.attempt),
    OPSFLOW_IDEMPOTENCY_KEY: dispatch.idempotencyKey,
    OPSFLOW_OUTPUT: told.output,
    OPSFLOW_ROOT: told.root,
  })
}
