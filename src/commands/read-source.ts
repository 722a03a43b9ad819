import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { Code } from '../diagnostics/codes.ts'
import { type Diagnostic, report, type SourceFile } from '../diagnostics/diagnostic.ts'

/** Larger files are no pipelines; they would only make the reader slow or run out of memory. */
export const MAX_SOURCE_BYTES = 16 * 1024 * 1024

/** A text, or the one reason why there is none. */
export type SourceResult =
  | { readonly ok: true; readonly file: SourceFile }
  | { readonly ok: false; readonly diagnostic: Diagnostic }

/**
 * Reads a file as text. What is wrong with it is a diagnostic at the file, never a throw. It blocks: four trips to the
 * thread pool would take ten times longer than a file of this size.
 */
export async function readSource(path: string, io: { readonly cwd: string }): Promise<SourceResult> {
  const shown = shownPath(path, io.cwd)
  let fd: number | undefined
  try {
    // Without NONBLOCK the open of a named pipe would wait for a writer that may never come.
    fd = openSync(resolve(io.cwd, path), constants.O_RDONLY | constants.O_NONBLOCK)
    const stat = fstatSync(fd)
    if (stat.isDirectory()) return fault('file/directory', shown, `\`${shown}\` is a directory`, 'name a file in it')
    if (!stat.isFile())
      return fault('file/unreadable', shown, `\`${shown}\` is no regular file`, 'name a file, or pass the text as `-`')
    if (stat.size > MAX_SOURCE_BYTES) return tooLarge(shown)
    return decodeSource(shown, readFileSync(fd))
  } catch (error) {
    return readFault(shown, error as NodeJS.ErrnoException)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** Makes a source of bytes, from a file or from standard input. */
export function decodeSource(shown: string, bytes: Uint8Array): SourceResult {
  if (bytes.length > MAX_SOURCE_BYTES) return tooLarge(shown)
  try {
    return {
      ok: true,
      file: { path: shown, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) },
    }
  } catch {
    return { ok: false, diagnostic: badEncoding(shown, bytes) }
  }
}

/** At the first byte that is no UTF-8, in the text as far as it can be read. UTF-16 has no such text. */
function badEncoding(path: string, bytes: Uint8Array): Diagnostic {
  const message = `\`${path}\` is not UTF-8`
  const hint = 'save it as UTF-8'
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (wide) {
    const at = { file: { path, text: '' }, span: { start: 0, end: 0 } }
    return report('file/encoding', at, `${message}: it looks like UTF-16`, { hint })
  }
  const bad = firstBadByte(bytes)
  const legible = (part: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(part)
  const start = legible(bytes.subarray(0, bad)).length
  const at = { file: { path, text: legible(bytes) }, span: { start, end: start + 1 } }
  return report('file/encoding', at, `${message}: the first bad byte is number ${bad + 1}`, { hint })
}

/** A path as diagnostics show it: relative to the working directory where it lies below, with forward slashes. */
export function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, resolve(cwd, path))
  const shown =
    inside === '' ? '.' : inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? path : inside
  return sep === '/' ? shown : shown.split(sep).join('/')
}

function fault(code: Code, path: string, message: string, hint: string): SourceResult {
  const at = { file: { path, text: '' }, span: { start: 0, end: 0 } }
  return { ok: false, diagnostic: report(code, at, message, { hint }) }
}

function tooLarge(shown: string): SourceResult {
  return fault('file/too-large', shown, `\`${shown}\` is larger than 16 MiB`, 'split it, or keep data out of YAML')
}

function readFault(shown: string, error: NodeJS.ErrnoException): SourceResult {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fault(
        'file/missing',
        shown,
        `\`${shown}\` is not there`,
        'look for a typo, or run from the folder it is relative to',
      )
    case 'EACCES':
    case 'EPERM':
      return fault(
        'file/permission',
        shown,
        `\`${shown}\` may not be read by this user`,
        'give read permission on the file and its folders',
      )
    case 'EISDIR':
      return fault('file/directory', shown, `\`${shown}\` is a directory`, 'name a file in it')
    default:
      return fault(
        'file/unreadable',
        shown,
        `\`${shown}\` cannot be read: ${error.code ?? error.message}`,
        'see whether other programs can read it',
      )
  }
}

/** Where the first sequence begins that is no UTF-8: by halves, since decoding is fast and its error says no place. */
function firstBadByte(bytes: Uint8Array): number {
  const decodes = (end: number, stream: boolean): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream })
      return true
    } catch {
      return false
    }
  }
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (decodes(middle + 1, true)) low = middle + 1
    else high = middle
  }
  // The byte that gives it away may stand up to three behind the one that began the sequence.
  while (low > 0 && !decodes(low, false)) low--
  return low
}
