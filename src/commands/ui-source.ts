import { closeSync, fstatSync, lstatSync, readSync } from 'node:fs'
import { basename, join } from 'node:path'
import { positionOf } from '../diagnostics/lines.ts'
import type { RunEvent } from '../events/events.ts'
import { attemptToken } from '../events/path.ts'
import { emptyState, reduce } from '../events/reduce.ts'
import { schemasFor } from '../plan/answer.ts'
import { compileCoordinator } from '../plan/coordinator.ts'
import type {
  CoordinatorPicture,
  FileRow,
  Finding,
  LogInfo,
  ReportAsked,
  ReportForm,
  ReportPicture,
  RunChange,
  RunFilter,
  RunList,
  RunRow,
} from '../server/api.ts'
import { createDiffer, planPicture } from '../server/picture.ts'
import { type LogPiece, NotThere, type Source } from '../server/source.ts'
import type { RunReader } from '../store/reader.ts'
import type { Store } from '../store/store.ts'
import { logName } from '../util/log-name.ts'
import { openFile, READ } from '../util/no-links.ts'
import { makeStyle } from '../views/terminal/style.ts'
import { runStatus } from '../views/terminal/words.ts'
import { answeredMeanwhile, withAnswers } from './answered.ts'
import { compileTarget, projectFor } from './compile-pipeline.ts'
import type { Io } from './io.ts'
import { lintWholeProject } from './lint-project.ts'
import { type Attempt, attemptsIn } from './logs.ts'
import { knownPlan } from './open-run.ts'
import { type FoundProject, type LoadedFile, loadProject } from './project.ts'
import { makeReport, reportText } from './report.ts'
import { act, listening } from './ui-act.ts'

const FOLLOW_MS = 200
const PIECE_BYTES = 1 << 18

/** The project as the page sees it: each part read by what the command of that name reads it with. */
export function projectSource(
  store: Store,
  { root, stateDir }: Pick<FoundProject, 'root' | 'stateDir'>,
  io: Io,
): Source {
  return {
    project: () => ({ name: basename(root), root, stateDir, version: io.version, user: io.user.name }),
    runs: (filter) => listRuns(store, filter),
    follow: (run, signal) => followRun(store.reader(run), signal, io),
    logs: (run, path) => {
      const { logs: folder } = store.folder(run)
      return logsOf(folder, path).flatMap((log) => {
        const bytes = lstatSync(fileOf(folder, log), { throwIfNoEntry: false })?.size
        const { attempt, delivery } = log
        return bytes === undefined ? [] : [{ path: log.path, attempt, delivery, bytes }]
      })
    },
    readLog: (run, { from, ...asked }) => {
      const { logs: folder } = store.folder(run)
      const { attempt, delivery, path } = asked
      if (
        !logsOf(folder, path).some((log) => log.path === path && log.attempt === attempt && log.delivery === delivery)
      )
        throw new NotThere(`\`${path}\` has no log of attempt ${attempt}`)
      return readPiece(fileOf(folder, asked), from)
    },
    act: (what) => act(what, io),
    report: (asked, form) => reportFor(asked, form, io),
    files: async () => (await lintedFiles(io)).rows,
    file: async (path) => {
      const { files, findings, rows } = await lintedFiles(io)
      const row = rows.find((one) => one.path === path)
      const file = files.get(path)
      if (row === undefined || file === undefined) throw new NotThere(`\`${path}\` is no file of this project`)
      const text = file.document?.file.text ?? file.diagnostics[0]?.at.file.text ?? ''
      // By its name: a file that is named is looked at in the project around itself.
      const compiled = row.kind === 'pipeline' ? await compileTarget(row.name!, io) : undefined
      const plan = compiled?.result.ok ? compiled.result.value : undefined
      return {
        ...row,
        text,
        plan: plan && planPicture(plan),
        inputs: plan?.pipelines[plan.root]?.inputs,
        findings: findings.filter((finding) => finding.path === path),
      }
    },
    signals: () => coordinators(io),
  }
}

function listRuns(store: Store, { limit, pipeline, status, text }: RunFilter): RunList {
  const plain = makeStyle(false)
  const all = store.list().map(
    (run): RunRow => ({
      run: run.run,
      pipeline: run.pipeline,
      by: run.startedBy?.name,
      createdAt: run.createdAt,
      endedAt: run.endedAt,
      status: runStatus(run, plain),
    }),
  )
  const wanted = text.toLowerCase()
  const fitting = all.filter(
    (row) =>
      (pipeline === '' || row.pipeline === pipeline) &&
      (status === '' || row.status === status) &&
      (wanted === '' || [row.run, row.pipeline, row.by].some((part) => part?.toLowerCase().includes(wanted))),
  )
  const distinct = (values: readonly (string | undefined)[]) =>
    [...new Set(values.filter((one) => one !== undefined))].sort()
  return {
    runs: fitting.slice(0, Math.max(0, limit)),
    total: fitting.length,
    pipelines: distinct(all.map((row) => row.pipeline)),
    statuses: distinct(all.map((row) => row.status)),
  }
}

