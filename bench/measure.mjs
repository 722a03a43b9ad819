// How things are timed: programs take turns, each round gives one ratio, and the median of the ratios counts.
import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const PROGRAM = here('../bin/opsflow.js')
const RSS_HOOK = new URL('./rss.mjs', import.meta.url).href

/** What was not over in the time that it has. */
export class TookTooLong extends Error {}

/** A folder for all that is measured; nothing is deleted before the end, since a deletion slows down what is created after it. */
export function openBench(options) {
  // In no repository, and in no memory file system: a record that is synced must be synced to something.
  const root = mkdtempSync(join(process.env.OPSFLOW_BENCH_TMP ?? '/var/tmp', 'opsflow-bench-'))
  // Its folders then lie apart on the disk: what one program deletes does not slow down what the next creates. An ext4 thing.
  spawnSync('chattr', ['+T', root], { stdio: 'ignore' })
  let states = 0
  /** Runs a program; throws where it does not exit as expected, and where it is still there at `until`. */
  const run = (command, args, { cwd = root, env = {}, exit = 0, until = Number.POSITIVE_INFINITY } = {}) =>
    new Promise((resolve, reject) => {
      const begin = performance.now()
      if (begin >= until) throw new TookTooLong()
      const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
      const stop = () => {
        child.kill('SIGKILL')
        // What it started may live on and hold them.
        for (const name of ['stdout', 'stderr']) child[name].destroy()
      }
      const limit = until < Number.POSITIVE_INFINITY ? setTimeout(stop, until - begin) : undefined
      const out = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr']) child[name].on('data', (chunk) => (out[name] += chunk))
      child.once('error', reject)
      child.once('close', (code) => {
        const ms = performance.now() - begin
        clearTimeout(limit)
        if (begin + ms >= until) reject(new TookTooLong())
        else if (code === exit) resolve({ ms, ...out })
        else
          reject(new Error(`${command} ${args.join(' ')} exited with ${code}\n${out.stderr}${out.stdout.slice(-2000)}`))
      })
    })
  return {
    ...options,
    root,
    run,
    folder(name) {
      const path = join(root, name)
      mkdirSync(path, { recursive: true })
      return path
    },
    file(name, text) {
      const path = join(root, name)
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, text)
      return path
    },
    /** A fresh place for runs, so that no run knows of an earlier one. */
    state: () => join(root, `state-${states++}`),
    node(file, args = [], more = {}) {
      return this.run(process.execPath, [file, ...args], more)
    },
    /** One opsflow command; with `state` absent, its runs go to a fresh place. */
    async opsflow(args, { cwd, state = this.state(), exit, rss = false } = {}) {
      const peak = rss ? join(root, `rss-${states++}`) : undefined
      const hook = peak === undefined ? [] : ['--import', RSS_HOOK]
      const env = { OPSFLOW_STATE: state, ...(peak && { OPSFLOW_BENCH_RSS: peak }) }
      const result = await this.run(process.execPath, [...hook, PROGRAM, ...args], { cwd, env, exit })
      return { ...result, state, ...(peak && { rssMb: Number(readFileSync(peak, 'utf8')) / 1024 }) }
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  }
}

/**
 * Lets all subjects take turns, `runs` times after one turn that does not count (unless they are warm already); gives their
 * milliseconds by name. `say` is told of each turn.
 */
export async function takeTurns(runs, subjects, { warmUp = true, say = () => {} } = {}) {
  const names = Object.keys(subjects)
  const times = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = warmUp ? -1 : 0; round < runs; round++) {
    for (const name of names) {
      const result = await subjects[name]()
      const ms = typeof result === 'number' ? result : result.ms
      say(`${round < 0 ? 'warm-up' : `round ${round + 1} of ${runs}`}: ${name} ${(ms / 1000).toFixed(1)} s`)
      if (round >= 0) times[name].push(ms)
    }
  }
  return times
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The median of the ratios of each round. */
export function ratio(times, of, to) {
  return median(times[of].map((ms, round) => ms / times[to][round]))
}

/** `a 12 ms, b 10 ms`: the medians behind a ratio. */
export function medians(times) {
  return Object.entries(times)
    .map(([name, values]) => `${name} ${median(values).toFixed(values[0] < 10 ? 2 : 0)} ms`)
    .join(', ')
}

/** Milliseconds of a synced write of 4 KiB in this folder, the median of fifty: what a commit waits for. */
export function syncMs(folder) {
  const fd = openSync(join(folder, 'sync'), 'w')
  const page = Buffer.alloc(4096, 1)
  const times = Array.from({ length: 50 }, () => {
    const begin = performance.now()
    writeSync(fd, page)
    fsyncSync(fd)
    return performance.now() - begin
  })
  closeSync(fd)
  return median(times)
}

let counted = 0

/** Milliseconds that a new file takes in this folder, the median of fifty: each step makes its log. */
export function newFileMs(folder) {
  return median(
    Array.from({ length: 50 }, () => {
      const file = join(folder, `new-${counted++}`)
      const begin = performance.now()
      closeSync(openSync(file, 'wx'))
      return performance.now() - begin
    }),
  )
}

export function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0
}
