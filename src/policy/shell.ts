/**
 * Takes a shell text apart into simple commands, for rails only: words with their quotes resolved, split at `;`, `&&`,
 * `||`, `|`, `&` and line ends. What cannot be known without running it (expansions in a command's words, subshells,
 * functions, here-documents, `eval`) is refused, never guessed.
 */
export type ParsedScript =
  | { readonly ok: true; readonly commands: readonly (readonly string[])[] }
  | { readonly ok: false; readonly message: string }

const COMPOUND = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  'function',
  'select',
  'time',
  '!',
  '{',
  '}',
  '[[',
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
])

/** The simple commands of a script, or why they cannot be told. */
export function parseCommands(script: string): ParsedScript {
  const commands: string[][] = []
  let words: string[] = []
  let word: string | undefined
  let at = 0
  const endWord = () => {
    if (word !== undefined) words.push(word)
    word = undefined
  }
  const endCommand = () => {
    endWord()
    if (words.length > 0) commands.push(words)
    words = []
  }
  while (at < script.length) {
    const char = script[at]!
    const next = script[at + 1]
    if (char === '\\') {
      if (next !== '\n') word = (word ?? '') + (next ?? '')
      at += 2
    } else if (char === "'") {
      const close = script.indexOf("'", at + 1)
      if (close === -1) return { ok: false, message: 'a quote is not closed' }
      word = (word ?? '') + script.slice(at + 1, close)
      at = close + 1
    } else if (char === '"') {
      const quoted = doubleQuoted(script, at + 1)
      if (!quoted.ok) return quoted
      word = (word ?? '') + quoted.text
      at = quoted.end
    } else if (char === '$' || char === '`') {
      return { ok: false, message: 'it expands a variable or a command' }
    } else if (char === '(' || char === ')') {
      return { ok: false, message: 'it has a subshell or a function' }
    } else if (char === '<' || char === '>') {
      if (char === '<' && next === '<') return { ok: false, message: 'it has a here-document' }
      return { ok: false, message: 'it redirects' }
    } else if (char === '#' && word === undefined) {
      const end = script.indexOf('\n', at)
      at = end === -1 ? script.length : end
    } else if (char === '\n' || char === ';' || char === '&' || char === '|') {
      endCommand()
      at++
    } else if (char === ' ' || char === '\t' || char === '\r') {
      endWord()
      at++
    } else if (word === undefined && char === '~') {
      return { ok: false, message: 'it expands `~`' }
    } else {
      if ('*?[{'.includes(char)) return { ok: false, message: 'it expands a pattern' }
      word = (word ?? '') + char
      at++
    }
  }
  endCommand()
  for (const command of commands) {
    while (command.length > 0 && /^[A-Za-z_]\w*=/.test(command[0]!)) command.shift()
    const first = command[0]?.split('/').at(-1)
    if (first === undefined) continue
    if (COMPOUND.has(first)) return { ok: false, message: `it uses \`${first}\`` }
    if (HIDING.has(first)) return { ok: false, message: `\`${first}\` runs what cannot be seen here` }
  }
  return { ok: true, commands: commands.filter((command) => command.length > 0) }
}

function doubleQuoted(
  script: string,
  start: number,
): { ok: true; text: string; end: number } | { ok: false; message: string } {
  let text = ''
  for (let at = start; at < script.length; at++) {
    const char = script[at]!
    if (char === '"') return { ok: true, text, end: at + 1 }
    if (char === '$' || char === '`') return { ok: false, message: 'it expands a variable or a command' }
    if (char === '\\' && at + 1 < script.length && '$`"\\\n'.includes(script[at + 1]!)) {
      at++
      if (script[at] !== '\n') text += script[at]
    } else text += char
  }
  return { ok: false, message: 'a quote is not closed' }
}
