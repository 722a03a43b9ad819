import type { CommandFacts, OptionFacts } from '../command-facts.ts'

/** What a person is about to write: a command, a flag, the value of a flag, or an operand of a command. */
export type Position =
  | { readonly kind: 'command' }
  /** Behind a command that there is not. */
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'flag'; readonly command: CommandFacts; readonly given: readonly string[] }
  | {
      readonly kind: 'value'
      readonly command: CommandFacts
      readonly option: OptionFacts
      readonly operands: readonly string[]
      /** What stands before the value in the same word: `--format=`. */
      readonly before: string
    }
  | {
      readonly kind: 'operand'
      readonly command: CommandFacts
      /** Its name in the help: `run`; undefined behind the last. */
      readonly name: string | undefined
      readonly operands: readonly string[]
    }

/** Reads the words behind `opsflow`; the last one, perhaps empty, is being written. */
export function positionOf(words: readonly string[], commands: readonly CommandFacts[]): Position {
  const asksHelp = words[0] === 'help' && words.length > 1
  const [name = '', ...more] = asksHelp ? words.slice(1) : words
  const command = commands.find((one) => one.name === name)
  if (more.length === 0) return { kind: 'command' }
  if (asksHelp || command === undefined) return { kind: 'nowhere' }
  const before = more.slice(0, -1)
  const last = more.at(-1)!
  const named = (word: string) => command.options.find(({ names }) => names.includes(word))
  const operands: string[] = []
  const given: string[] = []
  let waiting: OptionFacts | undefined
  let plain = false
  for (const word of before) {
    if (waiting !== undefined) waiting = undefined
    else if (plain || !word.startsWith('-')) operands.push(word)
    else if (word === '--') plain = true
    else {
      given.push(word.split('=')[0]!)
      waiting = named(word)?.value === undefined ? undefined : named(word)
    }
  }
  if (waiting !== undefined) return { kind: 'value', command, option: waiting, operands, before: '' }
  const [, flag, rest] = /^(--[\w-]+)=(.*)$/s.exec(last) ?? []
  const option = flag === undefined || plain ? undefined : named(flag)
  if (option?.value !== undefined && rest !== undefined)
    return { kind: 'value', command, option, operands, before: `${flag}=` }
  if (!plain && last.startsWith('-')) return { kind: 'flag', command, given }
  const slot =
    command.operands[operands.length] ?? (command.operands.at(-1)?.variadic ? command.operands.at(-1) : undefined)
  return { kind: 'operand', command, name: slot?.name, operands }
}
