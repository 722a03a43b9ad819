/** A command as its help has it, as data: what completion offers is made from this and from nothing else. */
export interface CommandFacts {
  readonly name: string
  readonly text: string
  readonly operands: readonly { readonly name: string; readonly variadic: boolean }[]
  readonly options: readonly OptionFacts[]
}

export interface OptionFacts {
  /** As it is written: `--input`, and `-i` where it has a short form. */
  readonly names: readonly string[]
  readonly text: string
  /** What stands for its value in the help: `name=value`; undefined where it takes none. */
  readonly value: string | undefined
  readonly choices: readonly string[]
}
