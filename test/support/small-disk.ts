import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { soon } from './waiting.ts'

/** A file system of its own, so small that a test can fill it. */
export interface SmallDisk {
  /** Writes until nothing more fits. */
  fill(): void
  /** Makes space again. */
  empty(): void
  /** Nothing on it can be changed any more; resolves when whoever still had a file open for writing has closed it. */
  setReadOnly(): Promise<void>
}

/** What went wrong, or nothing. */
function tryAsRoot(...words: readonly string[]): string | undefined {
  const isRoot = process.getuid?.() === 0
  const [command = '', ...args] = isRoot ? words : ['sudo', '-n', ...words]
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? undefined : (error?.message ?? stderr.trim())
}

function asRoot(...words: readonly string[]): void {
  const problem = tryAsRoot(...words)
  if (problem === undefined) return
  throw new Error(
    `\`${words.join(' ')}\` failed: ${problem}; tests of full and read-only disks mount a small file system and must be run by root, or by who may use sudo without a password`,
  )
}

/** Mounts a file system over a folder, which is made; it is taken away when the test ends. */
export function mountSmallDisk(folder: string, bytes = 4 * 1024 * 1024): SmallDisk {
  mkdirSync(folder, { recursive: true })
  const options = `size=${bytes},mode=0700,uid=${process.getuid?.() ?? 0}`
  asRoot('mount', '-t', 'tmpfs', '-o', options, 'opsflow-test', folder)
  // Lazily: what the test has killed may still be about to end.
  onTestFinished(() => asRoot('umount', '-l', folder))
  const ballast = join(folder, 'ballast')
  return {
    fill() {
      const fd = openSync(ballast, 'a')
      try {
        for (let piece = 65_536; piece >= 1; ) {
          try {
            if (writeSync(fd, Buffer.alloc(piece, 1)) < piece) piece = Math.floor(piece / 2)
          } catch {
            piece = Math.floor(piece / 2)
          }
        }
      } finally {
        closeSync(fd)
      }
    },
    empty: () => rmSync(ballast),
    async setReadOnly() {
      await soon(
        () => tryAsRoot('mount', '-o', 'remount,ro', folder),
        (problem) => problem === undefined,
        `a read-only \`${folder}\``,
      )
    },
  }
}
