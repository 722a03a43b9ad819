import type { Outcome } from '../events/outcome.ts'
import type { Dispatch } from '../ports/executor.ts'
import { type Secrets, secretNames } from '../ports/secrets.ts'
import { redactText, SHORTEST_SECRET_BYTES, secretForms } from '../supervisor/redact.ts'
import type { Json } from '../util/json.ts'

/** The values of a run's secrets, in memory only. */
export interface Vault {
  isOpen(): boolean
  /** Resolves everything once; gives the values, for the redactor of the logs. */
  open(): Promise<readonly string[]>
  values(): ReadonlyMap<string, string>
  /** The outcome of a dispatch that needs a secret which is not there, or undefined. */
  refusal(dispatch: Dispatch): Outcome | undefined
  /** An outcome without secrets: what a step printed or answered may hold one. */
  redact(outcome: Outcome): Outcome
}

/** Makes the vault of a run. A run without secrets has one that is open and empty, and costs nothing. */
export function createVault(secrets: { readonly names: readonly string[]; readonly from: Secrets } | undefined): Vault {
  const values = new Map<string, string>()
  const problems = new Map<string, string>()
  let forms: readonly string[] = []
  let isOpen = secrets === undefined || secrets.names.length === 0

  const resolveOne = async (name: string, from: Secrets): Promise<void> => {
    const result = await from
      .resolve(name)
      .catch(() => ({ ok: false as const, message: `the secret \`${name}\` could not be read` }))
    if (!result.ok) problems.set(name, result.message)
    else if (Buffer.byteLength(result.value) < SHORTEST_SECRET_BYTES) {
      problems.set(
        name,
        `the secret \`${name}\` is shorter than ${SHORTEST_SECRET_BYTES} bytes, too short to keep out of the logs`,
      )
    } else values.set(name, result.value)
  }

  return {
    isOpen: () => isOpen,
    async open() {
      if (secrets !== undefined && !isOpen) {
        await Promise.all([...new Set(secrets.names)].map((name) => resolveOne(name, secrets.from)))
        forms = secretForms(values.values())
        isOpen = true
      }
      return [...values.values()]
    },
    values: () => values,
    refusal(dispatch) {
      const texts = [
        ...Object.values(dispatch.env),
        ...(dispatch.body.kind === 'http' ? Object.values(dispatch.body.headers) : []),
      ]
      const missing = texts.flatMap(secretNames).find((name) => !values.has(name))
      if (missing === undefined) return undefined
      const message =
        problems.get(missing) ?? `the secret \`${missing}\` is not declared; name it under \`secrets\` of the pipeline`
      return { status: 'failed', reason: 'secret', message, durationMs: 0 }
    },
    redact(outcome) {
      if (forms.length === 0) return outcome
      const clean = (value: Json): Json => redactJson(value, forms)
      return {
        ...outcome,
        ...(outcome.message === undefined ? {} : { message: redactText(outcome.message, forms) }),
        ...(outcome.tail === undefined ? {} : { tail: redactText(outcome.tail, forms) }),
        ...(outcome.outputs === undefined ? {} : { outputs: clean(outcome.outputs) as { [name: string]: Json } }),
      }
    },
  }
}

function redactJson(value: Json, forms: readonly string[]): Json {
  if (typeof value === 'string') return redactText(value, forms)
  if (Array.isArray(value)) return value.map((item: Json) => redactJson(item, forms))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [redactText(name, forms), redactJson(item, forms)]),
  )
}
