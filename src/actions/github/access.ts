import type { ValueSchema } from '../../model/value-schema.ts'
import type { Forge, ForgeAnswer } from '../../ports/forge.ts'
import type { Json } from '../../util/json.ts'
import { type ActionContext, ActionFailure } from '../action.ts'
import { gitFor } from '../git/git.ts'
import { gitHub } from './github.ts'

/** The variable that holds the token; a pipeline gives it from its secrets. */
const TOKEN = 'GITHUB_TOKEN'

export const ACCESS_INPUTS: Readonly<Record<string, ValueSchema>> = {
  remote: { type: 'string', default: 'origin' },
  repository: { type: 'string', default: '', description: '`owner/name`; empty: by the URL of the remote' },
  api: { type: 'string', default: '', description: 'Address of the REST API; empty: that of github.com' },
}

export const ACCESS_OUTPUTS: Readonly<Record<string, ValueSchema>> = {
  skipped: { type: 'boolean', description: 'No token was given, or the remote is not on GitHub' },
  said: { type: 'string', description: 'What was made, or why nothing was' },
}

export type Access =
  | { readonly forge: Forge; readonly site: string }
  | { readonly forge: undefined; readonly why: string; readonly site: string | undefined }

/** The forge of the remote, or why there is none to speak to. */
export async function openForge(inputs: Readonly<Record<string, Json>>, context: ActionContext): Promise<Access> {
  const { remote, repository: named, api: asked } = inputs as Readonly<Record<string, string>>
  const url = (await gitFor(context).ask(['remote', 'get-url', remote!])).stdout
  const place = placeOf(url)
  const repository = named || place?.repository
  if (named !== '' && !/^[\w.-]+\/[\w.-]+$/.test(named!))
    throw new ActionFailure('repository', `\`${named}\` is no name of a repository`, 'write it as owner/name')
  const api = (asked || apiOf(place?.host))?.replace(/\/+$/, '')
  if (repository === undefined || api === undefined) {
    const where = place === undefined ? `\`${remote}\` is no address on the web` : `\`${remote}\` is on ${place.host}`
    return { forge: undefined, why: `${where}, not on GitHub`, site: undefined }
  }
  const site = `https://${place?.host ?? 'github.com'}/${repository}`
  const token = (context.env[TOKEN] ?? '').trim()
  if (token === '') return { forge: undefined, why: `no ${TOKEN} was given`, site }
  context.log(`${repository} at ${api}`)
  return { forge: gitHub({ api, token, repository, signal: context.signal }), site }
}

/** Host and repository of a remote's URL; who logs in with it is nobody's business. */
export function placeOf(url: string): { readonly host: string; readonly repository: string } | undefined {
  const parts =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^:/]+)(?::\d+)?\/([^?#]+)$/.exec(url) ??
    /^(?:[^@/:]+@)?([^:/]+):(?!\/\/)\/?(.+)$/.exec(url)
  const repository = parts?.[2]?.replace(/\/+$/, '').replace(/\.git$/, '')
  if (parts?.[1] === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository ?? '')) return undefined
  return { host: parts[1].toLowerCase().replace(/^(?:ssh|www)\.github\.com$/, 'github.com'), repository: repository! }
}

/** A token of github.com must not go to whatever host a remote names: another installation is given by its address. */
function apiOf(host: string | undefined): string | undefined {
  if (host === 'github.com') return 'https://api.github.com'
  return host?.endsWith('.ghe.com') ? `https://api.${host}` : undefined
}

/** The value of an answer; a failure ends the step with what to do. */
export function answered<T>(answer: ForgeAnswer<T>): T {
  if (answer.ok) return answer.value
  throw new ActionFailure(answer.reason, answer.message, answer.hint, answer.retryAfterMs)
}
