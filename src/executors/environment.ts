import type { Dispatch } from '../ports/executor.ts'
import { own } from '../util/own.ts'

const PASSED = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'TERM', 'TMPDIR', 'SSH_AUTH_SOCK', 'CI', 'NO_COLOR'],
])
const PASSED_PREFIXES = ['LC_', 'OPSFLOW_']

export interface Environment {
  readonly [name: string]: string | undefined
}

/**
 * What every step gets of the environment that opsflow was started in: an allow-list, so that no credential leaks by
 * accident. `secrets`: names of secrets, which only the step gets that asks for them, also where the list lets their name pass.
 */
export function baseEnvironment(env: Environment, secrets: readonly string[] = []): { [name: string]: string } {
  const base: { [name: string]: string } = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || secrets.includes(name)) continue
    if (PASSED.has(name) || PASSED_PREFIXES.some((prefix) => name.startsWith(prefix))) base[name] = value
  }
  return base
}

/** What one attempt gets beside that: its own `env:`, then what opsflow tells it, which nothing may shadow. */
export function stepEnvironment(
  dispatch: Dispatch,
  variables: { readonly [name: string]: string },
  env: Environment,
  told: { readonly root: string; readonly output: string; readonly mark: { readonly [name: string]: string } },
): { [name: string]: string } {
  const inherited = (dispatch.inherit ?? []).flatMap((name): [string, string][] => {
    const value = own(env, name)
    return value === undefined ? [] : [[name, value]]
  })
  return Object.assign(Object.fromEntries([...inherited, ...Object.entries(variables)]), {
    ...told.mark,
    OPSFLOW_STEP: dispatch.path,
    OPSFLOW_ATTEMPT: String(dispatch.attempt),
    OPSFLOW_IDEMPOTENCY_KEY: dispatch.idempotencyKey,
    OPSFLOW_OUTPUT: told.output,
    OPSFLOW_ROOT: told.root,
  })
}
