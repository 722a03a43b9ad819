import { execFile } from 'node:child_process'
import type { Io } from '../io.ts'

/** What a program answered; `undefined` text where it is not there, failed or was silent for too long. */
export interface Answer {
  readonly text: string | undefined
  /** The system's word where it could not be started at all: `ENOENT`. */
  readonly refused: string | undefined
}

const PATIENCE_MS = 10_000

/** Runs a program for what it prints. It gets the environment of the person who asks, as their own call would. */
export function ask(program: string, args: readonly string[], io: Pick<Io, 'cwd' | 'env'>): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { cwd: io.cwd, env: { ...io.env }, timeout: PATIENCE_MS, encoding: 'utf8' },
      (error, stdout) => {
        const code = (error as NodeJS.ErrnoException | null)?.code
        resolve({
          text: error === null ? stdout.trim() : undefined,
          refused: typeof code === 'string' ? code : undefined,
        })
      },
    )
  })
}
