import { randomUUID } from 'node:crypto'

/** Whether a GitHub workflow reads what is printed here, and takes some lines of it for commands. */
export function isWorkflow(env: { readonly [name: string]: string | undefined }): boolean {
  return env.GITHUB_ACTIONS === 'true'
}

/** What GitHub could take for a command: `::name::` where a line begins, `##[name]` anywhere. */
const COMMAND = /^\s*::|##\[/m

/** Whole lines that others wrote, for the log of a workflow: said while no command is listened to, where one could be read into them. */
export function unheard(text: string): string {
  if (!COMMAND.test(text)) return text
  const [stop, goOn] = stopCommands()
  return `${stop}${text}${text.endsWith('\n') ? '' : '\n'}${goOn}`
}

/** The same where a GitHub workflow reads; elsewhere the text as it is. */
export function unheardIn(env: Parameters<typeof isWorkflow>[0], text: string): string {
  return isWorkflow(env) ? unheard(text) : text
}

/** What is printed between these two is only text. Nobody can know the second beforehand. */
export function stopCommands(): readonly [stop: string, goOn: string] {
  const token = randomUUID()
  return [`::stop-commands::${token}\n`, `::${token}::\n`]
}
