import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import type { PublicExplorer } from 'cosmiconfig'
import { CODES, type Code } from '../diagnostics/codes.ts'
import { type Diagnostic, hasErrors, report } from '../diagnostics/diagnostic.ts'
import type { Document, Path } from '../document/document.ts'
import { readDocument } from '../document/read.ts'
import { canBeHidden } from '../lint/suppressions.ts'
import type { Config } from '../model/generated/authored.types.ts'
import { type Checked, validateAs } from '../model/validate.ts'
import { deepFreeze, type Json } from '../util/json.ts'
import { nearest } from '../util/nearest.ts'
import { foldersUpTo, ownFoldersUp } from './git-folders.ts'
import type { Io } from './io.ts'
import { readSource } from './read-source.ts'

/** A config, found: where, and what it says where it is sound. */
export interface FoundConfig {
  /** Absolute. */
  readonly path: string
  readonly checked: Checked<Config> | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const PLACES = [
  'opsflow.config.yaml',
  'opsflow.config.yml',
  'opsflow.config.json',
  'opsflow.config.js',
  'opsflow.config.ts',
  '.opsflowrc',
  'package.json',
]

/** What a loader hands over: a text that we read ourselves, for its places, or the value that a program made. */
type Loaded = { readonly from: 'text' } | { readonly from: 'program'; readonly value: unknown }

const asText = (): Loaded => ({ from: 'text' })
const asProgram =
  (load: (path: string, text: string) => Promise<unknown>) =>
  async (path: string, text: string): Promise<Loaded> => ({ from: 'program', value: await load(path, text) })

/**
 * Finds the nearest config of a folder or one above it, up to `top`; without a top, as far as nobody else can write. Each folder is searched by itself: a package.json of
 * a package within a repository must not hide the config at the repository's root.
 */
export async function findConfig(
  from: string,
  top: string | undefined,
  io: Pick<Io, 'cwd'>,
): Promise<FoundConfig | undefined> {
  const folders = top === undefined ? ownFoldersUp(from) : foldersUpTo(from, top)
  const promising = folders.filter(mayHoldConfig)
  if (promising.length === 0) return undefined
  for (const folder of promising) {
    try {
      // Made here, since making one reads the package.json of the working directory, which may be no JSON.
      const found = await (await makeExplorer()).search(folder)
      if (found) return await readConfig(found.filepath, found.config as Loaded, io)
    } catch (error) {
      const path = (error as { filepath?: string }).filepath
      if (path === undefined) throw error
      return { path, checked: undefined, diagnostics: [unloadable(path, error, io)] }
    }
  }
  return undefined
}

/** Whether there is anything to search in a folder. Most have nothing, and then the searcher is not even loaded. */
function mayHoldConfig(folder: string): boolean {
  return PLACES.some((place) => {
    const path = join(folder, place)
    if (!existsSync(path)) return false
    return place !== 'package.json' || mayNameUs(path)
  })
}

function mayNameUs(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes('"opsflow"')
  } catch {
    // The searcher says what is wrong with it.
    return true
  }
}

async function makeExplorer(): Promise<PublicExplorer> {
  const { cosmiconfig, defaultLoaders } = await import('cosmiconfig')
  return cosmiconfig('opsflow', {
    searchPlaces: PLACES,
    searchStrategy: 'none',
    cache: false,
    loaders: {
      '.yaml': asText,
      '.yml': asText,
      '.json': (path, text) => (basename(path) === 'package.json' ? packageOf(text) : asText()),
      noExt: asText,
      '.js': asProgram(defaultLoaders['.js']),
      '.ts': asProgram(defaultLoaders['.ts']),
    },
  })
}

/** The part of a package.json that is ours, as a mark that it is there; a package.json that is no JSON is not our fault to tell. */
function packageOf(text: string): { readonly opsflow?: Loaded } {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    return value !== null && typeof value === 'object' && 'opsflow' in value ? { opsflow: asText() } : {}
  } catch {
    return {}
  }
}

