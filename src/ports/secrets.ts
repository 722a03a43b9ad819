/**
 * Where the values of secrets come from.
 * X1 A value travels only from here to the supervisor, and from there into the environment or the request that asked for it.
 * X2 Nothing is written or logged, and nothing kept for longer than the command takes. X3 A value under 8 bytes is refused: it could not be told from innocent text.
 */
export interface Secrets {
  /** The value, or why there is none: one line for a person, which never holds a part of the value. */
  resolve(name: string): Promise<SecretValue>
}

export type SecretValue =
  | { readonly ok: true; readonly value: string }
  /** `absent`: every place was asked, and none has it. */
  | { readonly ok: false; readonly message: string; readonly absent?: true }

const REFERENCE = /\$\{secret:([A-Za-z_][A-Za-z0-9_]*)\}/g

/** How a dispatch names a secret, in `env` and in http headers, so that the ledger never holds the value. */
export function secretReference(name: string): string {
  return `\${secret:${name}}`
}

/** The names of the secrets that a text refers to. */
export function secretNames(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].map((match) => match[1]!)
}

/** Puts values where their references stand; a reference without a value stays. */
export function revealSecrets(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(REFERENCE, (reference, name: string) => values.get(name) ?? reference)
}
