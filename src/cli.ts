import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import type { ExitCode, Io } from './commands/io.ts'

/**
 * The command line: `main(argv, io)` maps words to a command, runs it, and turns what is thrown into an exit code.
 * Takes the words after `opsflow`; gives 0 succeeded, 1 failed, 2 wrong usage, 3 a bug, 4 parked, 130 cancelled.
 * `--version` answers before anything is loaded; every command is loaded only when it is asked for. The supervisor of a
 * run starts before even the words are understood: it takes as long as Node does, and reading a pipeline takes no longer.
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  if (argv[0] === '--version' || argv[0] === '-V') {
    io.stdout.write(`${io.version}\n`)
    return 0
  }
  const program = () => import('./commands/program.ts')
  if (argv[0] !== 'run' || argv.length < 2 || ['-h', '--help'].some((word) => argv.includes(word)))
    return (await program()).runProgram(argv, io)
  const { withSpareSupervisor } = await import('./executors/spare.ts')
  return withSpareSupervisor(io, async (spare) => (await program()).runProgram(argv, io, spare))
}

/** The process's own world. The only place, with the two helper processes, that touches `process`. */
function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    // Node makes it when it is first looked at, and few commands do.
    get stdin() {
      return process.stdin
    },
    cwd: process.cwd(),
    env: process.env,
    user: currentUser(),
    pid: process.pid,
    node: process.execPath,
    entry: process.argv[1] ?? '',
    kill: (pid, signal) => void process.kill(pid, signal),
    version: ownVersion(),
    onSignal: (signal, handler) => {
      process.on(signal, handler)
      return () => process.off(signal, handler)
    },
  }
}

function currentUser(): Io['user'] {
  try {
    const { username, uid } = userInfo()
    return uid < 0 ? { name: username } : { name: username, uid }
  } catch {
    const uid = process.getuid?.()
    return uid === undefined ? { name: 'unknown' } : { name: `uid:${uid}`, uid }
  }
}

/** Set by the build; read from package.json where the sources run without one. */
function ownVersion(): string {
  return (
    process.env.OPSFLOW_BUILD_VERSION ??
    (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version
  )
}

/**
 * What `bin/opsflow.js` calls. A run never ends because nobody can read about it any more: a closed pipe
 * (`opsflow show | head`) is no fault at all, and any other (a full disk, a terminal that was closed) is said once and
 * in the exit code, while the work goes on.
 */
export async function run(): Promise<void> {
  let lost = false
  // When nothing is left to do, the system frees at once what V8 would take apart piece by piece.
  process.once('beforeExit', () => process.exit())
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || lost) return
      lost = true
      // It may be told only after the command has ended.
      if (process.exitCode === 0) process.exitCode = 1
      if (stream === process.stdout) process.stderr.write(`opsflow: the output cannot be written: ${error.message}\n`)
    })
  }
  const exit = await main(process.argv.slice(2), processIo())
  process.exitCode = lost && exit === 0 ? 1 : exit
}
