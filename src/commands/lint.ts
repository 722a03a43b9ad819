import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CODES } from '../diagnostics/codes.ts'
import { type Diagnostic, hasErrors, report, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { explanationOf, explanationText } from '../diagnostics/explain.ts'
import { applyFixes } from '../lint/fixes.ts'
import { nearest } from '../util/nearest.ts'
import { wantsColour } from '../views/terminal/style.ts'
import { unheardIn } from '../views/terminal/unheard.ts'
import { docsOfCode } from './docs-link.ts'
import type { ExitCode, Io } from './io.ts'
import { type LintFormat, printReport } from './lint-output.ts'
import { lintTargets } from './lint-paths.ts'
import { groupByProject, lintSome, lintWholeProject, type ProjectLint } from './lint-project.ts'
import { loadProject } from './project.ts'
import { decodeSource, type SourceResult } from './read-source.ts'
import { UsageError } from './usage-error.ts'

/** `opsflow lint [PATHS…] [--format F] [--fix] [--explain CODE] [--max-warnings N]` */
export interface LintOptions {
  /** Files, folders, globs, or `-` for standard input; none: the files of the project. */
  readonly paths: readonly string[]
  readonly format?: LintFormat
  readonly fix?: boolean
  readonly explain?: string
  readonly maxWarnings?: number
}

/** What one pass over the files found. */
type Pass = ProjectLint

/** Fixes can uncover others; more passes than this mean two that undo each other, and the findings are shown as they are. */
const MAX_FIX_PASSES = 10

/** Lints files, each whatever is wrong with the others. Exit 0 without errors, 1 with findings, 2 where a named file is not there. */
export async function lint(options: LintOptions, io: Io): Promise<ExitCode> {
  if (options.explain !== undefined) return explain(options.explain, io)
  if (options.paths.includes(''))
    throw new UsageError('one of the paths is empty', 'is a variable of the calling script not set?')
  if (options.fix && options.paths.includes('-'))
    throw new UsageError('`--fix` has no file to write for `-`', 'name the file instead')
  const stdin = options.paths.includes('-') ? decodeSource('<stdin>', await readAll(io.stdin)) : undefined
  let pass = await lintOnce(options.paths, io, stdin)
  let fixed = 0
  for (let round = 0; options.fix && round < MAX_FIX_PASSES; round++) {
    const applied = await fixFiles(pass, io)
    if (applied === 0) break
    fixed += applied
    pass = await lintOnce(options.paths, io, stdin)
  }
  const { diagnostics, files } = pass
  if (files === 0 && diagnostics.length === 0) {
    const where =
      options.paths.length > 0 ? ` in ${options.paths.map((path) => `\`${path}\``).join(', ')}` : ' in this project'
    throw new UsageError(
      `there is nothing to lint${where}`,
      'name files, or let `opsflow init release` make a first pipeline',
    )
  }
  const format = options.format ?? 'text'
  const color = wantsColour(io.stdout, io.env)
  const found = { diagnostics, files, fixed, version: io.version, color, columns: io.stdout.columns }
  const text = printReport(format, found)
  io.stdout.write(format === 'text' ? unheardIn(io.env, text) : text)
  if (format === 'text' && pass.notice !== undefined) io.stdout.write(`${pass.notice}\n`)
  if (diagnostics.some((diagnostic) => diagnostic.code === 'file/missing')) return 2
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === 'warning').length
  return hasErrors(diagnostics) || warnings > (options.maxWarnings ?? pass.maxWarnings ?? Number.POSITIVE_INFINITY)
    ? 1
    : 0
}

async function lintOnce(paths: readonly string[], io: Io, stdin: SourceResult | undefined): Promise<Pass> {
  if (paths.length === 0) return lintWholeProject(await loadProject(io), io)
  const targets = await lintTargets(paths, io.cwd)
  const parts: ProjectLint[] = []
  for (const group of (await groupByProject(targets.files, io)).values()) parts.push(await lintSome(group, io, stdin))
  const found = [...targets.unmatched.map(unmatched), ...parts.flatMap((part) => part.diagnostics)]
  return {
    sources: parts.flatMap((part) => part.sources),
    diagnostics: sortDiagnostics(found),
    files: parts.reduce((sum, part) => sum + part.files, 0),
    maxWarnings: parts.length === 1 ? parts[0]!.maxWarnings : undefined,
  }
}

function unmatched(pattern: string): Diagnostic {
  const at = { file: { path: pattern, text: '' }, span: { start: 0, end: 0 } }
  return report('file/missing', at, `no file matches \`${pattern}\``, {
    hint: 'in quotes the pattern reaches opsflow as it is',
  })
}

/** Writes the mended texts; the number of fixes that went in. */
async function fixFiles({ diagnostics, sources }: Pass, io: Io): Promise<number> {
  let count = 0
  for (const file of sources) {
    const { applied, text } = applyFixes(file, diagnostics)
    if (applied === 0) continue
    await writeFile(resolve(io.cwd, file.path), text)
    count += applied
  }
  return count
}

function explain(code: string, io: Io): ExitCode {
  const explanation = explanationOf(code)
  if (!explanation) {
    const near = nearest(code, Object.keys(CODES))
    throw new UsageError(
      `there is no code \`${code}\``,
      near === undefined ? 'the code stands in brackets behind each finding' : `did you mean \`${near}\`?`,
    )
  }
  io.stdout.write(`${explanationText(explanation)}\ndocs: ${docsOfCode(explanation.code)}\n`)
  return 0
}

async function readAll(stdin: Io['stdin']): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stdin) chunks.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
  return Buffer.concat(chunks)
}
