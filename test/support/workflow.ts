/**
 * The commands that GitHub's runner would take from an output, by name, as it reads it: line by line, at carriage returns
 * too; `::name::` where a line begins, else `##[name]` anywhere; and nothing between `stop-commands` and its word.
 */
export function commandsIn(output: string): readonly string[] {
  const found: string[] = []
  let token: string | undefined
  for (const line of output.split(/\r\n|\r|\n/)) {
    const name = /^\s*::([^\s:]+)[^\n]*?::/.exec(line)?.[1] ?? /##\[([^\s\]]+)[^\]]*\]/.exec(line)?.[1]
    if (name === undefined) continue
    if (token !== undefined) {
      if (name === token) token = undefined
    } else if (name === 'stop-commands') token = line.split('::').at(-1)!
    else found.push(name)
  }
  return found
}
