/**
 * The supervisor: a small process beside the runner that starts, limits and ends everything a step runs.
 *
 * Takes `ToSupervisor` lines on file descriptor 3, gives `FromSupervisor` lines there.
 * 1. It holds its lock before it starts anything, and until its last child is dead: at its own death, or when it has
 *    been told to close and has nothing left to do but end.
 * 2. When the runner dies (the descriptor ends) it ends all groups, then itself.
 * 3. It stays small, whatever the runner holds: starting a process costs what it costs in an empty one.
 */
import { closeSync, lstatSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { takeKernelLock } from '../util/kernel-lock.ts'
import { APPEND, openFile } from '../util/no-links.ts'
import { type Attempt, type AttemptContext, startAttempt } from './attempt.ts'
import { createHunter, type Hunter } from './hunt.ts'
import { type Journal, openJournal } from './journal.ts'
import { jsonLines } from './lines.ts'
import { runMark } from './mark.ts'
import type { FromSupervisor, Hello, Launch, Report, ToSupervisor } from './protocol.ts'
import { secretForms } from './redact.ts'

const TICK_MS = 100

const channel = new Socket({ fd: 3, readable: true, writable: true, allowHalfOpen: true })
const attempts = new Map<string, Attempt>()
let hello: Hello | undefined
let journal: Journal | undefined
let hunter: Hunter | undefined
let forms: readonly string[] = []
let ticker: NodeJS.Timeout | undefined
let closing = false
/** Somebody else ends this process: what it then ends was not cancelled, and the runner is to see it as lost. */
let dying = false
/** The runner is dead: what steps hand over, secrets perhaps, nobody reads any more. */
let orphaned = false
/** Frees the lock; the kernel does where this process dies before. */
let release: (() => void) | undefined
let outbox: string[] = []
/**
 * All that waits at the gate reads the lines of one another: one waits at a time, and none after one that may have left
 * its line unread.
 */
let gate: 'free' | 'taken' | 'spoilt' = 'free'
/** Announced, and not started ahead. */
const announced = new Map<string, Launch>()

/** All that is said in one turn of the loop goes out in one write; at once where nothing else runs that could have a part in it. */
function tell(message: FromSupervisor): void {
  if (outbox.length === 0 && attempts.size > 0) setImmediate(flush)
  outbox.push(`${JSON.stringify(message)}\n`)
  if (attempts.size === 0) flush()
}

function flush(): void {
  const text = outbox.join('')
  outbox = []
  if (text !== '' && channel.writable) channel.write(text)
}

function take(message: ToSupervisor): void {
  switch (message.type) {
    case 'hello':
      open(message)
      break
    case 'secrets':
      forms = secretForms(message.values)
      break
    case 'prepare':
      prepare(message)
      break
    case 'start':
      begin(message)
      break
    case 'abort':
      attempts.get(message.token)?.abort(message.hard)
      break
    case 'note':
      attempts.get(message.token)?.note(message.text)
      break
    case 'close':
      close()
  }
}

function open(message: Hello): void {
  if (message.lockFile !== undefined && !takeLock(message.lockFile)) {
    channel.end(
      `${JSON.stringify({ type: 'refused', message: 'another supervisor of this run is still ending its processes' })}\n`,
    )
    closing = true
    return
  }
  hello = message
  moveTo(message.runDir)
  journal = openJournal(message.runDir)
  hunter = createHunter(runMark(message.runDir, message.run))
  tell({ type: 'ready', pid: process.pid })
}

/**
 * What this process says of itself, down to the last words of a crash, goes to a file of the run: the lowest free
 * descriptor is the one that was closed just now.
 */
function moveTo(runDir: string): void {
  process.chdir(runDir)
  closeSync(2)
  try {
    openFile('supervisor.log', APPEND, 0o600)
  } catch {
    // Last words that nobody can read are no reason to start nothing.
    openSync('/dev/null', 'a')
  }
}

function takeLock(file: string): boolean {
  release = takeKernelLock(file)
  return release !== undefined
}

function prepare({ token, launch, argv }: Extract<ToSupervisor, { type: 'prepare' }>): void {
  // An attempt that goes on with its log has begun before; a link in its place is refused when it is opened.
  if (gate === 'free' && lstatSync(launch.log, { throwIfNoEntry: false }) === undefined) {
    gate = 'taken'
    start(token, launch, argv)
  } else {
    gate = 'spoilt'
    announced.set(token, launch)
  }
}

function begin({ token, launch = announced.get(token) }: Extract<ToSupervisor, { type: 'start' }>): void {
  announced.delete(token)
  if (launch === undefined) attempts.get(token)?.begin()
  else start(token, launch)
}

function start(token: string, launch: Launch, waiting?: readonly string[]): void {
  if (hello === undefined || journal === undefined || hunter === undefined || closing) return
  const context: AttemptContext = {
    run: hello.run,
    env: hello.env,
    journal,
    hunter,
    logLimitBytes: hello.logLimitBytes,
    secretForms: forms,
  }
  const done = (report: Report): void => {
    attempts.delete(token)
    // Whatever ended well has read its line.
    if (waiting !== undefined) gate = gate === 'taken' && report.exit === 0 ? 'free' : 'spoilt'
    if (orphaned && launch.output !== undefined) rmSync(launch.output, { force: true, recursive: true })
    if (!dying) tell({ type: 'ended', token, report })
    if (attempts.size > 0) return
    clearInterval(ticker)
    ticker = undefined
    if (closing) leave()
  }
  attempts.set(token, startAttempt(token, launch, context, done, waiting))
  ticker ??= setInterval(() => {
    const now = performance.now()
    for (const one of attempts.values()) one.tick(now)
  }, TICK_MS)
}

/** Ends everything, then this process. */
function close(): void {
  if (closing) return
  closing = true
  if (attempts.size === 0) leave()
  for (const attempt of attempts.values()) attempt.abort(false)
}

/** A runner that is done says so before it lets go of the channel. */
function abandon(): void {
  orphaned = !closing
  close()
}

function die(): void {
  dying = true
  close()
}

/** The end of the channel tells the runner that nothing is left to wait for: what Node takes to end is nobody's time. */
function leave(): void {
  setImmediate(() => {
    journal?.close()
    release?.()
    if (!channel.writable) process.exit(0)
    channel.end(() => process.exit(0))
    // A runner that is stopped reads nothing; what it was told is in its socket all the same.
    setTimeout(() => process.exit(0), 1000)
  })
}

channel.on('data', jsonLines(take))
channel.on('end', abandon)
channel.on('error', abandon)
process.on('SIGTERM', die)
process.on('SIGINT', die)
process.on('SIGHUP', () => {})
process.on('uncaughtException', (error) => {
  console.error(error)
  process.exitCode = 3
  closing = true
  for (const attempt of attempts.values()) attempt.abort(true)
  if (attempts.size === 0) process.exit(3)
})
