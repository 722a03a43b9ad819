import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StoreError } from '../ports/store.ts'
import type { RunSummary } from '../store/index-db.ts'
import type { Store } from '../store/store.ts'
import { nearest } from '../util/nearest.ts'
import { writeWhole } from '../util/write-whole.ts'
import { jsonText } from '../views/json.ts'
import { html } from '../views/report/html.ts'
import { markdown } from '../views/report/markdown.ts'
import { createOverview, type Range } from '../views/report/overview.ts'
import { overviewPage } from '../views/report/overview-page.ts'
import type { Page } from '../views/report/page.ts'
import { runPage } from '../views/report/run-page.ts'
import { runReport } from '../views/report/run-report.ts'
import { unheardIn } from '../views/terminal/unheard.ts'
import { answeredMeanwhile, eventsOf } from './answered.ts'
import type { ExitCode, Io } from './io.ts'
import { withRun, withStore } from './open-run.ts'
import { parseMoment } from './parse-moment.ts'
import { targetsHere } from './targets.ts'
import { UsageError } from './usage-error.ts'

type Format = 'markdown' | 'json' | 'html'

export interface ReportCommand {
  /** One run; undefined: all that the rest says. */
  readonly id?: string | undefined
  readonly since?: string
  readonly until?: string
  readonly pipeline?: string
  readonly format?: Format
  readonly json?: boolean
  readonly output?: string
}

/** A report, and what its reader has to know besides. */
interface MadeReport {
  readonly data: unknown
  readonly page: () => Page
  /** What is missing in it, and why. */
  readonly fault?: string | undefined
}

/**
 * `opsflow report RUN` and `opsflow report --since 7d`: the result of one run, or many runs at a glance, made of what is
 * on record alone.
 */
export async function report(options: ReportCommand, io: Io): Promise<ExitCode> {
  const print = printer(options, io)
  const made = await makeReport(options, io)
  print(made)
  if (made.fault === undefined) return 0
  io.stderr.write(`opsflow: ${made.fault}\n`)
  return 1
}

/** The same for whoever shows it in another way. */
export function makeReport(options: ReportCommand, io: Io): Promise<MadeReport> {
  const { id, since, until, pipeline } = options
  const isMany = since !== undefined || until !== undefined || pipeline !== undefined
  if (id !== undefined && isMany)
    throw new UsageError(
      '`--since`, `--until` and `--pipeline` choose among many runs, and one is named',
      'leave out the run, or them',
    )
  if (id !== undefined) return reportOne(id, io)
  const nowMs = Date.now()
  return withStore(io, async (store) => {
    if (!isMany) throw whichRun(store)
    const range = rangeOf(options, nowMs)
    // They are of all that a coordinator does, not of one pipeline.
    const targets = pipeline === undefined ? await targetsHere(io) : []
    return reportMany(store, createOverview(range, targets), range, nowMs)
  })
}

type Overview = ReturnType<typeof createOverview>

function reportOne(id: string, io: Io): Promise<MadeReport> {
  return withRun(
    id,
    io,
    async ({ reader, events, state, liveness, damage }): Promise<MadeReport> => {
      const told = eventsOf(answeredMeanwhile(reader, events, state, liveness), state)
      const data = runReport([...events, ...told], reader.plan(), { liveness, nowMs: Date.now(), damage })
      const fault = damage && `${damage}; the report is of what stands before it`
      return { data, page: () => runPage(data), fault }
    },
    { damage: 'told' },
  )
}

