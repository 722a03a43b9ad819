import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { StoreError } from '../ports/store.ts'
import type { Act, Decision, Order, Told } from '../server/api.ts'
import { withoutColours } from '../views/terminal/harmless.ts'
import { answer, approve, bypass, note, reject } from './decide.ts'
import type { ExitCode, Io } from './io.ts'
import { UsageError, WorldError } from './usage-error.ts'

/**
 * What a person does by the page, by the command of that name, so that it is judged, refused and recorded in the same
 * way. A decision is put on record here. What drives a run is a process of its own, so that nothing ends with the page.
 */
export async function act(what: Act, io: Io): Promise<Told> {
  const { hint, ...told } = await toldOf(what, io)
  return hint === undefined || isOfTyping(hint) ? told : { ...told, hint }
}

/** Whether a hint is how to type values and flags, where the page has fields. A whole command helps in any terminal. */
function isOfTyping(hint: string): boolean {
  return /\bname=value\b|(?:^|[\s`])--[a-z]/.test(hint) && !/\bopsflow [a-z]/.test(hint)
}

function toldOf(what: Act, io: Io): Promise<Told> {
  switch (what.verb) {
    case 'resume':
    case 'retry':
    case 'cancel':
    case 'signal':
    case 'run':
      return order(what, io)
    default:
      return decide(what, io)
  }
}

/** The same world, which keeps what a command says in it. */
export function listening(io: Io): { readonly io: Io; readonly said: () => string } {
  let said = ''
  const writer = {
    write(text: string | Uint8Array) {
      said += String(text)
    },
  }
  return { io: Object.create(io, { stdout: { value: writer }, stderr: { value: writer } }) as Io, said: () => said }
}

async function decide(what: Decision, io: Io): Promise<Told> {
  const here = listening(io)
  try {
    const exit = await decideBy(what, here.io)
    return { ok: exit === 0, message: here.said().trimEnd() }
  } catch (error) {
    if (error instanceof UsageError || error instanceof WorldError || error instanceof StoreError)
      return { ok: false, message: error.message, hint: error.hint }
    throw error
  }
}

function decideBy(what: Decision, io: Io): Promise<ExitCode> {
  const id = what.run
  switch (what.verb) {
    case 'note':
      return note({ id, text: what.text }, io)
    case 'answer':
      return answer({ id, step: what.path, values: Object.entries(what.values) }, io)
    case 'bypass':
      return bypass({ id, gate: what.path, reason: what.reason, expires: what.expires }, io)
    default: {
      const options = { id, step: what.path, ...(what.comment !== undefined && { comment: what.comment }) }
      return what.verb === 'approve' ? approve(options, io) : reject(options, io)
    }
  }
}

/** The command line that a person would type; what they wrote themselves can be no flag of it. */
function wordsOf(what: Order): readonly string[] {
  const pairs = (flag: string, values: { readonly [name: string]: string }) =>
    Object.entries(values).map(([name, value]) => `${flag}=${name}=${value}`)
  switch (what.verb) {
    case 'resume':
      return ['resume', '--detach', '--', what.run]
    case 'retry':
      return ['retry', '--detach', ...(what.step === undefined ? [] : [`--step=${what.step}`]), '--', what.run]
    case 'cancel': {
      const reason = what.reason === undefined ? [] : [`--reason=${what.reason}`]
      return ['cancel', ...(what.kill ? ['--kill'] : []), ...reason, '--', what.run]
    }
    case 'signal':
      return ['signal', '--detach', ...pairs('--payload', what.values), '--', what.name]
    case 'run':
      return ['run', '--detach', ...pairs('--input', what.values), '--', what.name]
  }
}

/** What a command prints once a run is its own: the head of a new one, or who took up an old one. */
const BEGUN = /^\S+ {2}run (\S+)\n|^resumed by .* \(pid \d+\)\n/m

/**
 * Starts the command in a session of its own, out of reach of this terminal's signals. Resolves when it ended, or when
 * the run is in its hands: from then on what becomes of it stands in its record, and nobody waits for it.
 */
async function order(what: Order, io: Io): Promise<Told> {
  const unable = (error: unknown): Told => {
    return { ok: false, message: `\`opsflow ${what.verb}\` cannot be started: ${(error as Error).message}` }
  }
  let child: ChildProcessByStdio<null, Readable, Readable>
  try {
    child = spawn(io.node, [io.entry, ...wordsOf(what)], {
      cwd: io.cwd,
      env: io.env as NodeJS.ProcessEnv,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    // More text than the system hands to a program, or what cannot stand in it.
    return unable(error)
  }
  return new Promise((resolve) => {
    let said = ''
    const hear = (piece: string): void => {
      said += piece
      const begun = BEGUN.exec(withoutColours(said))
      if (begun === null) return
      const run = begun[1] ?? ('run' in what ? what.run : undefined)
      const before = toldIn(withoutColours(said).slice(0, begun.index))
      const message = [before.message, `a process of its own runs ${run}: it does not end with this page`]
      resolve({ ok: true, message: message.filter((part) => part !== '').join('\n'), run })
      said = ''
      // It writes on where nobody reads, and waits for no reader that was stopped.
      for (const stream of [child.stdout, child.stderr]) stream.off('data', hear).destroy()
    }
    child.on('error', (error) => resolve(unable(error)))
    // Where the system has no descriptor left, a child is made without them, and fails a moment later.
    if ((child.stdout as Readable | undefined) === undefined) return
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear)
    child.on('close', (exit, signal) => {
      const told = toldIn(withoutColours(said))
      const silence = `\`opsflow ${what.verb}\` ended with ${signal ?? `exit code ${exit}`} and said nothing`
      resolve({ ok: exit === 0, ...told, message: told.message || silence })
    })
    // Whoever wants to end need not wait for it.
    for (const one of [child, child.stdout as Socket, child.stderr as Socket]) one.unref()
  })
}

/** What a command said, as message and remedy; of several remedies each stays with what it mends. */
function toldIn(said: string): Pick<Told, 'message' | 'hint'> {
  const hints = [...said.matchAll(/^ +hint: (.*)$/gm)]
  const hint = hints.length === 1 ? hints[0]![1] : undefined
  const lines = said
    .split('\n')
    .filter((line) => !/^ {2}docs: /.test(line) && (hint === undefined || !/^ +hint: /.test(line)))
  return {
    message: lines
      .map((line) => line.replace(/^opsflow: /, ''))
      .join('\n')
      .trim(),
    hint,
  }
}
