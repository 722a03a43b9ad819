import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CODES } from '../diagnostics/codes.ts'
import { type Diagnostic, hasErrors, report, type SourceFile, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { explanationOf, explanationText } from '../diagnostics/explain.ts'
import { readDocument } from '../document/read.ts'
import { applyFixes } from '../lint/fixes.ts'
import { judgeFiles } from '../lint/lint.ts'
import type { LintedFile } from '../lint/rule.ts'
import type { Severities } from '../lint/severities.ts'
import { kindOf } from '../model/kind.ts'
import { validate } from '../model/validate.ts'
import { nearest } from '../util/nearest.ts'
import { wantsColour } from '../views/terminal/style.ts'
import type { ExitCode, Io } from './io.ts'
import { type LintFormat, printReport } from './lint-output.ts'
import { lintTargets } from './lint-paths.ts'
import { decodeSource, readSource, type SourceResult } from './read-source.ts'
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
interface Pass {
  readonly sources: readonly SourceFile[]
  readonly diagnostics: readonly Diagnostic[]
  readonly files: number
}

/** Fixes can uncover others; more passes than this mean two that undo each other, and the findings are shown as they are. */
const MAX_FIX_PASSES = 10

/** Lints files, each whatever is wrong with the others. Exit 0 without errors, 1 with findings, 2 where a named file is not there. */
export async function lint(options: LintOptions, io: Io): Promise<ExitCode> {
  if (options.explain !== undefined) return explain(options.explain, io)
  if (options.fix && options.paths.includes('-'))
    throw new UsageError('`--fix` has no file to write for `-`', 'name the file instead')
  const stdin = options.paths.includes('-') ? await readAll(io.stdin) : undefined
  let pass = await lintOnce(options.paths, io, stdin)
  let fixed = 0
  for (let round = 0; options.fix && round < MAX_FIX_PASSES; round++) {
    const applied = await fixFiles(pass, io)
    if (applied === 0) break
    fixed += applied
    pass = await lintOnce(options.paths, io, stdin)
  }
  const { diagnostics, files } = pass
  const format = options.format ?? 'text'
  const color = wantsColour(io.stdout, io.env)
  io.stdout.write(
    printReport(format, { diagnostics, files, fixed, version: io.version, color, columns: io.stdout.columns }),
  )
  if (diagnostics.some((diagnostic) => diagnostic.code === 'file/missing')) return 2
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === 'warning').length
  return hasErrors(diagnostics) || (options.maxWarnings !== undefined && warnings > options.maxWarnings) ? 1 : 0
}

async function lintOnce(paths: readonly string[], io: Io, stdin: Uint8Array | undefined): Promise<Pass> {
  const targets = await lintTargets(paths.length > 0 ? paths : ['.'], io.cwd)
  const diagnostics: Diagnostic[] = targets.unmatched.map((pattern) => unmatched(pattern))
  const sources: SourceFile[] = []
  const linted: LintedFile[] = []
  for (const { path, named } of targets.files) {
    const source: SourceResult = path === '-' ? decodeSource('<stdin>', stdin!) : await readSource(path, io)
    if (!source.ok) {
      diagnostics.push(source.diagnostic)
      continue
    }
    const { document, diagnostics: faults } = readDocument(source.file)
    const ours = named || (document ? kindOf(document) !== undefined : looksLikeOurs(source.file))
    if (!ours) continue
    sources.push(source.file)
    diagnostics.push(...faults)
    if (!document) continue
    const checked = validate(document)
    if (!checked.ok) diagnostics.push(...checked.diagnostics)
    linted.push({ document, checked: checked.ok && !hasErrors(faults) ? checked.value : undefined })
  }
  const severities: Severities = {}
  const judged = judgeFiles({ files: linted, project: undefined, plans: new Map(), diagnostics }, severities)
  return { sources, diagnostics: sortDiagnostics(judged), files: sources.length }
}

/** Of a file that was met in a folder and is too broken to tell its kind: whether its first words are ours. */
function looksLikeOurs({ path, text }: SourceFile): boolean {
  return (
    /^\uFEFF?(?:[ \t]*(?:#.*|---.*|%.*|opsflow:.*)?\r?\n)*(?:pipeline|coordinator)[ \t]*:/.test(text) ||
    /(?:^|\/)(?:agents\.ya?ml|opsflow\.config\.\w+|\.opsflowrc[^/]*)$/.test(path)
  )
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
  io.stdout.write(explanationText(explanation))
  return 0
}

async function readAll(stdin: Io['stdin']): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stdin) chunks.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
  return Buffer.concat(chunks)
}
