/** Transcripts of commands on pages: what of them differs from run to run, and how their words are taken apart. */

export const RUN_ID = /\b\d{8}-\d{6}-[a-z0-9]{5}\b/g

/** What differs from run to run, by its name, and how wide that made its column left out. */
export function normalise(text: string): string {
  return named(text)
    .replace(/(?<=\S) {2,}/g, '  ')
    .trimEnd()
}

/** What differs from run to run, by its name. */
export function named(text: string): string {
  return (
    text
      // In a table the column stays as wide as it is.
      .replace(/^\d{8}-\d{6}-[a-z0-9]{5}(?= {2})/gm, (id) => 'RUN'.padEnd(id.length))
      .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?= {2})/g, (date) => 'DATE'.padEnd(date.length))
      .replace(RUN_ID, 'RUN')
      .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( UTC)?/g, 'DATE')
      .replace(/\bpid \d+/g, 'pid PID')
      .replace(/\bplan [0-9a-f]{12}\b/g, 'plan HASH')
      .replace(/`[0-9a-f]{12}`, opsflow [\d.]+/g, '`HASH`, opsflow VERSION')
      .replace(/(?<![\w.])\d+(?:\.\d+)?(?:ms|s|m \d+s)(?!\w)/g, 'TIME')
      // Whether others ran beside it depends on the machine.
      .replace(/^ {2}critical path TIME: .*\n/gm, '')
      .replace(/\b\d+\.\d MB\b/g, 'SIZE')
      .replace(/[ \t]+$/gm, '')
      .trimEnd()
  )
}

/** Steps that run side by side end in any order: neighbouring lines of steps, each with what is told below it, are a set. */
export function settled(text: string): string {
  const groups: string[][] = []
  let inSteps = false
  for (const line of text.split('\n')) {
    const isStep = /^ {2}(?:[▸✓✗·…○◆↻→] |logs: )/.test(line)
    const isBelow: boolean = /^ {6}/.test(line) && inSteps
    if (isBelow) groups.at(-1)!.push(`${groups.at(-1)!.pop()}\n${line}`)
    else if (isStep && inSteps) groups.at(-1)!.push(line)
    else groups.push([line])
    inSteps = isStep || isBelow
  }
  return groups.map((group) => group.toSorted().join('\n')).join('\n')
}

/** The commands of a transcript, each with what it printed. */
export function commandsOf(transcript: string): { readonly command: string; readonly output: string }[] {
  return transcript
    .split(/^\$ /m)
    .filter(Boolean)
    .map((part) => {
      const [command = '', ...lines] = part.trimEnd().split('\n')
      return { command, output: lines.join('\n') }
    })
}

/** Words as a shell takes them apart, quotes taken off. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  )
}
