import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { renameSync, rmSync, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { deadline } from './deadline.ts'
import type { Hunter } from './hunt.ts'
import type { Journal } from './journal.ts'
import { type Log, openLog } from './log.ts'
import { groupMembers, isRunning, signalGroup } from './processes.ts'
import { wroteSince } from './progress.ts'
import { GATE, type Launch, type Report } from './protocol.ts'

/**
 * One process group from its start to its end.
 *
 * A1 `done` is called exactly once, whatever happens.
 * A2 After a timeout it is called no later than timeout + grace + 10 % + 100 ms, also when a process cannot be killed.
 * A3 It never waits for a pipe: what a grandchild holds open is cut off.
 * A4 The group is dead by then, after a normal end too, or `survivors` names what could not be ended.
 * A5 The first cause wins: a process that ends by itself during the grace of a timeout has timed out.
 * A6 What was started ahead has its time, and its end, from `begin` on; an abort ends it before.
 */
export interface Attempt {
  begin(): void
  abort(hard: boolean): void
  /** Looks at what has no event: growth of the log. */
  tick(nowMs: number): void
  note(text: string): void
}

export interface AttemptContext {
  readonly run: string
  readonly env: { readonly [name: string]: string }
  readonly journal: Journal
  readonly hunter: Hunter
  readonly logLimitBytes: number
  /** Forms of the run's secrets; none: the child writes the log file itself. */
  readonly secretForms: readonly string[]
}

type Cause = Exclude<Report['end'], 'exited' | 'spawn-failed' | 'lost'>

/** Behind the name of a log whose step has not begun. */
const AHEAD = '.ahead'
/** How long pipes may take to be read to their end, after a bad end (A2 counts it) and after a normal one. */
const SETTLE_MS = 40
const SETTLE_NORMAL_MS = 250
/** How long killed processes may take to be gone: a thousand of them do not die at once. After a timeout A2 says less. */
const DYING_MS = 1000
const POLL_MS = 4
const GRACE_POLL_MS = 20

/** `waiting`: the command of the launch as it waits at the gate, for what is started ahead. */
export function startAttempt(
  token: string,
  launch: Launch,
  context: AttemptContext,
  tell: (report: Report) => void,
  waiting?: readonly string[],
): Attempt {
  let startedAt = performance.now()
  let isWaiting = waiting !== undefined
  let untold: Report | undefined
  const done = (report: Report): void => {
    if (isWaiting) untold = report
    else tell(report)
  }
  /** A log says that a step began: what waits has its own under another name until then. */
  const logFile = waiting === undefined ? launch.log : `${launch.log}${AHEAD}`
  const letGo = (begins: boolean): void => {
    if (isWaiting) {
      try {
        // The word to begin may have been lost with who gave it: what printed something has begun.
        if (begins || statSync(logFile).size > 0) renameSync(logFile, launch.log)
        else rmSync(logFile)
      } catch {
        // A log that cannot get its name must not stop the work.
      }
    }
    isWaiting = false
    const report = untold
    untold = undefined
    if (report !== undefined) tell(report)
  }
  const elapsed = (): number => Math.round((performance.now() - startedAt) * 10) / 10
  const failed = (code: string, about: string): Attempt => {
    setImmediate(() => done({ end: 'spawn-failed', error: { code, about }, durationMs: elapsed() }))
    return { begin: () => letGo(true), abort: () => letGo(false), tick() {}, note() {} }
  }

  /** The system says of a folder that is not there what it says of a command; so it is looked at where a start failed. */
  const command = (): string => (isFolder(launch.cwd) ? (launch.argv[0] ?? '') : `cwd ${launch.cwd}`)
  let log: Log
  try {
    log = openLog(logFile, context.secretForms)
  } catch (error) {
    return failed(codeOf(error), `log ${launch.log}`)
  }
  let child: ChildProcess
  try {
    child = spawnGroup(launch, context, log, waiting)
  } catch (error) {
    log.close()
    return failed(codeOf(error), command())
  }
  const group = child.pid
  if (group === undefined) {
    child.once('error', (error) => {
      log.close()
      done({ end: 'spawn-failed', error: { code: codeOf(error), about: command() }, durationMs: elapsed() })
    })
    return { begin: () => letGo(true), abort: () => letGo(false), tick() {}, note() {} }
  }
  context.journal.started(group, token)
  child.on('error', () => {})

  let settling: (() => void) | undefined
  const collected = collect(child, launch, log, () => settling?.())
  const timers = new Set<() => void>()
  const after = (ms: number, callback: () => void): void => {
    const cancel = deadline(ms, () => {
      timers.delete(cancel)
      callback()
    })
    timers.add(cancel)
  }
  let cause: Cause | undefined
  let exit: { code: number | null; signal: NodeJS.Signals | null } | undefined
  let killed = false
  /** What has left the group and was killed with it. */
  let strays: readonly number[] = []
  let isHunting = false
  let isHunted = false
  const alive = (): readonly number[] => [...new Set([...groupMembers(group), ...strays.filter(isRunning)])]
  let ended = false

  const finish = (): void => {
    if (ended) return
    ended = true
    for (const cancel of timers) cancel()
    const survivors = exit === undefined || killed ? alive() : []
    for (const stream of child.stdio) stream?.destroy()
    log.finish(context.logLimitBytes)
    // What could not be ended stays in the journal, for the next command to try again.
    if (survivors.length === 0) context.journal.ended(group)
    done({
      end: cause ?? 'exited',
      ...(exit?.code != null ? { exit: exit.code } : {}),
      ...(exit?.signal != null ? { signal: exit.signal } : {}),
      ...(collected.text === undefined ? {} : { collected: collected.text(), overflow: collected.overflow() }),
      durationMs: elapsed(),
      ...(survivors.length > 0 ? { survivors } : {}),
    })
    // The next step waits for the report, and nobody for this.
    log.close()
  }

  /** Kills what has left the group; again, until nothing is found, since that can start others while it is looked for. */
  const hunt = (): void => {
    if (isHunting) return
    isHunting = true
    context.hunter.hunt(launch.step, (found) => {
      isHunting = false
      isHunted = found.length === 0
      strays = [...new Set([...strays.filter(isRunning), ...found])]
    })
  }

  /** Waits, a moment at most, until the group is gone and the pipes are read to their end. */
  const settle = (): void => {
    const began = performance.now()
    const pipesMs = cause === undefined ? SETTLE_NORMAL_MS : SETTLE_MS
    const dueMs = (launch.timeoutMs ?? 0) + launch.graceMs
    const dyingMs = cause === 'timed-out' ? Math.min(DYING_MS, SETTLE_MS + dueMs * 0.09) : DYING_MS
    const look = (): void => {
      if (ended) return
      const passedMs = performance.now() - began
      if (cause !== undefined && !isHunted) hunt()
      const isDead = exit !== undefined && (cause === undefined || isHunted) && alive().length === 0
      const isRead = !collected.open() || passedMs >= pipesMs
      if ((isDead && isRead) || passedMs >= dyingMs) finish()
      else after(POLL_MS, look)
    }
    settling = look
    look()
  }

  const killAll = (): void => {
    if (ended || killed) return
    killed = true
    signalGroup(group, 'SIGKILL')
    if (cause !== undefined) hunt()
    // The exit event follows within milliseconds, unless the kernel cannot end the process.
    if (exit === undefined) after(SETTLE_MS, settle)
    else settle()
  }

  const end = (why: Cause, graceMs: number): void => {
    // Over already, or a normal end that only waits for its pipes.
    if (ended || (exit !== undefined && cause === undefined)) return
    const first = cause === undefined
    cause ??= why
    if (graceMs <= 0) killAll()
    else if (first && !killed) {
      signalGroup(group, 'SIGTERM')
      // Who is stopped hears it only when woken.
      signalGroup(group, 'SIGCONT')
      after(graceMs, killAll)
    }
  }

  /** The leader went at TERM: the rest of its group has what is left of the grace. */
  const awaitGroup = (): void => {
    if (ended || killed) return
    if (groupMembers(group).length === 0) killAll()
    else after(GRACE_POLL_MS, awaitGroup)
  }

  child.once('exit', (code, signal) => {
    exit = { code, signal }
    if (ended) return
    if (cause !== undefined && !killed) awaitGroup()
    else {
      if (!killed) killed = signalGroup(group, 'SIGKILL')
      if (killed || collected.open()) settle()
      else finish()
    }
  })

  const limit = (): void => {
    if (launch.timeoutMs !== undefined) after(launch.timeoutMs, () => end('timed-out', launch.graceMs))
  }
  if (!isWaiting) limit()

  const progress = { size: 0, at: startedAt, wallMs: Date.now(), nudges: 0, looking: false }
  const moved = (nowMs: number): void => {
    Object.assign(progress, { size: log.size() + collected.bytes(), at: nowMs, wallMs: Date.now() })
  }
  /** Nothing was printed for a while: what the step wrote to files counts too, and is looked for only now. */
  const judgeIdle = async (stall: NonNullable<Launch['stall']>): Promise<void> => {
    progress.looking = true
    const wrote = await wroteSince(launch.cwd, progress.wallMs)
    progress.looking = false
    if (ended || cause !== undefined) return
    if (!wrote && progress.nudges >= stall.nudge) {
      end('stalled', launch.graceMs)
      return
    }
    if (!wrote) {
      progress.nudges++
      log.note('no progress for a while, the step is ended if that goes on')
    }
    moved(performance.now())
  }

  return {
    begin() {
      startedAt = performance.now()
      if (!ended) {
        limit()
        moved(startedAt)
      }
      letGo(true)
    },
    abort(hard) {
      letGo(false)
      end('cancelled', hard ? 0 : launch.graceMs)
    },
    note: (text) => {
      if (!ended) log.note(text)
    },
    tick(nowMs) {
      if (ended || isWaiting) return
      if (log.size() > context.logLimitBytes) {
        end('log-limit', launch.graceMs)
        // It may write on for as long as the grace lasts.
        log.cut(context.logLimitBytes)
      }
      if (cause !== undefined) return
      if (launch.stall !== undefined && !progress.looking) {
        if (log.size() + collected.bytes() !== progress.size) moved(nowMs)
        else if (nowMs - progress.at >= launch.stall.idleMs) void judgeIdle(launch.stall)
      }
    },
  }
}

function spawnGroup(
  launch: Launch,
  context: AttemptContext,
  log: Log,
  waiting: readonly string[] | undefined,
): ChildProcess {
  const output = context.secretForms.length > 0 ? 'pipe' : log.fd
  const stdout = launch.collect?.from === 'stdout' ? 'pipe' : output
  const input = waiting !== undefined ? GATE : launch.input === undefined ? 'ignore' : 'pipe'
  const stdio: StdioOptions = [input, stdout, output]
  if (launch.collect?.from === 'result') stdio.push('pipe')
  const env = { ...context.env, ...launch.env }
  const [command = '', ...words] = waiting ?? launch.argv
  const child = spawn(command, words, { cwd: launch.cwd, env, detached: true, stdio })
  if (child.pid !== undefined && launch.input !== undefined) {
    // A child that does not read its input is no failure of ours.
    child.stdin?.on('error', () => {})
    child.stdin?.end(launch.input)
  }
  return child
}

interface Collected {
  readonly text: (() => string) | undefined
  readonly overflow: () => boolean
  readonly bytes: () => number
  /** Is a pipe not yet read to its end? */
  readonly open: () => boolean
}

function collect(child: ChildProcess, launch: Launch, log: Log, drained: () => void): Collected {
  const chunks: Buffer[] = []
  let kept = 0
  let seen = 0
  const maxBytes = launch.collect?.maxBytes ?? 0
  const keep = (chunk: Buffer): void => {
    seen += chunk.length
    if (kept >= maxBytes) return
    const part = chunk.length > maxBytes - kept ? Buffer.from(chunk.subarray(0, maxBytes - kept)) : chunk
    kept += part.length
    chunks.push(part)
  }
  const pipes = new Set<Readable>()
  const watch = (stream: Readable): void => {
    pipes.add(stream)
    stream.on('close', () => {
      if (pipes.delete(stream) && pipes.size === 0) drained()
    })
  }
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    watch(stream)
    log.take(stream, stream === child.stdout && launch.collect?.from === 'stdout' ? keep : undefined)
  }
  if (launch.collect?.from === 'result') {
    const stream = child.stdio[3] as Readable
    watch(stream)
    stream.on('data', keep)
  }
  return {
    text: launch.collect === undefined ? undefined : () => Buffer.concat(chunks).toString('utf8'),
    overflow: () => seen > kept,
    bytes: () => (launch.collect?.from === 'result' ? seen : 0),
    open: () => pipes.size > 0,
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN'
}
