import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished, type TestContext } from 'vitest'
import type { Shell } from '../../src/commands/completion/scripts.ts'
import { notShown } from './not-shown.ts'
import type { TestProject } from './project.ts'

/** Ends the test as skipped where this machine has no such shell. */
export function needsShell(context: TestContext, shell: Shell): void {
  if (spawnSync(shell, ['-c', 'true']).status !== 0) notShown(context, `\`${shell}\` is not installed here`)
}

/**
 * What a shell makes of TAB behind each of the lines. bash and zsh edit a line as they do for a person and say what stands
 * there then; fish says what it would insert, and what it tells of it.
 */
const DRIVERS: { readonly [shell in Shell]: (folder: string, lines: readonly string[]) => string } = {
  bash: (folder, lines) => `eval "$(opsflow completion bash)"; PS1=
bind -x '"\\C-xp": printf "%s|\\n" "$READLINE_LINE" >> ${folder}/shown'
${lines.map((line) => `${line}\t\x18p\x15`).join('')}exit
`,
  zsh: (folder, lines) => `zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner "stty -echo; PS1=; . ${folder}/setup; print REA''DY"
zpty -r inner seen '*READY*'
for line in ${lines.map((line) => `$'${line.replace(/[\\']/g, '\\$&')}'`).join(' ')}; do zpty -w -n inner $line$'\\t'; done
zpty -w inner "print DO''NE"
zpty -r inner seen '*DONE*'
`,
  fish: (folder, lines) => `opsflow completion fish | source
for line in ${lines.map((line) => `'${line.replace(/[\\']/g, '\\$&')}'`).join(' ')}
  complete -C --escape $line | string join '|' >> ${folder}/shown
end
`,
}

/** How zsh is asked: its menu as a person would have it, and a key that says what stands on the line. */
const zshSetup = (folder: string): string => `autoload -Uz compinit; compinit -u -D
eval "$(opsflow completion zsh)"
press() { zle complete-word; print -r -- "$BUFFER|" >> ${folder}/shown; BUFFER=; }
zle -N press; bindkey -e; bindkey '^I' press; LISTMAX=9999; unsetopt automenu listbeep beep
`

/** Drives the real shell with the script of `opsflow completion` in it. What the script asks is answered in this process. */
export async function pressTab(it: TestProject, shell: Shell, lines: readonly string[]): Promise<readonly string[]> {
  const folder = join(it.folder, '..', 'shell')
  const [bin, asked, answer] = [join(folder, 'bin'), join(folder, 'asked'), join(folder, 'answer')] as const
  mkdirSync(bin, { recursive: true })
  spawnSync('mkfifo', [asked, answer])
  writeFileSync(join(bin, 'opsflow'), `#!/bin/sh\nprintf '%s\\0' "$@" > ${asked}\nexec cat ${answer}\n`, {
    mode: 0o755,
  })
  writeFileSync(join(folder, 'setup'), zshSetup(folder))
  writeFileSync(join(folder, 'shown'), '')
  const script = DRIVERS[shell](folder, lines)
  const ways = { bash: ['--norc', '-i'], zsh: ['-f'], fish: ['--no-config', '-c', script] }
  const process = spawn(shell, ways[shell], {
    cwd: it.folder,
    env: { ...it.env, PATH: `${bin}:${it.env.PATH}`, HOME: folder, TERM: 'xterm', LC_ALL: 'C.UTF-8' },
    stdio: ['pipe', 'ignore', 'ignore'],
    // A shell for people takes the terminal it is started from; this one has none.
    detached: true,
  })
  onTestFinished(() => void process.kill('SIGKILL'))
  process.stdin.end(shell === 'fish' ? '' : script)
  const ended = new Promise((resolve) => process.on('close', resolve)).then(() => writeFile(asked, ''))
  for (;;) {
    const words = (await readFile(asked, 'utf8')).split('\0').slice(0, -1)
    if (words.length === 0) break
    await writeFile(answer, (await it.opsflow(...words)).stdout)
  }
  await ended
  return readFileSync(join(folder, 'shown'), 'utf8').trimEnd().split('\n')
}