async function* followRun(reader: RunReader, signal: AbortSignal, io: Io): AsyncGenerator<RunChange> {
  try {
    const differ = createDiffer(io.user)
    let state = emptyState()
    const waits: RunEvent[] = []
    for await (const { damaged, events, liveness } of reader.follow({ signal, intervalMs: FOLLOW_MS })) {
      state = events.reduce(reduce, state)
      waits.push(...events.filter(({ type }) => type === 'wait-opened' || type === 'wait-decided'))
      const seen = withAnswers(state, answeredMeanwhile(reader, waits, state, liveness))
      yield differ(seen, liveness, () => knownPlan(reader), damaged?.message)
    }
  } finally {
    reader.close()
  }
}

/** The logs of a step, then of its checks and repairs: attempt by attempt. */
function logsOf(folder: string, path: string): readonly Attempt[] {
  return attemptsIn(folder, emptyState()).filter(
    (log) => log.path === path || log.path.startsWith(`${path}/check:`) || log.path.startsWith(`${path}/recover:`),
  )
}

function fileOf(folder: string, { path, attempt, delivery }: Omit<LogInfo, 'bytes'>): string {
  return join(folder, logName(attemptToken(path, attempt, delivery)))
}

function readPiece(file: string, wanted: number): LogPiece {
  const fd = openFile(file, READ)
  try {
    const { size } = fstatSync(fd)
    const from = wanted < 0 ? Math.max(0, size + wanted) : Math.min(wanted, size)
    const bytes = new Uint8Array(Math.min(PIECE_BYTES, size - from))
    const read = readSync(fd, bytes, 0, bytes.length, from)
    return { bytes: bytes.subarray(0, read), from, size }
  } finally {
    closeSync(fd)
  }
}

/** What `opsflow report` tells, as the page's blocks or as one of its files. */
async function reportFor({ run, since, pipeline }: ReportAsked, form: ReportForm, io: Io): Promise<string> {
  const here = listening(io)
  const made = await makeReport(
    { ...(run !== undefined && { id: run }), ...(since !== undefined && { since }), ...(pipeline && { pipeline }) },
    here.io,
  )
  if (form !== 'page') return reportText(made, form)
  const fault = [here.said(), made.fault].filter(Boolean).join('\n')
  const picture: ReportPicture = { page: made.page(), fault: fault === '' ? undefined : fault }
  return JSON.stringify(picture)
}

async function lintedFiles(io: Io): Promise<{
  readonly rows: readonly FileRow[]
  readonly files: ReadonlyMap<string, LoadedFile>
  readonly findings: readonly Finding[]
}> {
  const loaded = await loadProject(io)
  const { diagnostics } = await lintWholeProject(loaded, io)
  const findings = diagnostics.map(({ at, code, hint, message, severity }): Finding => {
    const { column, line } = positionOf(at.file, at.span.start)
    return { code, severity, message, hint, path: at.file.path, line, column }
  })
  const files = new Map(
    loaded.files.map((file) => [(file.document?.file ?? file.diagnostics[0]?.at.file)?.path ?? file.path, file]),
  )
  const count = (path: string, severity: string) =>
    findings.filter((finding) => finding.path === path && finding.severity === severity).length
  const rows = [...files].map(([path, { checked }]): FileRow => {
    const name =
      checked?.kind === 'pipeline'
        ? checked.value.pipeline
        : checked?.kind === 'coordinator'
          ? checked.value.coordinator
          : undefined
    return {
      path,
      kind: checked?.kind ?? 'faulty',
      name,
      errors: count(path, 'error'),
      warnings: count(path, 'warning'),
    }
  })
  return { rows, files, findings }
}

async function coordinators(io: Io): Promise<readonly CoordinatorPicture[]> {
  const loaded = await loadProject(io)
  const project = await projectFor(loaded, io)
  const compiled = [...loaded.coordinators].map(([name, { document }]) => {
    return { name, file: document.file.path, result: compileCoordinator(project, name) }
  })
  const plans = compiled.flatMap(({ result }) => (result.ok ? [result.value] : []))
  return compiled.map(({ file, name, result }): CoordinatorPicture => {
    if (!result.ok) {
      const fault = result.diagnostics.find(({ severity }) => severity === 'error')?.message
      return { name, file, description: undefined, signals: [], fault: fault ?? 'it does not compile' }
    }
    const { description, signals } = result.value
    return {
      name,
      file: result.value.file,
      description,
      fault: undefined,
      signals: Object.entries(signals).map(([signal, { forward, from, payload, routes }]) => ({
        signal,
        from,
        payload: Object.keys(payload),
        fields: schemasFor(plans, result.value, signal),
        forward,
        routes: routes.map(({ pipeline, when }) => ({ when, pipeline })),
      })),
    }
  })
}
