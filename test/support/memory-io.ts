import type { Io } from '../../src/commands/io.ts'
import { NODE } from './node.ts'

/** A command's world that keeps what was written. */
export interface MemoryIo extends Io {
  readonly out: { readonly stdout: string; readonly stderr: string }
}

/** Makes a world without a terminal, whose working directory and standard input the test chooses. */
export function memoryIo(options: {
  readonly cwd: string
  readonly stdin?: string
  readonly env?: Io['env']
}): MemoryIo {
  const out = { stdout: '', stderr: '' }
  const writer = (name: 'stdout' | 'stderr') => ({
    write(text: string | Uint8Array): void {
      out[name] += typeof text === 'string' ? text : new TextDecoder().decode(text)
    },
  })
  return {
    out,
    stdout: writer('stdout'),
    stderr: writer('stderr'),
    stdin: (async function* () {
      yield options.stdin ?? ''
    })(),
    cwd: options.cwd,
    env: options.env ?? {},
    version: '0.0.0',
    user: { name: 'tester' },
    pid: process.pid,
    node: NODE,
    entry: '',
    kill: (pid, signal) => void process.kill(pid, signal),
    onSignal: () => () => {},
  }
}
