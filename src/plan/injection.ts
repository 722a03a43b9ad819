import type { Fix } from '../diagnostics/diagnostic.ts'
import { isTemplate, scanTemplate } from '../expr/template.ts'
import { checkTemplateText, type Place } from './expressions.ts'
import { spanIn } from './references.ts'
import { tell } from './report.ts'
import type { Reader } from './scope.ts'
import { child, entries, type Source, valueAt } from './source.ts'

/**
 * No text is ever pasted into a script: a `${{ }}` in the text of a `run` is an error, whatever it reads, with the edit that
 * binds it through `env`. The expression is checked all the same, so that the binding is right.
 */
export function checkScript(place: Place, run: Source, body: Source, reader: Reader): void {
  const text = run.value as string
  if (!isTemplate(text)) return
  checkTemplateText(place, run, { ...reader, secrets: true })
  const found = scanTemplate(text).segments.filter((segment) => segment.kind === 'expression')
  const names = bindings(
    found.map((segment) => segment.source.trim()),
    body,
  )
  const fix = bindFix(run, body, found, names)
  for (const [index, segment] of found.entries()) {
    const name = names[index]!
    tell(
      place.session,
      'plan/injection',
      spanIn(run, segment.start - 3, segment.end + 2),
      'an expression is never pasted into a script',
      {
        hint: `bind it by \`env: { ${name}: "\${{ ${segment.source.trim()} }}" }\` and write \`"$${name}"\` in the script`,
        ...(fix && { fix }),
      },
    )
  }
}

/** A name for each expression: from its last word, one name for equal expressions, none that is taken. */
function bindings(sources: readonly string[], body: Source): string[] {
  const taken = new Set(entries(child(body, 'env')).map(([name]) => name))
  const names = new Map<string, string>()
  return sources.map((source) => {
    const known = names.get(source)
    if (known !== undefined) return known
    const words = source.match(/[A-Za-z_]\w*/g) ?? []
    const base = (/^[\w.]+$/.test(source) ? words.at(-1) : words[0])?.toUpperCase() ?? 'VALUE'
    const safe = ['PATH', 'HOME', 'USER', 'SHELL', 'LANG', 'TERM', 'TZ', 'PWD', 'IFS', 'ENV'].includes(base)
      ? `${base}_VALUE`
      : base
    let name = safe
    for (let count = 2; taken.has(name); count++) name = `${safe}_${count}`
    taken.add(name)
    names.set(source, name)
    return name
  })
}

/** One edit for all expressions of the script, where the text stands in the file as it is. */
function bindFix(
  run: Source,
  body: Source,
  found: readonly { source: string; start: number; end: number }[],
  names: readonly string[],
): Fix | undefined {
  const { document } = run
  const scalar = document.scalar(run.path)
  if (scalar === undefined) return undefined
  const { text } = document.file
  const edits: { span: { start: number; end: number }; text: string }[] = []
  for (const [index, segment] of found.entries()) {
    const start = scalar.offsetAt(segment.start - 3)
    const end = scalar.offsetAt(segment.end + 1) + 1
    if (text.slice(start, end) !== scalar.value.slice(segment.start - 3, segment.end + 2)) return undefined
    const quoting = quotesAt(scalar.value, segment.start - 3)
    if (quoting === 'single') return undefined
    // in a double-quoted YAML scalar a quote must be escaped; where the shell text already quotes, braces are enough
    const quote = text[scalar.span.start] === '"' ? '\\"' : '"'
    edits.push({
      span: { start, end },
      text: quoting === 'double' ? `\${${names[index]}}` : `${quote}$${names[index]}${quote}`,
    })
  }
  const pairs = [...new Map(found.map((segment, index) => [names[index]!, segment.source.trim()]))]
  const entry = pairs.map(([name, source]) => `${name}: ${JSON.stringify(`\${{ ${source} }}`)}`)
  const env = child(body, 'env')
  if (env !== undefined) {
    const { span } = valueAt(env)
    if (text[span.start] !== '{') return undefined
    const empty = entries(env).length === 0
    edits.push({
      span: { start: span.start + 1, end: span.start + 1 },
      text: ` ${entry.join(', ')}${empty ? ' ' : ','}`,
    })
  } else {
    const { start } = document.locate(run.path, 'key').span
    const flow = text[document.locate(body.path, 'value').span.start] === '{'
    const column = start - (text.lastIndexOf('\n', start - 1) + 1)
    const line = `env: { ${entry.join(', ')} }`
    edits.push({ span: { start, end: start }, text: flow ? `${line}, ` : `${line}\n${' '.repeat(column)}` })
  }
  return {
    title: 'bind the expressions through `env`',
    safe: true,
    edits: edits.toSorted((a, b) => a.span.start - b.span.start),
  }
}

