import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Question } from '../events/questions.ts'
import { readTail } from '../executors/tail.ts'
import type { Plan } from '../plan/plan.ts'
import { StoreError } from '../ports/store.ts'
import { pathOf, stepOf } from '../store/deadlock.ts'
import type { RunFolder } from '../store/folders.ts'
import type { Store } from '../store/store.ts'
import { logName } from '../util/log-name.ts'
import { questionLines } from '../views/terminal/event-lines.ts'
import { harmless } from '../views/terminal/harmless.ts'
import { type LiveView, plainView } from '../views/terminal/live.ts'
import { shellWord } from '../views/terminal/questions.ts'
import type { Holders } from '../views/terminal/show.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import { isWorkflow } from '../views/terminal/unheard.ts'
import type { Io } from './io.ts'

/** What a view is told of a run. */
interface Watched {
  readonly store: Store
  readonly folder: RunFolder
  readonly plan: Plan | undefined
  readonly durations: ReadonlyMap<string, number>
}

/** Of the end of a log, what a line can lie in. */
const LINE_BYTES = 2048
/** Of a log, what a group of a workflow shows. */
const GROUP_BYTES = 64 * 1024
const HOLDERS_MS = 1000

/** The view of a run that suits where the output goes: a moving one, groups of a workflow, or plain lines. */
export async function openView(watched: Watched, io: Io): Promise<LiveView> {
  const { store, folder, plan, durations } = watched
  const style = makeStyle(wantsColour(io.stdout, io.env))
  const fileOf = (path: string, attempt: number) => join(folder.logs, logName(`${path}#${attempt}`))
  if (isWorkflow(io.env)) {
    const { githubView } = await import('../views/terminal/github.ts')
    const log = (path: string, attempt: number) => endOfLog(fileOf(path, attempt), `${folder.run} ${shellWord(path)}`)
    return githubView(io.stdout, { style, plan, log })
  }
  if (!isScreen(io)) return plainView(io.stdout, style, { plan })
  const { movingView } = await import('../views/terminal/moving.ts')
  return movingView(io.stdout, {
    style,
    plan,
    durations,
    lastLine: (path, attempt) =>
      attempt === 0 ? undefined : readTail(fileOf(path, attempt), LINE_BYTES).trimEnd().split('\n').at(-1),
    holders: kept(holdersIn(store)),
    failed: (message) => io.stderr.write(`opsflow: the view failed: ${message}\n`),
    nowMs: Date.now,
    every(ms, call) {
      const timer = setInterval(call, ms)
      timer.unref()
      return () => clearInterval(timer)
    },
  })
}

/** Whole lines, with a word on those that are left out. */
function endOfLog(file: string, words: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const text = readTail(file, GROUP_BYTES)
  if (size <= GROUP_BYTES) return text
  return `(its last ${GROUP_BYTES / 1024} KiB; all of it: opsflow logs ${words})\n${text.slice(text.indexOf('\n') + 1)}`
}

/** What somebody sees of a question before they decide it. */
export function questionShown(question: Question, run: string, io: Io): string {
  const style = makeStyle(wantsColour(io.stdout, io.env))
  return harmless(`${questionLines(question, run, style).join('\n')}\n`)
}

/** The same, asked of the store once a second at most: frames come more often. */
function kept(holders: Holders): Holders {
  const known = new Map<string, { readonly who: ReturnType<Holders>; readonly atMs: number }>()
  return (key) => {
    const last = known.get(key)
    const nowMs = performance.now()
    if (last && nowMs - last.atMs < HOLDERS_MS) return last.who
    const who = holders(key)
    known.set(key, { who, atMs: nowMs })
    return who
  }
}

/** Whether there is a screen on which something may move. */
export function isScreen(io: Io): boolean {
  return io.stdout.isTTY === true && io.env.TERM !== 'dumb' && !io.env.CI
}

/** Who holds a lock; nobody, where this user may not read who does. */
export function holdersIn(store: Store): Holders {
  return (key) => {
    try {
      return store
        .lock(key)
        .filter(({ held }) => held)
        .map(({ run, token }) => ({ run, path: stepOf(pathOf(token)) }))
    } catch (error) {
      if (error instanceof StoreError) return []
      throw error
    }
  }
}
