/**
 * The action host: the process in which actions and users' modules run, and http requests are sent.
 *
 * Takes one `HostRequest` on stdin, gives one `HostAnswer` on file descriptor 3; what is printed goes to the step's log.
 * 1. It is started by the supervisor, in a group of its own: whatever it holds or starts dies with the attempt.
 * 2. TERM aborts the action's signal; an action that does not react is killed when the grace is over.
 * 3. A user's module is imported only while its content is what the plan froze.
 */
import { writeSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { sendRequest } from '../http/request.ts'
import { describeModules } from './describe-modules.ts'
import type { Description, HostAnswer, HostRequest } from './protocol.ts'
import { failureOf, runAction } from './run-action.ts'

const RESULT_FD = 3
const cancelled = new AbortController()

process.on('SIGTERM', () => cancelled.abort())
process.on('uncaughtException', (error) => {
  log(error.stack ?? String(error))
  void answer({ ok: false, reason: 'exception', message: `the action broke outside of its \`run\`: ${error.message}` })
})

function log(line: string): void {
  writeAll(1, `${line}\n`)
}

async function answer(value: HostAnswer | { readonly [uses: string]: Description }): Promise<void> {
  writeAll(RESULT_FD, JSON.stringify(value))
  // What a module printed through a pipe is out before the process ends, and open handles do not keep it.
  await new Promise((resolve) => process.stdout.write('', resolve))
  process.exit(0)
}

function writeAll(fd: number, value: string): void {
  const bytes = Buffer.from(value, 'utf8')
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Whoever asked is dead: to say that would only fail again.
      if (code === 'EPIPE') process.exit(1)
      if (code !== 'EAGAIN') throw error
    }
  }
}

async function serve(request: HostRequest): Promise<HostAnswer | { readonly [uses: string]: Description }> {
  switch (request.mode) {
    case 'http':
      return await sendRequest(request.request, cancelled.signal, log)
    case 'describe':
      return await describeModules(request.modules)
    case 'run': {
      const env = Object.fromEntries(
        Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      )
      return await runAction(request, { env, log, signal: cancelled.signal })
    }
  }
}

async function main(): Promise<void> {
  const request = JSON.parse(await text(process.stdin)) as HostRequest
  process.once('beforeExit', () => {
    const message = 'the action waits for something that can never come: nothing is left to happen in its process'
    void answer({ ok: false, reason: 'action', message })
  })
  try {
    await answer(await serve(request))
  } catch (error) {
    await answer(failureOf(error, log))
  }
}

void main()
