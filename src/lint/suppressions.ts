import { CODES, type Code } from '../diagnostics/codes.ts'
import { type Diagnostic, report, type Span } from '../diagnostics/diagnostic.ts'
import { positionOf } from '../diagnostics/lines.ts'
import type { Comment, Document } from '../document/document.ts'
import { nearest } from '../util/nearest.ts'

/** One code that one comment hides. */
interface Suppression {
  readonly code: Code
  readonly span: Span
  /** The only line it holds for; undefined: the whole file. */
  readonly line: number | undefined
  used: boolean
}

const FORM = /^#\s*opsflow-ignore(-next-line|-file)?(?![\w-])\s*(.*)$/

/** True for what only lint reports: errors of the language stop a run, so hiding them in lint would only move the surprise. */
export function canBeHidden(code: Code): boolean {
  return code.startsWith('lint/') || CODES[code].severity !== 'error'
}

/**
 * Takes away the diagnostics that the comments of a document hide: `# opsflow-ignore CODE -- reason` at the end of the line,
 * `# opsflow-ignore-next-line …` above it, `# opsflow-ignore-file …` for all of the file. Adds what is wrong with the comments.
 */
export function applySuppressions(document: Document, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const { suppressions, faults } = readSuppressions(document)
  if (suppressions.length === 0) return [...diagnostics, ...faults]
  // Where errors stopped the compile, what it would have found is not known.
  const stopped = diagnostics.some((diagnostic) => diagnostic.severity === 'error')
  const left = diagnostics.filter((diagnostic) => {
    if (diagnostic.at.file.path !== document.file.path || !canBeHidden(diagnostic.code)) return true
    const { line } = positionOf(document.file, diagnostic.at.span.start)
    const hiding = suppressions.filter(
      (one) => one.code === diagnostic.code && (one.line === undefined || one.line === line),
    )
    for (const suppression of hiding) suppression.used = true
    return hiding.length === 0
  })
  const unused = suppressions
    .filter((suppression) => !suppression.used && !(stopped && !suppression.code.startsWith('lint/')))
    .map(({ code, span }) => {
      const message = `nothing here is \`${code}\`, so this suppression hides nothing`
      return report('lint/unused-suppression', { file: document.file, span }, message, { hint: 'remove it' })
    })
  return [...left, ...faults, ...unused]
}

function readSuppressions(document: Document): { suppressions: Suppression[]; faults: Diagnostic[] } {
  const suppressions: Suppression[] = []
  const faults: Diagnostic[] = []
  for (const comment of document.comments) {
    const match = FORM.exec(comment.text)
    if (!match) continue
    const { file } = document
    const [, where, rest] = match
    const bad = (span: Span, message: string, hint: string): void => {
      faults.push(report('lint/bad-suppression', { file, span }, message, { hint }))
    }
    const [written = '', reason = ''] = rest!.split(/\s+--(?:\s+|$)|^--(?:\s+|$)/)
    if (where === undefined && standsAlone(file.text, comment)) {
      bad(
        comment.span,
        'this comment stands on a line of its own, and suppresses nothing there',
        'write `opsflow-ignore-next-line`',
      )
      continue
    }
    if (written.trim() === '') {
      bad(comment.span, 'this suppression names no code', 'write `# opsflow-ignore CODE -- reason`')
      continue
    }
    if (reason.trim() === '')
      bad(comment.span, 'this suppression gives no reason', 'say why behind ` -- `, for those who come after you')
    const line =
      where === '-file'
        ? undefined
        : where === '-next-line'
          ? nextLine(document, comment)
          : positionOf(file, comment.span.start).line
    for (const { code, span } of namesIn(written, comment)) {
      if (!Object.hasOwn(CODES, code)) {
        const near = nearest(code, Object.keys(CODES))
        bad(
          span,
          `there is no code \`${code}\``,
          near ? `did you mean \`${near}\`?` : 'the code stands in brackets behind each finding',
        )
      } else if (!canBeHidden(code as Code)) {
        bad(span, `\`${code}\` is an error that stops a run, and cannot be hidden`, 'mend its cause')
      } else {
        suppressions.push({ code: code as Code, span, line, used: false })
      }
    }
  }
  return { suppressions, faults }
}

function namesIn(written: string, comment: Comment): { code: string; span: Span }[] {
  const from = comment.span.start + comment.text.indexOf(written)
  return [...written.matchAll(/[^\s,]+/g)].map((match) => {
    const start = from + match.index
    return { code: match[0], span: { start, end: start + match[0].length } }
  })
}

function standsAlone(text: string, comment: Comment): boolean {
  const lineStart = text.lastIndexOf('\n', comment.span.start - 1) + 1
  return text.slice(lineStart, comment.span.start).replace('\uFEFF', '').trim() === ''
}

/** The first line below a comment that says something. */
function nextLine({ file }: Document, comment: Comment): number {
  const below = /\n(?![ \t]*(?:#|\r?\n|$))/g
  below.lastIndex = comment.span.end
  const match = below.exec(file.text)
  return match ? positionOf(file, match.index + 1).line : -1
}
