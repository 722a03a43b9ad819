import type { Diagnostic } from './diagnostic.ts'
import { endPositionOf, positionOf } from './lines.ts'
import { printable } from './printable.ts'

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const

/** One diagnostic as a workflow command, which GitHub shows at its line of a pull request. */
export function renderGithub({ at, code, hint, message, severity }: Diagnostic): string {
  const start = positionOf(at.file, at.span.start)
  const end = endPositionOf(at.file, at.span)
  const isOneLine = start.line === end.line
  return workflowCommand(
    COMMANDS[severity],
    {
      file: at.file.path,
      line: `${start.line}`,
      endLine: `${end.line}`,
      col: isOneLine ? `${start.column}` : undefined,
      endColumn: isOneLine ? `${end.column}` : undefined,
      title: code,
    },
    hint === undefined ? message : `${message}\nhint: ${hint}`,
  )
}

/** Any workflow command: its name, what it is about, what it says. No text can end it and begin another. */
export function workflowCommand(
  name: string,
  properties: { readonly [name: string]: string | undefined },
  message: string,
): string {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(value)}`],
  )
  return `::${name}${given.length === 0 ? '' : ` ${given.join(',')}`}::${escapeMessage(message)}`
}

function escapeMessage(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line).replaceAll('%', '%25'))
    .join('%0A')
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
