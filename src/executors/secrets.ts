import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { Secrets, SecretValue } from '../ports/secrets.ts'
import { deadline } from '../supervisor/deadline.ts'
import { signalGroup } from '../supervisor/processes.ts'
import { own } from '../util/own.ts'
import type { Environment } from './environment.ts'

/** One place to look in, as the config names it under `secrets`. */
export type SecretProvider = 'env' | { readonly file?: string; readonly command?: string }

export interface SecretsOptions {
  /** Tried in order; the first that has the name wins. */
  readonly providers: readonly SecretProvider[]
  readonly env: Environment
  /** Absolute path of the project root: paths and commands start there. */
  readonly root: string
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 30_000
const MOST_BYTES = 64 * 1024

type Answer = SecretValue | undefined

/** The secrets of a project. Nothing is kept: whoever asks holds the value. */
export function createSecrets({ providers, env, root, timeoutMs = TIMEOUT_MS }: SecretsOptions): Secrets {
  const ask = async (provider: SecretProvider, name: string): Promise<Answer> => {
    if (provider === 'env') return found(own(env, name))
    if (provider.file !== undefined) return await fromFile(resolve(root, provider.file), name)
    if (provider.command !== undefined) return await fromCommand(provider.command, name, env, root, timeoutMs)
    return undefined
  }
  return {
    async resolve(name) {
      for (const provider of providers) {
        const answer = await ask(provider, name)
        if (answer !== undefined) return answer
      }
      const places = providers.map((provider) =>
        provider === 'env' ? 'the environment' : `\`${provider.file ?? provider.command}\``,
      )
      return {
        ok: false,
        absent: true,
        message: `the secret \`${name}\` was not found in ${places.join(', ') || 'any place: `secrets` of the config is empty'}`,
      }
    },
  }
}

/** The same secrets, each looked up once: the command that gives one may ask a person for something. */
export function askedOnce(secrets: Secrets): Secrets {
  const answers = new Map<string, Promise<SecretValue>>()
  return {
    resolve(name) {
      const answer = answers.get(name) ?? secrets.resolve(name)
      answers.set(name, answer)
      return answer
    },
  }
}

function found(value: string | undefined): Answer {
  return value === undefined || value === '' ? undefined : { ok: true, value }
}

/** `NAME=value` lines; quotes around a value are not part of it, `#` starts a comment line. */
async function fromFile(file: string, name: string): Promise<Answer> {
  let text: string
  try {
    const { readFile } = await import('node:fs/promises')
    text = await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT'
      ? undefined
      : { ok: false, message: `the secret \`${name}\` could not be read from \`${file}\`: ${code}` }
  }
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (key === name) return found(value?.replace(/^(['"])(.*)\1$/, '$2'))
  }
  return undefined
}

/**
 * Runs a command that prints the secret; it finds the name as `$NAME`. It is the user's own tool (a password manager, a
 * cloud's command line), so it gets the whole environment; a code other than 0 means "not here".
 */
function fromCommand(
  command: string,
  name: string,
  env: Environment,
  root: string,
  timeoutMs: number,
): Promise<Answer> {
  return new Promise((done) => {
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: root,
      env: { ...env, NAME: name },
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const chunks: Buffer[] = []
    let size = 0
    let problem: string | undefined
    const stop = (why: string): void => {
      problem ??= why
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
      child.stdout.destroy()
    }
    const cancel = deadline(timeoutMs, () => stop(`gave no answer in ${timeoutMs} ms`))
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MOST_BYTES) stop(`printed more than ${MOST_BYTES} bytes`)
      else chunks.push(chunk)
    })
    child.once('error', () => stop('could not be started'))
    child.once('close', (code) => {
      cancel()
      if (problem !== undefined)
        done({ ok: false, message: `the secret \`${name}\` could not be read: \`${command}\` ${problem}` })
      else
        done(
          code === 0
            ? found(
                Buffer.concat(chunks)
                  .toString('utf8')
                  .replace(/\r?\n$/, ''),
              )
            : undefined,
        )
    })
  })
}
