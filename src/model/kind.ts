import type { Document } from '../document/document.ts'
import type { AgentsFile, Config, Coordinator, Pipeline } from './generated/authored.types.ts'
import { ROOTS, TABLE } from './generated/schemas.ts'
import type { Kind } from './schema-table.ts'

/** What each kind of file holds. */
export interface Authored {
  readonly pipeline: Pipeline
  readonly coordinator: Coordinator
  readonly agents: AgentsFile
  readonly config: Config
}

/** How people call each kind of file. */
export const KIND_NAMES: { readonly [K in Kind]: string } = {
  pipeline: 'a pipeline',
  coordinator: 'a coordinator',
  agents: 'an agents file',
  config: 'a config',
}

/** The keys that files of a kind may have at the top. */
export function topKeys(kind: Kind): readonly string[] {
  return Object.keys(TABLE[ROOTS[kind]]?.properties ?? {})
}

/**
 * The kind of a file: by its first key (`pipeline`, `coordinator`; `opsflow: 1` may stand before it), else by what the
 * caller knows of its place, else by its keys. Undefined where nothing tells.
 */
export function kindOf(document: Document, known?: Kind): Kind | undefined {
  const keys = topLevel(document)
  const first = keys.find((key) => key !== 'opsflow')
  if (first === 'pipeline' || first === 'coordinator') return first
  if (known !== undefined) return known
  if (keys.includes('pipeline')) return 'pipeline'
  if (keys.includes('coordinator')) return 'coordinator'
  const name = document.file.path.replace(/^.*[\\/]/, '')
  if (/^agents\.ya?ml$/.test(name)) return 'agents'
  if (/^(?:opsflow\.config\.\w+|\.opsflowrc(?:\.\w+)?)$/.test(name)) return 'config'
  if (keys.includes('steps')) return 'pipeline'
  const fits = (kind: Kind) => keys.length > 0 && keys.every((key) => topKeys(kind).includes(key))
  return fits('agents') && keys.includes('agents') && typeof objectAt(document, 'agents') === 'object'
    ? 'agents'
    : fits('config')
      ? 'config'
      : undefined
}

function topLevel(document: Document): string[] {
  const { value } = document
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : []
}

function objectAt(document: Document, key: string): unknown {
  return (document.value as { readonly [key: string]: unknown })[key]
}
