import semver from 'semver'
import { ActionFailure } from '../action.ts'
import { findText } from './json-places.ts'
import { type TomlEntry, tomlEntries } from './toml-places.ts'

/**
 * A kind of file that says the project's version. `set` changes only the bytes of the version; everything else, also
 * line ends and indentation, stays as its author left it.
 */
export interface VersionFile {
  /** Path from the root of the repository. */
  readonly path: string
  /** The version it says, or undefined where it says none (a package.json without `version`). */
  get(text: string): string | undefined
  set(text: string, version: string): string
  /** The name of the package, where the file says one. */
  name?(text: string): string | undefined
}

/** What a lock file must know of the files around it. */
export interface Surroundings {
  /** The crates whose version is the one that is set. */
  readonly crates: readonly string[]
}

/** Every kind that a release changes where it exists, most telling first; in a folder, or `''` for the root. */
export function versionFiles(folder: string, { crates }: Surroundings): readonly VersionFile[] {
  const below = (name: string): string => (folder === '' ? name : `${folder}/${name}`)
  const own = [
    jsonFile(below('package.json'), [['version']]),
    jsonFile(below('package-lock.json'), [['version'], ['packages', '', 'version']]),
    jsonFile(below('npm-shrinkwrap.json'), [['version'], ['packages', '', 'version']]),
    tomlFile(below('pyproject.toml'), ['project', 'tool.poetry'], PYTHON),
    tomlFile(below('Cargo.toml'), ['package', 'workspace.package'], SAME),
    cargoLock(below('Cargo.lock'), crates),
    plainFile(below('VERSION')),
  ]
  // The lock files of a workspace stand at its root, whichever of its packages is released.
  return folder === ''
    ? own
    : [...own, jsonFile('package-lock.json', [['packages', folder, 'version']]), cargoLock('Cargo.lock', crates)]
}

function plainFile(path: string): VersionFile {
  return {
    path,
    get: (text) => text.trim().replace(/^v/, '') || undefined,
    set: (text, version) =>
      text.trim() === '' ? `${version}\n` : text.replace(/^(\s*v?)\S+/, (_, before: string) => `${before}${version}`),
  }
}

function jsonFile(path: string, places: readonly (readonly string[])[]): VersionFile {
  const textAt = (text: string, place: readonly string[]) => {
    const span = findText(text, place)
    return span === undefined ? undefined : (JSON.parse(text.slice(span.start, span.end)) as string)
  }
  return {
    path,
    get: (text) => textAt(text, places[0]!),
    name: (text) => textAt(text, ['name']),
    set: (text, version) => {
      const spans = places.flatMap((place) => findText(text, place) ?? []).sort((a, b) => b.start - a.start)
      return spans.reduce(
        (result, span) => result.slice(0, span.start) + JSON.stringify(version) + result.slice(span.end),
        text,
      )
    },
  }
}

/** How a kind of file writes a semantic version. */
interface Writing {
  read(text: string): string | undefined
  write(version: string): string
}

const SAME: Writing = { read: (text) => text, write: (version) => version }

const SHORT: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', rc: 'rc' }
const LONG: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', rc: 'rc' }

/** Python writes `1.1.0rc1` for `1.1.0-rc.1`, and has no word for other pre-releases. */
const PYTHON: Writing = {
  read: (text) => {
    const [, core, word, number] = /^(\d+\.\d+\.\d+)(a|b|rc)(\d+)$/.exec(text) ?? []
    return core === undefined ? text : `${core}-${LONG[word!]}.${number}`
  },
  write: (version) => {
    const [, core, word, number] = /^(\d+\.\d+\.\d+)-(alpha|beta|rc)\.(\d+)$/.exec(version) ?? []
    if (core !== undefined) return `${core}${SHORT[word!]}${number}`
    if (version.includes('-'))
      throw new ActionFailure(
        'version-file',
        `\`${version}\` is no version that Python knows`,
        'name the pre-release `alpha`, `beta` or `rc`',
      )
    return version
  },
}

function replaceTexts(text: string, entries: readonly TomlEntry[], value: string): string {
  return entries.reduceRight(
    (result, { span }) =>
      result.slice(0, span.start) + result[span.start] + value + result[span.end - 1] + result.slice(span.end),
    text,
  )
}

function tomlFile(path: string, tables: readonly string[], writing: Writing): VersionFile {
  const inTables = (text: string, key: string) => {
    const wanted = tables.map((table) => `${table}.${key}`)
    return tomlEntries(text).filter((entry) => entry.text !== undefined && wanted.includes(entry.key))
  }
  return {
    path,
    get: (text) => {
      const found = inTables(text, 'version')[0]?.text
      return found === undefined ? undefined : writing.read(found)
    },
    name: (text) => inTables(text, 'name')[0]?.text,
    set: (text, version) => replaceTexts(text, inTables(text, 'version'), writing.write(version)),
  }
}

/** The versions of the project's own crates: those of its names that come from no registry. */
function cargoLock(path: string, crates: readonly string[]): VersionFile {
  const own = (text: string): readonly TomlEntry[] => {
    const entries = tomlEntries(text)
    const tables = new Map<number, Record<string, TomlEntry>>()
    for (const entry of entries) {
      const table = tables.get(entry.table) ?? {}
      table[entry.key] = entry
      tables.set(entry.table, table)
    }
    return [...tables.values()].flatMap((table) => {
      const { 'package.name': name, 'package.source': source, 'package.version': version } = table
      return version !== undefined && source === undefined && crates.includes(name?.text ?? '') ? [version] : []
    })
  }
  return {
    path,
    get: (text) => own(text)[0]?.text,
    set: (text, version) => replaceTexts(text, own(text), version),
  }
}

/** The name of the crate of a Cargo.toml, where its version is its own or that of its workspace, as asked. */
export function crateOf(text: string, inherits: boolean): string | undefined {
  const entries = tomlEntries(text)
  const isInherited = entries.some(
    ({ key, raw }) =>
      (key === 'package.version.workspace' && /^true\b/.test(raw)) ||
      (key === 'package.version' && /^\{\s*workspace\s*=\s*true\b/.test(raw)),
  )
  return isInherited === inherits ? entries.find(({ key }) => key === 'package.name')?.text : undefined
}

const VERSION = String.raw`\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?`

/** A file of any kind: `text` is what stands around the version, `{version}` in its place; each occurrence is changed. */
export function patternFile(path: string, text: string): VersionFile {
  const [before = '', after = ''] = text.split('{version}').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  const pattern = new RegExp(`(${before})(${VERSION})(?=${after})`, 'g')
  return {
    path,
    get: (file) => {
      const version = [...file.matchAll(pattern)][0]?.[2]
      return version === undefined ? undefined : (semver.valid(version) ?? version)
    },
    set: (file, version) => file.replace(pattern, (_, kept: string) => kept + version),
  }
}
