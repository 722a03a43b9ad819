import { nearest } from '../util/nearest.ts'
import { harmless } from '../views/terminal/harmless.ts'
import type { CommandFacts } from './command-facts.ts'
import { type Candidate, type Offer, offer } from './completion/candidates.ts'
import { SCRIPTS, SHELLS, type Shell } from './completion/scripts.ts'
import type { ExitCode, Io } from './io.ts'
import { UsageError } from './usage-error.ts'

/** The longest line that is told of a candidate. */
const MOST_TEXT = 80

/**
 * `opsflow completion SHELL` prints the script that makes the shell complete; `opsflow completion SHELL -- WORDS` is what
 * that script calls at each TAB: what fits the last of the words, in the way the shell takes it.
 */
export async function completion(
  options: { readonly shell: string; readonly words: readonly string[]; readonly commands: readonly CommandFacts[] },
  io: Io,
): Promise<ExitCode> {
  const shell = SHELLS.find((name) => name === options.shell)
  if (shell === undefined) {
    const near = nearest(options.shell, SHELLS)
    throw new UsageError(
      `there is no completion for \`${options.shell}\``,
      near === undefined
        ? `there is one for ${SHELLS.map((name) => `\`${name}\``).join(', ')}`
        : `did you mean \`${near}\`?`,
    )
  }
  if (options.words.length === 0) {
    io.stdout.write(SCRIPTS[shell])
    return 0
  }
  // bash splits its words at `=` and `:`, so it hands over the line as it stands.
  const [line = '', breaks = ''] = options.words
  const words = shell === 'bash' ? wordsOf(line) : options.words
  const found = await offer(words.slice(1), options.commands, io)
  io.stdout.write(
    `${[directive(found), ...found.candidates.map(printer(shell, words.at(-1) ?? '', breaks, line))].join('\n')}\n`,
  )
  return 0
}

function directive({ candidates, files }: Offer): string {
  if (files) return ':files'
  return candidates.length > 0 && candidates.every(({ value }) => value.endsWith('=')) ? ':nospace' : ':'
}

/** A candidate as the shell takes it: bash a quoted word, fish and zsh a word and what is said of it. */
function printer(shell: Shell, written: string, breaks: string, line: string): (one: Candidate) => string {
  // Behind a quote of the person's own nothing needs another.
  const quoted = /(?:^|\s)['"][^\s'"]*$/.test(line)
  const kept = shell === 'bash' ? keptLength(written, breaks) : 0
  return ({ value, text }) => {
    const said = text === undefined ? '' : plainLine(text).slice(0, MOST_TEXT)
    if (shell === 'bash') return quoted ? value.slice(kept) : value.slice(kept).replace(/[^\w@%+=:,./~-]/g, '\\$&')
    if (shell === 'fish') return said === '' ? value : `${value}\t${said}`
    const escaped = value.replace(/[\\:]/g, '\\$&')
    return said === '' ? escaped : `${escaped}:${said}`
  }
}

/** bash replaces only what stands behind the last of its breaks: the rest of the word is there already. */
function keptLength(written: string, breaks: string): number {
  return Math.max(...[':', '='].filter((mark) => breaks.includes(mark)).map((mark) => written.lastIndexOf(mark) + 1), 0)
}

/** What is said of a candidate stands on its line. */
const plainLine = (text: string): string => harmless(text).replaceAll(/\s+/g, ' ').trim()

/** A command line as its words, without quotes and backslashes; the last one may be empty or unfinished. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = []
  let word = ''
  let begun = false
  for (const [part, bare, single, double] of line.matchAll(/\\(.)|'([^']*)'?|"((?:\\.|[^"\\])*)"?|[\s\S]/g)) {
    if (/^\s$/.test(part)) {
      if (begun) words.push(word)
      word = ''
      begun = false
    } else {
      word += bare ?? single ?? double?.replace(/\\(.)/g, '$1') ?? part
      begun = true
    }
  }
  return [...words, word]
}
