import { readFileSync } from 'node:fs'
import type { ActionContext } from '../action.ts'

/** A file of the project; empty where it is not there. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The scripts of a package.json, by name. */
export function scriptsOf(json: string): Readonly<Record<string, string | undefined>> {
  try {
    const scripts = (JSON.parse(json) as { scripts?: Record<string, unknown> } | null)?.scripts ?? {}
    return Object.fromEntries(Object.entries(scripts).filter(([, script]) => typeof script === 'string')) as Record<
      string,
      string
    >
  } catch {
    return {}
  }
}

/** Runs a tool of the project and logs what it prints; its exit code or signal, or undefined where it is not installed. */
export async function runTool(
  argv: readonly string[],
  cwd: string,
  context: Pick<ActionContext, 'env' | 'signal' | 'log'>,
): Promise<string | undefined> {
  const [file, ...args] = argv
  const { execa } = await import('execa')
  const child = execa(file!, args, {
    cwd,
    env: context.env,
    extendEnv: false,
    preferLocal: false,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    cancelSignal: context.signal,
    killDescendants: true,
  })
  for await (const line of child.iterable({ from: 'all' })) context.log(line)
  const result = await child
  return result.code === 'ENOENT' ? undefined : String(result.exitCode ?? result.signal)
}
