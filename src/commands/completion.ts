import { nearest } from '../util/nearest.ts'
import { fitStart, oneLine } from '../views/terminal/fit.ts'
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
  const written = shell === 'bash' ? readLine(line, breaks) : { words: options.words, kept: 0, quote: '' }
  const found = await offer(written.words.slice(1), options.commands, io)
  const lines = found.candidates.map((one) => (shell === 'bash' ? bashWord(one.value, written) : described(one, shell)))
  io.stdout.write(`${[directive(found), ...lines].join('\n')}\n`)
  return 0
}

function directive({ candidates, files }: Offer): string {
  if (files) return ':files'
  return candidates.length > 0 && candidates.every(({ value }) => value.endsWith('=')) ? ':nospace' : ':'
}

/** What fish and zsh take: a word, and what is said of it. */
function described({ value, text }: Candidate, shell: Exclude<Shell, 'bash'>): string {
  const said = text === undefined ? '' : fitStart(oneLine(text), MOST_TEXT)
  const word = shell === 'zsh' ? value.replace(/[\\:]/g, '\\$&') : value
  if (said === '') return word
  return shell === 'zsh' ? `${word}:${said.replaceAll('\\', '\\\\')}` : `${word}\t${said}`
}

interface Written {
  readonly words: readonly string[]
  /** How much of the last word bash leaves as it is, and expects no more. */
  readonly kept: number
  /** The quote that the last word is still in. */
  readonly quote: string
}

/** What bash inserts as it stands: quoted as the person began it. */
function bashWord(value: string, { kept, quote }: Written): string {
  const rest = value.slice(kept)
  if (quote === "'") return rest.replaceAll("'", `'\\''`)
  if (quote === '"') return rest.replace(/["$`\\]/g, '\\$&')
  return rest.replace(/[^\w@%+=:,./~\u{80}-\u{10ffff}-]/gu, '\\$&')
}

/**
 * A command line as its words, without quotes and backslashes; the last one may be empty or unfinished. bash replaces only
 * what stands behind the last of its breaks, or behind the quote that is open.
 */
function readLine(line: string, breaks: string): Written {
  const words: string[] = []
  let word = ''
  let begun = false
  let kept = 0
  let quote = ''
  for (const [part, bare, single, double] of line.matchAll(/\\(.)|'([^']*)'?|"((?:\\.|[^"\\])*)"?|[\s\S]/gu)) {
    if (/^\s$/.test(part)) {
      if (begun) words.push(word)
      word = ''
      begun = false
      kept = 0
      continue
    }
    begun = true
    const isOpen = (single ?? double) !== undefined && part.length < (single ?? double ?? '').length + 2
    if (isOpen) {
      quote = part[0]!
      kept = word.length
    }
    word += bare ?? single ?? double?.replace(/\\(["$`\\])/g, '$1') ?? part
    // An `@` both breaks and belongs to what is replaced.
    if (breaks.includes(part)) kept = word.length - (part === '@' ? 1 : 0)
  }
  return { words: [...words, word], kept, quote }
}
