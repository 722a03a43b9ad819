import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { ActionSignature } from '../../plan/project.ts'
import { deadline } from '../../supervisor/deadline.ts'
import { signalGroup } from '../../supervisor/processes.ts'
import { baseEnvironment, type Environment } from '../environment.ts'
import { hostFile } from './host-launch.ts'
import { moduleFile, moduleHash } from './module-hash.ts'
import type { Description, HostRequest } from './protocol.ts'

export type Described =
  | { readonly ok: true; readonly signature: ActionSignature }
  | { readonly ok: false; readonly message: string }

export interface DescribeOptions {
  /** Absolute path of the project root. */
  readonly root: string
  /** Path of the Node program. */
  readonly node: string
  readonly env: Environment
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 20_000

/** A name without `./` is that of a package; a file of this name was meant. */
function noSuchModule(root: string, name: string): string {
  const isFile = !/^(\.\.?)?\//.test(name) && statSync(join(root, name), { throwIfNoEntry: false })?.isFile() === true
  return `there is no such module${isFile ? `; write \`./${name}\` for the file of this name` : ''}`
}

/**
 * What the users' modules named in `uses` take and give, with the hash that freezes them. One host process imports them
 * all; a module that hangs or breaks is a message, never a crash of the caller.
 */
export async function describeActions(
  uses: readonly string[],
  options: DescribeOptions,
): Promise<ReadonlyMap<string, Described>> {
  const result = new Map<string, Described>()
  const hashes = new Map<string, { readonly file: string; readonly sha256: string }>()
  const { resolve } = createRequire(join(options.root, 'package.json'))
  for (const name of uses) {
    try {
      const file = moduleFile(options.root, name, resolve)
      hashes.set(name, { file, sha256: moduleHash(file) })
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const isMissing = code === 'ENOENT' || code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
      result.set(name, { ok: false, message: isMissing ? noSuchModule(options.root, name) : message })
    }
  }
  if (hashes.size === 0) return result
  const modules = Object.fromEntries([...hashes].map(([name, { file }]) => [name, file]))
  const found = await askHost({ mode: 'describe', root: options.root, modules }, options)
  for (const [name, { file, sha256 }] of hashes) {
    const description = found?.[name] ?? {
      ok: false,
      message: 'it cannot be imported: the process that imported it ended',
    }
    if (!description.ok) result.set(name, description)
    else {
      const { ok: _, ...signature } = description
      result.set(name, {
        ok: true,
        signature: { ...signature, module: { path: relative(options.root, file), sha256 } },
      })
    }
  }
  return result
}

async function askHost(
  request: HostRequest,
  options: DescribeOptions,
): Promise<{ readonly [uses: string]: Description } | undefined> {
  const host = spawn(options.node, [hostFile()], {
    cwd: options.root,
    env: baseEnvironment(options.env),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  })
  const group = host.pid
  const stop = (): void => {
    if (group !== undefined) signalGroup(group, 'SIGKILL')
  }
  const cancel = deadline(options.timeoutMs ?? TIMEOUT_MS, stop)
  host.on('error', () => {})
  host.once('exit', stop)
  host.stdin?.on('error', () => {})
  host.stdin?.end(JSON.stringify(request))
  try {
    return JSON.parse(await text(host.stdio[3] as Readable)) as { readonly [uses: string]: Description }
  } catch {
    return undefined
  } finally {
    cancel()
    stop()
  }
}
