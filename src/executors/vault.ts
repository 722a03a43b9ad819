import type { Outcome } from '../events/outcome.ts'
import type { Dispatch } from '../ports/executor.ts'
import { type Secrets, type SecretValue, secretNames } from '../ports/secrets.ts'
import { REDACTED, redactCut, SHORTEST_SECRET_BYTES, secretForms, textRedactor } from '../supervisor/redact.ts'
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
export function createVault(
  secrets:
    | { readonly names: readonly string[]; readonly optional?: readonly string[]; readonly from: Secrets }
    | undefined,
): Vault {
  const values = new Map<string, string>()
  const problems = new Map<string, string>()
  let forms: readonly string[] = []
  let clean = textRedactor(forms)
  let isOpen = secrets === undefined || secrets.names.length === 0

  const resolveOne = async (name: string, from: Secrets): Promise<void> => {
    const result = await from
      .resolve(name)
      .catch((): SecretValue => ({ ok: false, message: `the secret \`${name}\` could not be read` }))
    if (!result.ok && result.absent === true && secrets?.optional?.includes(name) === true) values.set(name, '')
    else if (!result.ok) problems.set(name, result.message)
    else if (Buffer.byteLength(result.value) < SHORTEST_SECRET_BYTES) {
      problems.set(
        name,
        `the secret \`${name}\` is shorter than ${SHORTEST_SECRET_BYTES} bytes, too short to keep out of the logs`,
      )
    } else values.set(name, result.value)
  }

  /** An optional secret that is not there has nothing to be kept out of the logs. */
  const known = (): readonly string[] => [...values.values()].filter((value) => value !== '')

  return {
    isOpen: () => isOpen,
    async open() {
      if (secrets !== undefined && !isOpen) {
        await Promise.all([...new Set(secrets.names)].map((name) => resolveOne(name, secrets.from)))
        forms = secretForms(known())
        clean = textRedactor(forms)
        isOpen = true
      }
      return known()
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
      // A message may quote a value, cut to what fits on a line.
      const said = (text: string): string => redactCut(clean(text), forms)
      return {
        ...outcome,
        ...(outcome.reason === undefined ? {} : { reason: clean(outcome.reason) }),
        ...(outcome.message === undefined ? {} : { message: said(outcome.message) }),
        ...(outcome.tail === undefined ? {} : { tail: clean(outcome.tail) }),
        ...(outcome.outputs === undefined
          ? {}
          : { outputs: redactJson(outcome.outputs, clean) as { [name: string]: Json } }),
      }
    },
  }
}

/** A number that is a secret becomes text: whoever reads it gets an error, not the secret. */
function redactJson(value: Json, clean: (text: string) => string): Json {
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'number') return clean(String(value)) === String(value) ? value : REDACTED
  if (Array.isArray(value)) return value.map((item: Json) => redactJson(item, clean))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [clean(name), redactJson(item, clean)]))
}
