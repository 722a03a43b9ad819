/**
 * Takes a shell text apart into simple commands, for rails only: words with their quotes resolved, split at `;`, `&&`,
 * `||`, `|`, `&` and line ends; the commands inside of `$( )` and `( )` count too. A value that only a run knows stays in the
 * word as a mark, so that a rule is asked whether it could apply. What runs other programs out of sight is refused.
 */
export type ParsedScript =
  | { readonly ok: true; readonly commands: readonly (readonly string[])[] }
  | { readonly ok: false; readonly message: string }

/** Stands for a value that is exactly part of one word: an expansion in double quotes. */
export const ONE = '\u0000'
/** Stands for a value that may be any number of words: an expansion without quotes, or a pattern. */
export const ANY = '\u0001'

/** Words of the shell before which a command stands like any other. */
const LEADING = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', 'time', '{'])
const CLOSING = new Set(['fi', 'done', '}', 'esac'])
/** Heads of a list of words, and tests: nothing is run. */
const DATA = new Set([
  'for',
  '[[',
  'set',
  'export',
  'local',
  'readonly',
  'unset',
  'shift',
  'return',
  'exit',
  'break',
  'continue',
  'cd',
])
/** Programs that run a text or another program out of our sight. */
const HIDING = new Set([
  'eval',
  'source',
  '.',
  'exec',
  'sh',
  'bash',
  'dash',
  'zsh',
  'ksh',
  'xargs',
  'env',
  'sudo',
  'nohup',
  'command',
  'builtin',
  'trap',
  'alias',
  'case',
  'function',
  'select',
  'parallel',
  'timeout',
  'nice',
])

interface Reader {
  readonly text: string
  at: number
  readonly commands: string[][]
}

/** The simple commands of a script, or why they cannot be told. */
export function parseCommands(script: string): ParsedScript {
  const reader: Reader = { text: script, at: 0, commands: [] }
  const fault = readCommands(reader, false, 0) ?? judgeCommands(reader.commands)
  return fault === undefined
    ? { ok: true, commands: reader.commands.filter((words) => words.length > 0) }
    : { ok: false, message: fault }
}

/** Strips what stands before a command; names the first that hides what it runs. */
function judgeCommands(commands: string[][]): string | undefined {
  for (const words of commands) {
    while (words.length > 0 && (LEADING.has(words[0]!) || /^[A-Za-z_]\w*\+?=/.test(words[0]!))) words.shift()
    const first = words[0]?.split('/').at(-1)
    if (first === undefined) continue
    if (CLOSING.has(first) || DATA.has(first)) words.length = 0
    else if (HIDING.has(first)) return `\`${first}\` runs what cannot be seen here`
    else if (first.includes(ONE) || first.includes(ANY)) return 'the name of a program is only known when it runs'
  }
  return undefined
}

/** Reads up to the end, or to the `)` that closes a subshell; the fault where there is one. */
function readCommands(reader: Reader, inside: boolean, depth: number): string | undefined {
  if (depth > 20) return 'it is nested too deep'
  const { text } = reader
  let words: string[] = []
  let word: string | undefined
  let skip = false
  const endWord = () => {
    if (word !== undefined && !skip) words.push(word)
    if (word !== undefined) skip = false
    word = undefined
  }
  const endCommand = () => {
    endWord()
    if (words.length > 0) reader.commands.push(words)
    words = []
    skip = false
  }
  while (reader.at < text.length) {
    const char = text[reader.at]!
    const next = text[reader.at + 1]
    if (char === '\\') {
      if (next !== '\n') word = (word ?? '') + (next ?? '')
      reader.at += 2
    } else if (char === "'") {
      const close = text.indexOf("'", reader.at + 1)
      if (close === -1) return 'a quote is not closed'
      word = (word ?? '') + text.slice(reader.at + 1, close)
      reader.at = close + 1
    } else if (char === '"') {
      reader.at++
      const quoted = readQuoted(reader, depth)
      if (typeof quoted !== 'object') return quoted
      word = (word ?? '') + quoted.text
    } else if (char === '$' || char === '`') {
      const fault = readExpansion(reader, depth)
      if (fault !== undefined) return fault
      word = (word ?? '') + ANY
    } else if (char === '(') {
      if (word !== undefined || words.length > 0) return 'it has a function or a list in brackets'
      reader.at++
      const fault = readCommands(reader, true, depth + 1)
      if (fault !== undefined) return fault
    } else if (char === ')') {
      if (!inside) return 'a bracket is closed that was never opened'
      endCommand()
      reader.at++
      return undefined
    } else if (char === '<' || char === '>') {
      if (text.startsWith('<<', reader.at) || next === '(')
        return 'it has a here-document or a process in the place of a file'
      if (word !== undefined && /^\d+$/.test(word)) word = undefined
      endWord()
      const operator = /^(?:>>|>\||>&|<&|<>|>|<)/.exec(text.slice(reader.at, reader.at + 2))![0]
      reader.at += operator.length
      skip = true
    } else if (char === '#' && word === undefined) {
      const end = text.indexOf('\n', reader.at)
      reader.at = end === -1 ? text.length : end
    } else if (char === '&' && next === '>') {
      endWord()
      reader.at += 2
      skip = true
    } else if (char === '\n' || char === ';' || char === '&' || char === '|') {
      endCommand()
      reader.at++
    } else if (char === ' ' || char === '\t' || char === '\r') {
      endWord()
      reader.at++
    } else {
      const isPattern =
        '*?'.includes(char) || (char === '[' && word !== undefined) || (char === '{' && next !== ' ' && next !== '\n')
      word = (word ?? '') + (isPattern ? ANY : char)
      reader.at++
    }
  }
  if (inside) return 'a bracket is not closed'
  endCommand()
  return undefined
}

/** Behind an opening double quote, up to the closing one. */
function readQuoted(reader: Reader, depth: number): { text: string } | string {
  const { text } = reader
  let value = ''
  while (reader.at < text.length) {
    const char = text[reader.at]!
    if (char === '"') {
      reader.at++
      return { text: value }
    }
    if (char === '$' || char === '`') {
      const lone = char === '$' && !/[\w({@*#?$!-]/.test(text[reader.at + 1] ?? '')
      const many = /^\$(?:@|\{[^}]*[@*])/.test(text.slice(reader.at, reader.at + 64))
      const fault = readExpansion(reader, depth)
      if (fault !== undefined) return fault
      value += lone ? '$' : many ? ANY : ONE
    } else if (char === '\\' && '$`"\\\n'.includes(text[reader.at + 1] ?? ' ')) {
      if (text[reader.at + 1] !== '\n') value += text[reader.at + 1]
      reader.at += 2
    } else {
      value += char
      reader.at++
    }
  }
  return 'a quote is not closed'
}

/** Passes over `$X`, `${X}`, `$(...)` and `$((...))`; the commands inside of `$( )` are read like any other. */
function readExpansion(reader: Reader, depth: number): string | undefined {
  const { text } = reader
  if (text[reader.at] === '`') return 'it has a command in backquotes; write `$( )`'
  if (text.startsWith('$((', reader.at)) {
    const close = text.indexOf('))', reader.at)
    if (close === -1) return 'a bracket is not closed'
    if (/[$`]\(|`/.test(text.slice(reader.at + 3, close))) return 'it runs a command inside of a sum'
    reader.at = close + 2
    return undefined
  }
  if (text.startsWith('$(', reader.at)) {
    reader.at += 2
    return readCommands(reader, true, depth + 1)
  }
  const name = /^\$(?:\{[^{}`$]*\}|\w+|[@*#?$!-])?/.exec(text.slice(reader.at))![0]
  if (name === '$' && text[reader.at + 1] === '{') return 'it has an expansion that runs something'
  reader.at += name.length
  return undefined
}
