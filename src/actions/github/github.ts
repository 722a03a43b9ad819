import type { Forge, ForgeAnswer, ForgeCheck, ForgeFailure } from '../../ports/forge.ts'
import type { Json, JsonObject } from '../../util/json.ts'
import { askGitHub, type GitHubAccess, saidBy } from './request.ts'

const LONGEST_TEXT = 120_000
const MOST_PAGES = 50

/** GitHub as a forge, over its REST API. */
export function gitHub(access: GitHubAccess): Forge {
  const repo = `/repos/${access.repository}`
  const get = (path: string, expect: readonly number[] = [200]) => askGitHub(access, 'GET', path, { expect })
  const post = (path: string, body: Json) => askGitHub(access, 'POST', path, { body, expect: [201, 422] })

  /** All items of a list that comes in pages. */
  const pages = async (
    path: string,
    itemsOf: (body: Json) => Json | undefined,
  ): Promise<ForgeAnswer<readonly JsonObject[]>> => {
    const all: JsonObject[] = []
    let next: string | undefined = `${path}${path.includes('?') ? '&' : '?'}per_page=100`
    for (let page = 0; next !== undefined && page < MOST_PAGES; page++) {
      const answer = await get(next)
      if (answer.failure) return failed(answer.failure)
      const items = itemsOf(answer.body)
      if (!Array.isArray(items)) return strange(path)
      all.push(...(items as JsonObject[]))
      next = answer.next
    }
    return { ok: true, value: all }
  }

  return {
    async release({ tag, title, notes, prerelease }) {
      const there = () => get(`${repo}/releases/tags/${encodeURIComponent(tag)}`, [200, 404])
      const before = await there()
      if (before.failure) return failed(before.failure)
      if (before.status === 200) return made(before.body, false)
      // A release of a tag that is not there would make the tag, wherever the default branch is.
      const ref = await get(`${repo}/git/ref/tags/${tag.split('/').map(encodeURIComponent).join('/')}`, [200, 404])
      if (ref.failure) return failed(ref.failure)
      if (ref.status === 404)
        return failed({
          reason: 'forge-missing',
          message: `GitHub shows no tag \`${tag}\` in \`${access.repository}\``,
          hint: 'push the tag first; if it is there, the token may not see the repository',
        })
      const answer = await post(`${repo}/releases`, {
        tag_name: tag,
        name: title,
        body: clipped(notes),
        prerelease,
        make_latest: prerelease ? 'false' : 'legacy',
      })
      if (answer.failure) return failed(answer.failure)
      if (answer.status === 201) return made(answer.body, true)
      // Somebody was faster, or an attempt before this one that was cut off.
      const after = /already_exists/.test(JSON.stringify(answer.body)) ? await there() : undefined
      if (after?.failure) return failed(after.failure)
      return after?.status === 200 ? made(after.body, false) : refused(answer.body)
    },

    async pullRequest({ from, into, title, body, draft }) {
      const [owner] = access.repository.split('/')
      const query = new URLSearchParams({ head: `${owner}:${from}`, base: into, state: 'open' })
      const find = async (): Promise<ForgeAnswer<JsonObject | undefined>> => {
        const answer = await get(`${repo}/pulls?${query}`)
        if (answer.failure) return failed(answer.failure)
        if (!Array.isArray(answer.body)) return strange('pulls')
        return { ok: true, value: answer.body[0] as JsonObject | undefined }
      }
      const before = await find()
      if (!before.ok) return before
      if (before.value) return numbered(before.value, false)
      const answer = await post(`${repo}/pulls`, { head: from, base: into, title, body: clipped(body), draft })
      if (answer.failure) return failed(answer.failure)
      if (answer.status === 201) return numbered(answer.body, true)
      const after = /already exists/.test(saidBy(answer.body)) ? await find() : undefined
      if (after && !after.ok) return after
      return after?.value ? numbered(after.value, false) : refused(answer.body)
    },

    async checks(ref) {
      const commit = `${repo}/commits/${encodeURIComponent(ref)}`
      const [runs, statuses] = await Promise.all([
        pages(`${commit}/check-runs`, (body) => (body as JsonObject | null)?.check_runs),
        pages(`${commit}/status`, (body) => (body as JsonObject | null)?.statuses),
      ])
      if (!runs.ok) return runs
      if (!statuses.ok) return statuses
      return { ok: true, value: worst([...runs.value.map(checkRun), ...statuses.value.map(commitStatus)]) }
    },
  }
}

const PASSED = ['success', 'neutral', 'skipped']

function checkRun({ name, status, conclusion }: JsonObject): ForgeCheck {
  const state = status !== 'completed' ? 'pending' : PASSED.includes(String(conclusion)) ? 'passed' : 'failed'
  return { name: String(name), state }
}

function commitStatus({ context, state }: JsonObject): ForgeCheck {
  return { name: String(context), state: state === 'success' ? 'passed' : state === 'pending' ? 'pending' : 'failed' }
}

/** One verdict for each name: the worst of those that came under it. */
function worst(checks: readonly ForgeCheck[]): readonly ForgeCheck[] {
  const order = ['passed', 'pending', 'failed']
  const found = new Map<string, ForgeCheck>()
  for (const check of checks) {
    const known = found.get(check.name)
    if (!known || order.indexOf(check.state) > order.indexOf(known.state)) found.set(check.name, check)
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function clipped(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}\n\n…`
}

function failed(failure: ForgeFailure): { readonly ok: false } & ForgeFailure {
  return { ok: false, ...failure }
}

function made(body: Json, created: boolean): ForgeAnswer<{ readonly url: string; readonly created: boolean }> {
  const url = (body as JsonObject | null)?.html_url
  return typeof url === 'string' ? { ok: true, value: { url, created } } : strange('releases')
}

function numbered(
  body: Json,
  created: boolean,
): ForgeAnswer<{ readonly url: string; readonly created: boolean; readonly number: number }> {
  const { html_url: url, number } = (body ?? {}) as JsonObject
  return typeof url === 'string' && typeof number === 'number'
    ? { ok: true, value: { url, number, created } }
    : strange('pulls')
}

function refused(body: Json): { readonly ok: false } & ForgeFailure {
  const said = saidBy(body)
  const hint = /no commits between/i.test(said)
    ? 'there is nothing to merge: commit something first'
    : /\bhead\b.*\binvalid\b/i.test(said)
      ? 'push the branch first'
      : /\bbase\b.*\binvalid\b/i.test(said)
        ? 'name a branch that is on GitHub'
        : 'mend what it says'
  return failed({ reason: 'forge-refused', message: `GitHub refuses the request (422: ${said})`, hint })
}

function strange(what: string): { readonly ok: false } & ForgeFailure {
  return failed({
    reason: 'forge-answer',
    message: `GitHub answered \`${what}\` with something that this version does not know`,
    hint: 'is this the address of the API?',
  })
}
