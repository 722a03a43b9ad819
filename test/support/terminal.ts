import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { NODE, quoted } from './node.ts'
import type { TestProject } from './project.ts'
import { PATIENCE_MS } from './waiting.ts'

/** A terminal with `opsflow` in it, as a person sees it: the screen as text, keys as they are pressed. */
export interface Terminal {
  screen(): string
  /** Names of keys as tmux has them: `Enter`, `Down`, `C-c`, or letters. */
  press(...keys: readonly string[]): void
  /** Resolves when the screen says so. */
  shows(what: RegExp): Promise<string>
  /** Makes the window larger or smaller, as a person does by its edge. */
  resize(columns: number, rows: number): void
  /** All that was ever on the screen and did not move. */
  scrolled(): string
  isCursorShown(): boolean
  /** Closes the terminal, as a connection that breaks off does. */
  close(): void
  /** Resolves to the exit code of the command. */
  exit(): Promise<number>
}

/** Whether this machine has what a terminal takes. */
export const hasTerminal = spawnSync('tmux', ['-V']).status === 0
if (!hasTerminal) process.stderr.write('NOT SHOWN: what a terminal shows: tmux is not installed here\n')

const ENTRY = join(import.meta.dirname, 'opsflow-process.ts')
let count = 0

/** Opens a terminal of 100 columns in which one command of a project runs; it is closed when the test ends. */
export function openTerminal(it: TestProject, ...words: readonly string[]): Terminal {
  const socket = `opsflow-test-${process.pid}-${count++}`
  const tmux = (...args: readonly string[]) =>
    execFileSync('tmux', ['-L', socket, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const file = `exit-${count}`
  const env = Object.entries({ ...it.env, TERM: 'screen-256color', LANG: 'C.UTF-8', OPSFLOW_BUILD_VERSION: '0.0.0' })
  const command = [NODE, ENTRY, ...words].map(quoted).join(' ')
  const script = `env -i ${env.map(([name, value]) => quoted(`${name}=${value}`)).join(' ')} ${command}; echo $? > ${file}; cat`
  tmux('-f', '/dev/null', '-u', 'new-session', '-d', '-x', '100', '-y', '40', '-c', it.folder, script)
  onTestFinished(() => {
    spawnSync('tmux', ['-L', socket, 'kill-server'])
  })
  const screen = () => tmux('capture-pane', '-p').replace(/[ \n]+$/gm, '')
  return {
    screen,
    press: (...keys) => void tmux('send-keys', ...keys),
    async shows(what) {
      const until = performance.now() + PATIENCE_MS
      for (;;) {
        const text = screen()
        if (what.test(text)) return text
        if (performance.now() > until) throw new Error(`the screen never showed ${what}, but\n${text}`)
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    },
    resize: (columns, rows) => void tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`),
    scrolled: () => tmux('capture-pane', '-p', '-J', '-S', '-').replace(/[ \n]+$/gm, ''),
    isCursorShown: () => tmux('display-message', '-p', '#{cursor_flag}').trim() === '1',
    close: () => void tmux('kill-server'),
    exit: () => it.file(file).then(([code]) => Number(code)),
  }
}