async function readConfig(path: string, loaded: Loaded, io: Pick<Io, 'cwd'>): Promise<FoundConfig> {
  const source = await readSource(relative(io.cwd, path), io)
  if (!source.ok) return { path, checked: undefined, diagnostics: [source.diagnostic] }
  if (loaded.from === 'program') return check(path, programDocument(source.file, loaded.value), [])
  const { document, diagnostics } = readDocument(source.file)
  if (!document) return { path, checked: undefined, diagnostics }
  return check(path, basename(path) === 'package.json' ? below(document, 'opsflow') : document, diagnostics)
}

function check(path: string, document: Document, read: readonly Diagnostic[]): FoundConfig {
  const result = validateAs(document, 'config')
  if (!result.ok) return { path, checked: undefined, diagnostics: [...read, ...result.diagnostics] }
  const diagnostics = [...read, ...vainSeverities(result.value)]
  return { path, checked: hasErrors(diagnostics) ? undefined : result.value, diagnostics }
}

/** A severity for a code that does not exist, or that stays an error, would change nothing, and its author believes it does. */
function vainSeverities({ document, value }: Checked<Config>): readonly Diagnostic[] {
  const written = Object.entries(value.lint?.severities ?? {})
  return written.flatMap(([code, severity]) => {
    if (Object.hasOwn(CODES, code)) {
      if (severity === 'error' || canBeHidden(code as Code)) return []
      const message = `\`${code}\` is an error that stops a run, and cannot be made \`${severity}\``
      return [
        report('schema/unknown-value', document.locate(['lint', 'severities', code]), message, { hint: 'remove it' }),
      ]
    }
    const near = nearest(code, Object.keys(CODES))
    const hint = near === undefined ? 'the code stands in brackets behind each finding' : `did you mean \`${near}\`?`
    const at = document.locate(['lint', 'severities', code], 'key')
    return [report('schema/unknown-key', at, `there is no code \`${code}\``, { hint })]
  })
}

/** The document of what stands at a key, with the places it has in the whole file. */
function below(document: Document, key: string): Document {
  const under = (path: Path): Path => [key, ...path]
  return {
    ...document,
    value: (document.value as { readonly [key: string]: Json })[key] ?? null,
    locate: (path, part) => document.locate(under(path), part),
    scalar: (path) => document.scalar(under(path)),
    source: (path) => document.source(under(path)),
    plain: (path) => document.plain(under(path)),
  }
}

/** The document of a value that a program made: its places are all the file. */
function programDocument(file: Document['file'], made: unknown): Document {
  const text = JSON.stringify(made)
  const value = deepFreeze(text === undefined ? null : (JSON.parse(text.replace(/^\ufeff/, '')) as Json))
  const at = { file, span: { start: 0, end: 0 } }
  const valueAt = (path: Path) =>
    path.reduce<unknown>((part, key) => (part as { readonly [key: string]: unknown } | null)?.[key], value)
  return {
    file,
    value,
    comments: [],
    anchors: [],
    locate: () => at,
    scalar: () => undefined,
    source: (path) => JSON.stringify(valueAt(path)) ?? '',
    plain: () => false,
  }
}

function unloadable(path: string, error: unknown, io: Pick<Io, 'cwd'>): Diagnostic {
  const at = { file: { path: relative(io.cwd, path), text: '' }, span: { start: 0, end: 0 } }
  const isJson = path.endsWith('.json')
  const lines = (error instanceof Error ? error.message : String(error)).split('\n')
  const reason = (isJson ? lines.at(-1) : lines[0]) ?? ''
  return report(
    'project/config-failed',
    at,
    `\`${basename(path)}\` in \`${dirname(path)}\` cannot be loaded: ${reason}`,
    {
      hint: isJson ? 'mend the JSON; it is read for settings' : 'it is a module whose default export is the config',
    },
  )
}