/** Which quotes of the shell are open at a place of a script. */
function quotesAt(script: string, offset: number): 'none' | 'single' | 'double' {
  let open: 'none' | 'single' | 'double' = 'none'
  for (let at = 0; at < offset; at++) {
    const char = script[at]
    if (char === '\\' && open !== 'single') at++
    else if (char === "'" && open !== 'double') open = open === 'single' ? 'none' : 'single'
    else if (char === '"' && open !== 'single') open = open === 'double' ? 'none' : 'double'
  }
  return open
}

/** Programs that take code as an argument, and the options behind which it stands. */
const INTERPRETERS: { readonly [program: string]: readonly string[] } = {
  sh: ['-c'],
  bash: ['-c'],
  dash: ['-c'],
  zsh: ['-c'],
  ksh: ['-c'],
  fish: ['-c', '--command'],
  python: ['-c'],
  node: ['-e', '--eval', '-p', '--print'],
  bun: ['-e', '--eval'],
  ruby: ['-e'],
  perl: ['-e', '-E'],
  php: ['-r'],
  lua: ['-e'],
  osascript: ['-e'],
  pwsh: ['-c', '-Command'],
  powershell: ['-Command'],
  psql: ['-c', '--command'],
  mysql: ['-e', '--execute'],
}
/** Programs whose code is a plain argument: from the first, the second, ... that is neither an option nor its value. */
const POSITIONAL: { readonly [program: string]: { readonly from: number; readonly to: number } } = {
  awk: { from: 0, to: 0 },
  gawk: { from: 0, to: 0 },
  sqlite3: { from: 1, to: 1 },
  ssh: { from: 1, to: Infinity },
  eval: { from: 0, to: Infinity },
}

/** An expression as the code argument of an interpreter is a paste into a script with another name. */
export function checkArguments(place: Place, argv: readonly Source[]): void {
  const words = argv.map((word) => (typeof word.value === 'string' ? word.value : ''))
  let first = 0
  while (
    first < words.length &&
    (/^(?:.*\/)?(?:env|nice|nohup|time|sudo|command|exec)$/.test(words[first]!) || /^\w+=/.test(words[first]!))
  )
    first++
  // one program may start another: `docker exec web sh -c`, `xargs sh -c`, `timeout 5 sh -c`
  const programs = words.flatMap((_, at) => (at === first || (at > first && isInterpreter(words[at]!)) ? [at] : []))
  const code = programs.flatMap((from) =>
    codeArguments(words, from + 1, baseOf(words[from]!)).map((at) => ({ from, at })),
  )
  for (const { from, at } of code) {
    const word = words[at]!
    if (!isTemplate(word)) continue
    const program = words[from]!.split('/').at(-1)!
    // one that is never closed is told as that
    const segment = scanTemplate(word).segments.find((part) => part.kind === 'expression')
    if (segment === undefined) continue
    tell(
      place.session,
      'plan/interpreter',
      spanIn(argv[at]!, segment.start - 3, segment.end + 2),
      `\`${program}\` would run this value as code`,
      {
        hint: 'keep the code fixed and give the value as an argument or by `env`, where the code reads it as data',
      },
    )
    return
  }
}

/** The name of a program without its folder and version: `python` of `/usr/bin/python3.12`. */
function baseOf(word: string): string {
  const program = word.split('/').at(-1)!
  return Object.hasOwn(INTERPRETERS, program) ? program : program.replace(/[\d.]+$/, '')
}

function isInterpreter(word: string): boolean {
  return Object.hasOwn(INTERPRETERS, baseOf(word))
}

/** The indexes of the words that a program takes as code. */
function codeArguments(words: readonly string[], start: number, program: string): number[] {
  const options = Object.hasOwn(INTERPRETERS, program) ? INTERPRETERS[program]! : []
  const positional = Object.hasOwn(POSITIONAL, program) ? POSITIONAL[program]! : undefined
  const found: number[] = []
  let plain = 0
  for (let at = start; at < words.length; at++) {
    const [before, word] = [words[at - 1]!, words[at]!]
    const joined = options.some((option) => option.startsWith('--') && word.startsWith(`${option}=`))
    if (joined || (at > start && isOption(before, options))) found.push(at)
    if (positional === undefined || word.startsWith('-') || (at > start && /^-[A-Za-z]$/.test(before))) continue
    if (plain >= positional.from && plain <= positional.to) found.push(at)
    plain++
  }
  return found
}

/** `-c`, also in a cluster such as `-ec` or `-lc`. */
function isOption(word: string, options: readonly string[]): boolean {
  if (options.includes(word)) return true
  return /^-[A-Za-z]+$/.test(word) && options.some((option) => /^-[A-Za-z]$/.test(option) && word.endsWith(option[1]!))
}