function reportMany(store: Store, overview: Overview, range: Range, nowMs: number): MadeReport {
  const all = store.list()
  refuseUnknown(range.pipeline, all)
  let unread = 0
  for (const run of all) {
    if (run.phase === 'unreadable' || (isIn(run, range) && !add(store, run.run, overview, nowMs))) {
      overview.unread(run.run)
      unread += 1
    }
  }
  const data = overview.result()
  const page = () => overviewPage(data)
  if (unread === 0) return { data, page }
  const what = unread === 1 ? '1 run cannot be read and is' : `${unread} runs cannot be read and are`
  return { data, page, fault: `${what} not counted: ${data.unread.map((run) => `\`${run}\``).join(', ')}` }
}

function isIn({ createdAt, pipeline }: RunSummary, range: Range): boolean {
  return (
    createdAt >= (range.since ?? 0) &&
    createdAt < range.until &&
    (range.pipeline === undefined || pipeline === range.pipeline)
  )
}

/** Adds a run; false where its record cannot be read whole. */
function add(store: Store, run: string, overview: Overview, nowMs: number): boolean {
  try {
    const reader = store.reader(run)
    try {
      const { liveness, events, damaged, lostTail } = reader.whole()
      if (damaged !== undefined || lostTail.length > 0 || events.length === 0) return false
      overview.add(runReport(events, reader.plan(), { liveness, nowMs }))
      return true
    } finally {
      reader.close()
    }
  } catch (error) {
    if (error instanceof StoreError) return false
    throw error
  }
}

function rangeOf({ since, until, pipeline }: ReportCommand, nowMs: number): Range {
  const from = since === undefined ? undefined : parseMoment('--since', since, nowMs)
  const to = until === undefined ? nowMs : parseMoment('--until', until, nowMs)
  if (from !== undefined && from >= to)
    throw new UsageError(
      '`--since` is not before `--until`',
      'both are moments, or durations back from now: 7d is before 1d',
    )
  return { ...(from === undefined ? {} : { since: from }), until: to, ...(pipeline === undefined ? {} : { pipeline }) }
}

/** A pipeline that never ran is most likely a slip, and an empty report would hide it. */
function refuseUnknown(pipeline: string | undefined, all: readonly RunSummary[]): void {
  if (pipeline === undefined || all.some((run) => run.pipeline === pipeline)) return
  const known = [...new Set(all.flatMap((run) => run.pipeline ?? []))]
  const near = nearest(pipeline, known)
  throw new UsageError(
    `no run of a pipeline \`${pipeline}\` is recorded`,
    near !== undefined
      ? `did you mean \`${near}\`?`
      : known.length === 0
        ? 'no run is recorded at all'
        : `there are runs of ${known
            .slice(0, 8)
            .map((name) => `\`${name}\``)
            .join(', ')}`,
  )
}

function whichRun(store: Store): UsageError {
  const newest = store.list()[0]
  return new UsageError(
    'say which run, or since when: `opsflow report RUN` or `opsflow report --since 7d`',
    newest === undefined ? 'no run is recorded yet' : `the newest run is \`${newest.run}\``,
  )
}

/** Where the report goes, and in which form; what is wrong with either is said before anything is read. */
function printer(options: ReportCommand, io: Io): (made: MadeReport) => void {
  const { output } = options
  const format = formatOf(options)
  const path = output === undefined ? undefined : outputPath(output, io)
  return (made) => {
    const text = reportText(made, format)
    if (path === undefined) io.stdout.write(format === 'markdown' ? unheardIn(io.env, text) : text)
    else writeWhole(path, text)
  }
}

export function reportText({ data, page }: MadeReport, format: Format): string {
  if (format === 'json') return `${jsonText(data)}\n`
  return format === 'html' ? html(page()) : markdown(page())
}

const ENDINGS: Readonly<Record<string, Format>> = { json: 'json', html: 'html', htm: 'html' }

/** What was asked for; else what the name of the file says; else markdown. */
function formatOf({ format, json, output }: ReportCommand): Format {
  if (json && format !== undefined && format !== 'json')
    throw new UsageError(`\`--json\` and \`--format ${format}\` ask for two forms`, 'leave out one of them')
  if (json) return 'json'
  return format ?? ENDINGS[/\.(\w+)$/.exec(output ?? '')?.[1]?.toLowerCase() ?? ''] ?? 'markdown'
}

function outputPath(output: string, io: Io): string {
  const path = resolve(io.cwd, output)
  if (output === '' || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new UsageError(`\`--output ${output}\` names no file`, 'give a file, such as report.html')
  const folder = dirname(path)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`the folder of \`--output ${output}\` is not there`, `make it first: mkdir -p ${folder}`)
  return path
}
