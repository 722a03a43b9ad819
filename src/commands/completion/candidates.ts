/**
 * What may stand in a place of the command line, looked up where it is: pipelines in the project, runs in its state. Takes
 * the words so far; gives candidates. Whatever cannot be looked up offers nothing: nobody who presses TAB wants a message.
 */
import { CODES } from '../../diagnostics/codes.ts'
import type { WaitSpec } from '../../events/events.ts'
import { openQuestions } from '../../events/questions.ts'
import type { RunSummary } from '../../store/index-db.ts'
import type { CommandFacts } from '../command-facts.ts'
import { templates } from '../init.ts'
import type { Io } from '../io.ts'
import { type OpenRun, withRun, withStore } from '../open-run.ts'
import { type LoadedProject, loadProject, resolvePipeline } from '../project.ts'
import { type Position, positionOf } from './position.ts'
import { SHELLS } from './scripts.ts'

/** One word that fits, and what is said of it where the shell shows that. */
export interface Candidate {
  readonly value: string
  readonly text?: string
}

export interface Offer {
  readonly candidates: readonly Candidate[]
  /** Names of files fit too. */
  readonly files: boolean
}

const NOTHING: Offer = { candidates: [], files: false }

/** What fits the last of the words behind `opsflow`: only what begins as it does. */
export async function offer(words: readonly string[], commands: readonly CommandFacts[], io: Io): Promise<Offer> {
  const position = positionOf(words, commands)
  const before = position.kind === 'value' ? position.before : ''
  const written = words.at(-1) ?? ''
  const { candidates, files } = await lookUp(position, commands, io).catch(() => NOTHING)
  const whole = candidates.map((one) => ({ ...one, value: before + one.value }))
  // What a shell would take for something else, or would not show as it is, is not offered.
  const sane = whole.filter(({ value }) => value !== '' && !/\p{C}/u.test(value))
  return { candidates: beginning(sane, written), files }
}

/** A run may also be named by its last part: where no name begins so, the parts that do are offered. */
function beginning(all: readonly Candidate[], written: string): readonly Candidate[] {
  const found = all.filter(({ value }) => value.startsWith(written))
  if (found.length > 0) return found
  const tails = all.flatMap((one) => {
    const tail = /^\d{8}-\d{6}-(\w+)$/.exec(one.value)?.[1]
    return tail?.startsWith(written) ? [{ ...one, value: tail }] : []
  })
  return tails
}

async function lookUp(position: Position, commands: readonly CommandFacts[], io: Io): Promise<Offer> {
  const only = (candidates: readonly Candidate[]): Offer => ({ candidates, files: false })
  if (position.kind === 'command') return only(commands.map(({ name, text }) => ({ value: name, text })))
  if (position.kind === 'nowhere') return NOTHING
  const { command } = position
  if (position.kind === 'flag') {
    const left = command.options.filter(
      ({ names, value }) => value !== undefined || !names.some((one) => position.given.includes(one)),
    )
    return only(left.map(({ names, text }) => ({ value: names.at(-1)!, text })))
  }
  const { operands } = position
  if (position.kind === 'value') {
    const { option } = position
    if (option.choices.length > 0) return only(option.choices.map((value) => ({ value })))
    return only(await valuesOf(option.names.at(-1)!, command.name, operands, io))
  }
  switch (position.name) {
    case 'pipeline':
      return { candidates: await pipelines(io), files: true }
    case 'paths':
      return { candidates: [], files: true }
    case 'run':
    case 'runs':
      return only(await runs(command.name, io))
    case 'step':
    case 'gate':
      return only(await steps(command.name, operands[0]!, io))
    case 'values':
      return only(await fields(operands, io))
    case 'name':
      return only(command.name === 'signal' ? await signals(io) : [])
    case 'template':
      return only(templates().map(({ name, text }) => ({ value: name, text })))
    case 'shell':
      return only(SHELLS.map((value) => ({ value })))
    default:
      return NOTHING
  }
}

async function valuesOf(
  flag: string,
  command: string,
  operands: readonly string[],
  io: Io,
): Promise<readonly Candidate[]> {
  if (flag === '--explain') return Object.entries(CODES).map(([value, { summary }]) => ({ value, text: summary }))
  const [first] = operands
  if (first === undefined) return []
  if (flag === '--input') return inputs(first, io)
  if (flag === '--approve') return approvals(first, io)
  if (flag === '--step') return steps(command, first, io)
  if (flag === '--payload') return payload(first, io)
  return []
}

const described = (value: string, text: string | undefined): Candidate =>
  text === undefined ? { value } : { value, text }

async function pipelines(io: Io): Promise<readonly Candidate[]> {
  const project = await loadProject(io)
  return [...project.pipelines].map(([name, { value }]) => described(name, value.description))
}

