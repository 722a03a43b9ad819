import { createSecrets } from '../executors/secrets.ts'
import type { Plan } from '../plan/plan.ts'
import type { Secrets } from '../ports/secrets.ts'
import { SHORTEST_SECRET_BYTES, secretForms } from '../supervisor/redact.ts'
import type { Json } from '../util/json.ts'
import type { Io } from './io.ts'
import { findProject, type LoadedProject } from './project.ts'
import { UsageError } from './usage-error.ts'

/**
 * Refuses what a person typed where the value of a secret of the run stands in it, in any form that the logs are searched
 * for: it would go into the record, which holds none. A secret that cannot be looked up here cannot be found here either.
 */
export async function refuseSecrets(
  typed: { readonly [what: string]: Json },
  plan: Plan,
  secrets: () => Promise<Secrets>,
): Promise<void> {
  const names = secretNames(plan)
  const texts = Object.entries(typed).flatMap(([what, value]) => textsIn(value).map((text) => ({ what, text })))
  if (names.length === 0 || texts.length === 0) return
  const from = await secrets()
  for (const name of names) {
    const found = await from.resolve(name).catch(() => undefined)
    if (found?.ok !== true) continue
    const forms = secretForms([found.value])
    for (const { what, text } of texts) {
      const bytes = Buffer.from(text).toString('latin1')
      if (!forms.some((form) => bytes.includes(form))) continue
      throw new UsageError(
        `${what} holds the value of the secret \`${name}\`, and what is typed stands in the record of the run`,
        `leave it out; a step reads it as \`\${{ secrets.${name} }}\` in its \`env\``,
      )
    }
  }
}

/** Where the secrets of a project come from: what its config says, else the environment. */
export function secretsOf(project: Pick<LoadedProject, 'config' | 'root'>, io: Io): Secrets {
  return createSecrets({ providers: project.config?.value.secrets ?? ['env'], env: io.env, root: project.root })
}

/** The secrets of the project that the working directory belongs to. */
export async function secretsHere(io: Io): Promise<Secrets> {
  const found = await findProject(io)
  return secretsOf({ config: found.config?.checked, root: found.root }, io)
}

/** The names that the pipelines of a plan declare under `secrets`. */
export function secretNames(plan: Plan): readonly string[] {
  return [...new Set(Object.values(plan.pipelines).flatMap((pipeline) => pipeline.secrets))].sort()
}

/** Those of them that no pipeline needs. */
export function optionalSecrets(plan: Plan): readonly string[] {
  const pipelines = Object.values(plan.pipelines)
  const isNeeded = (name: string) =>
    pipelines.some(({ secrets, optionalSecrets = [] }) => secrets.includes(name) && !optionalSecrets.includes(name))
  return secretNames(plan).filter((name) => !isNeeded(name))
}

/** Names and values, as far as a secret may stand in them. */
function textsIn(value: Json): readonly string[] {
  if (value === null || typeof value === 'boolean') return []
  if (typeof value !== 'object') return Buffer.byteLength(String(value)) < SHORTEST_SECRET_BYTES ? [] : [String(value)]
  return Object.entries(value).flatMap(([name, part]) => [...textsIn(name), ...textsIn(part as Json)])
}
