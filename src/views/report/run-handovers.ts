import type { ReportEscalation, ReportHandoff, ReportNextStep } from '../../model/generated/outputs.types.ts'
import { short } from '../terminal/event-lines.ts'
import type { Block, Line, Piece } from './page.ts'
import { readable } from './steps.ts'
import { moment } from './words.ts'

/** Names in one line; what is more is counted. */
const MOST = 100

/** What was handed up, and what can be done about it. */
export function escalation({ at, path, from, to, issue, done, options }: ReportEscalation): readonly Block[] {
  return [
    { kind: 'heading', text: 'Escalation' },
    {
      kind: 'facts',
      rows: [
        ['Issue', [issue]],
        ['Where', path === '' ? ['the run'] : [{ code: readable(path) }]],
        ['When', [moment(at)]],
        ['Handed up', [`by ${from} to ${to}`]],
        ['Done all the same', names(done)],
      ],
    },
    { kind: 'subheading', line: ['What can be done, best first'] },
    ...steps(options),
  ]
}

/** Work that went from one to another, and how it stood then. */
export function handoffs(all: readonly ReportHandoff[]): readonly Block[] {
  if (all.length === 0) return []
  const blocks: Block[] = [{ kind: 'heading', text: 'Handoffs' }]
  for (const { kind, at, from, to, path, source, made, state, done, remaining, findings } of all) {
    blocks.push({ kind: 'subheading', line: [`${from} to ${to}`] })
    const rows: [string, Line][] = [['When', [moment(at)]]]
    if (state !== undefined) rows.push(['State', [state]])
    if (kind === 'agents') rows.push(['Made by', names([source ?? ''])], ['Taken by', names([path ?? ''])])
    else rows.push(['Done', names(done)], ['Remaining', names(remaining)])
    for (const [name, value] of Object.entries(made ?? {}))
      if (value !== null) rows.push([`Gave ${name}`, [short(value)]])
    if (findings.length > 0) rows.push(['Findings', [findings.join('; ')]])
    blocks.push({ kind: 'facts', rows })
  }
  return blocks
}

function names(paths: readonly string[]): Line {
  if (paths.length === 0) return ['nothing']
  const listed = paths
    .slice(0, MOST)
    .flatMap((path, i): Piece[] => (i === 0 ? [{ code: readable(path) }] : [', ', { code: readable(path) }]))
  return paths.length > MOST ? [...listed, ` and ${paths.length - MOST} more`] : listed
}

/** What to do now, with the commands that do it. */
export function nextSteps(all: readonly ReportNextStep[]): readonly Block[] {
  return all.length === 0 ? [] : [{ kind: 'heading', text: 'Next steps' }, ...steps(all)]
}

function steps(all: readonly ReportNextStep[]): readonly Block[] {
  const items = all.map(({ text, command }) => ({
    line: command === undefined ? [text] : [`${text}: `, { code: command }],
  }))
  return items.length === 0 ? [] : [{ kind: 'list', items }]
}
