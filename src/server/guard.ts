/**
 * Who may talk to the page's server: one browser that opened the address which `opsflow ui` printed.
 *
 * Takes the headers of a request; gives why it is refused. Promises:
 * 1. A request under another name than the loopback's is refused: a foreign name that was made to point here (DNS
 *    rebinding) is one.
 * 2. The token of an address opens one session and is worth nothing afterwards. Tokens and sessions are 256 random bits
 *    and are compared by their hashes, so that no answer is nearer to the right one than another.
 * 3. What changes something is taken only from the page itself: by its origin, as JSON, which no form of another page
 *    can send, and with a key. Cookies know no ports, so another server on the loopback may get the cookie; the key lies
 *    where only the page's own origin reads it.
 */
import { createHash, randomBytes } from 'node:crypto'

export interface Refusal {
  readonly status: 401 | 403 | 415 | 421
  readonly message: string
}

export interface Guard {
  /** The token that opens the next session. A new one once it was used. */
  token(): string
  /** Gives a new session for the right token, and nothing for any other. `key`: what acts needs it besides. */
  exchange(token: string): { readonly session: string; readonly key: string } | undefined
  cookieName(): string
  /** Why the request may not come in at all; asked first. */
  refuseHost(host: string | undefined): Refusal | undefined
  refuseStranger(session: string | undefined): Refusal | undefined
  /** Why the session may not act. */
  refuseKey(session: string | undefined, key: string | undefined): Refusal | undefined
  /** Why the request did not come from the page; `changes` for what is no mere look. */
  refuseOrigin(headers: RequestHeaders, changes: boolean): Refusal | undefined
}

interface RequestHeaders {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly contentType: string | undefined
}

const TOKEN_BYTES = 32
const STRANGER: Refusal = { status: 401, message: 'open the address that `opsflow ui` printed last' }

/** `port` is asked late: it is known only once the server listens. `onUsed` is told when a token was exchanged. */
export function createGuard(port: () => number, onUsed: () => void = () => {}): Guard {
  let token = makeSecret()
  /** Session -> its key, both hashed. */
  const sessions = new Map<string, string>()
  // Browsers leave the port out where it is the one of http.
  const hosts = (): readonly string[] =>
    ['127.0.0.1', 'localhost'].flatMap((name) => [`${name}:${port()}`, ...(port() === 80 ? [name] : [])])
  return {
    token: () => token,
    exchange(offered) {
      if (hash(offered) !== hash(token)) return undefined
      token = makeSecret()
      const [session, key] = [makeSecret(), makeSecret()]
      sessions.set(hash(session), hash(key))
      onUsed()
      return { session, key }
    },
    // Cookies know no ports: two projects in one browser must not push each other out.
    cookieName: () => `opsflow-${port()}`,
    refuseHost: (host) =>
      host !== undefined && hosts().includes(host)
        ? undefined
        : { status: 421, message: 'this server answers only as 127.0.0.1 or localhost' },
    refuseStranger: (session) => (session !== undefined && sessions.has(hash(session)) ? undefined : STRANGER),
    refuseKey: (session = '', key = '') => (sessions.get(hash(session)) === hash(key) ? undefined : STRANGER),
    refuseOrigin({ host, origin, fetchSite, contentType }, changes) {
      const foreign: Refusal = { status: 403, message: 'the request came from another page' }
      // Browsers say where a request comes from; other programs need not, and have no cookie but one that leaked to them.
      if (fetchSite !== undefined && fetchSite !== 'same-origin' && (changes || fetchSite !== 'none')) return foreign
      if (origin !== undefined && origin !== `http://${host}`) return foreign
      if (!changes) return undefined
      if (origin === undefined) return foreign
      if (!/^application\/json(?:\s*;|$)/i.test(contentType ?? ''))
        return { status: 415, message: 'send it as application/json' }
      return undefined
    },
  }
}

function makeSecret(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