async function signals(io: Io): Promise<readonly Candidate[]> {
  const project = await loadProject(io)
  const answered = [...project.coordinators.values()].flatMap(({ value }) =>
    Object.entries(value.signals).map(([name, { description }]) => described(name, description)),
  )
  const accepted = [...project.pipelines.values()].flatMap(({ value }) => value.signals?.accepts ?? [])
  const known = new Set(answered.map(({ value }) => value))
  return [...answered, ...[...new Set(accepted)].filter((name) => !known.has(name)).map((value) => ({ value }))]
}

async function payload(signal: string, io: Io): Promise<readonly Candidate[]> {
  const project = await loadProject(io)
  const schemas = [...project.coordinators.values()].flatMap(({ value }) => {
    const entry = value.signals[signal]
    return entry === undefined ? [] : [value.payload ?? {}, entry.payload ?? {}]
  })
  return namesWithEquals(Object.assign({}, ...schemas) as Schemas)
}

interface Schemas {
  readonly [name: string]: { readonly description?: string; readonly enum?: readonly unknown[] }
}

/** `name=` for each, and `name=value` where the values are counted. */
function namesWithEquals(schemas: Schemas): readonly Candidate[] {
  return Object.entries(schemas).flatMap(([name, schema]) =>
    schema.enum === undefined
      ? [described(`${name}=`, schema.description)]
      : schema.enum.map((value) => described(`${name}=${String(value)}`, schema.description)),
  )
}

async function pipelineOf(
  named: string,
  io: Io,
): Promise<{ readonly project: LoadedProject; readonly name: string } | undefined> {
  const project = await loadProject(io, /[\\/]|\.ya?ml$/.test(named) ? { files: [named] } : {})
  const found = resolvePipeline(project, named, io)
  return found.ok ? { project, name: found.name } : undefined
}

async function inputs(named: string, io: Io): Promise<readonly Candidate[]> {
  const found = await pipelineOf(named, io)
  return namesWithEquals((found?.project.pipelines.get(found.name)?.value.inputs ?? {}) as Schemas)
}

async function approvals(named: string, io: Io): Promise<readonly Candidate[]> {
  const found = await pipelineOf(named, io)
  const names = new Set<string>()
  const seen = new Set<string>()
  const visit = (pipeline: string): void => {
    const value = found?.project.pipelines.get(pipeline)?.value
    if (value === undefined || seen.has(pipeline)) return
    seen.add(pipeline)
    for (const [id, step] of Object.entries(value.steps)) {
      if (step.approval !== undefined) names.add(id)
      if (typeof step.pipeline === 'string') visit(step.pipeline)
    }
  }
  if (found !== undefined) visit(found.name)
  return [...names].map((value) => ({ value }))
}

const ENDED = ['retry', 'prune']
const OPEN = ['resume', 'cancel', 'watch', 'approve', 'reject', 'answer', 'bypass', 'note']
const MOST_RUNS = 50

/** Runs for which the command makes sense, newest first. */
async function runs(command: string, io: Io): Promise<readonly Candidate[]> {
  const fits = ({ phase }: RunSummary): boolean =>
    ENDED.includes(command) ? phase === 'ended' : OPEN.includes(command) ? phase !== 'ended' : true
  return withStore(io, async (store) =>
    store
      .list()
      .filter(fits)
      .slice(0, MOST_RUNS)
      .map(({ run, pipeline, phase, outcome }) => described(run, `${pipeline ?? 'unknown'}: ${outcome ?? phase}`)),
  )
}

/** What a command may decide: the kinds of questions that it answers. */
const DECIDES: { readonly [command: string]: readonly WaitSpec['kind'][] } = {
  approve: ['approval', 'interrupted'],
  reject: ['approval', 'answer', 'bypass', 'interrupted'],
  answer: ['answer'],
  bypass: ['bypass'],
}

function lookInto(run: string, io: Io, look: (open: OpenRun) => readonly Candidate[]): Promise<readonly Candidate[]> {
  return withRun(run, io, async (open) => look(open), { damage: 'told' })
}

function steps(command: string, run: string, io: Io): Promise<readonly Candidate[]> {
  const kinds = DECIDES[command]
  return lookInto(run, io, ({ state }) =>
    kinds === undefined
      ? [...state.steps.values()].map(({ path, status }) => ({ value: path, text: status }))
      : openQuestions(state)
          .filter(({ wait }) => kinds.includes(wait.kind))
          .map(({ path, wait }) => ({ value: path.replace(/^gate:/, ''), text: wait.prompt })),
  )
}

function fields([run, step]: readonly string[], io: Io): Promise<readonly Candidate[]> {
  return lookInto(run!, io, ({ state }) => {
    const question = openQuestions(state).find(({ path, wait }) => path === step && wait.kind === 'answer')
    return namesWithEquals((question?.wait.answer ?? {}) as unknown as Schemas)
  })
}
