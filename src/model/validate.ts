/**
 * validate: Document -> Pipeline, Coordinator, AgentsFile or Config.
 *
 * Takes a file that was read, gives its value with the type that the schemas say, or every fault at once.
 * Promises:
 * 1. The kind is decided by the first key, then by what the caller knows, then by name and keys.
 * 2. Every fault has the narrowest place there is: an unknown key is shown at the key, a bad value at the value.
 * 3. One slip is told once: no branches of unions, no echoes.
 * 4. Faults come in source order; the value is the document's own, untouched and frozen.
 */
import { type Diagnostic, type Result, report, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import type { Document } from '../document/document.ts'
import { nearest } from '../util/nearest.ts'
import { explain } from './explain.ts'
import { type Fault, tellable } from './faults.ts'
import { agents, config, coordinator, pipeline } from './generated/validators.ts'
import { type Authored, KIND_NAMES, kindOf, topKeys } from './kind.ts'
import type { Kind } from './schema-table.ts'

/** A value that passed its schema, with the document it stands in. */
export interface Checked<T> {
  readonly document: Document
  readonly value: T
}

/** A file of some kind that passed its schema. */
export type CheckedFile = { readonly [K in Kind]: { readonly kind: K } & Checked<Authored[K]> }[Kind]

type Validator = ((value: unknown) => boolean) & { readonly errors?: readonly Fault[] | null }

const VALIDATORS: { readonly [K in Kind]: Validator } = { pipeline, coordinator, agents, config }

/** Validates a document as what its first key says it is; `known` decides where no key does. */
export function validate(document: Document, known?: Kind): Result<CheckedFile> {
  const kind = kindOf(document, known)
  if (kind === undefined) return { ok: false, diagnostics: [unknownKind(document)] }
  const misplaced = misplacedKind(document, kind)
  const faults = schemaFaults(document, kind)
  if (faults !== undefined || misplaced.length > 0)
    return { ok: false, diagnostics: sortDiagnostics([...misplaced, ...(faults ?? [])]) }
  return { ok: true, value: { kind, document, value: document.value } as unknown as CheckedFile, warnings: [] }
}

/** Validates a document as one kind of file, whatever its keys say. */
export function validateAs<K extends Kind>(document: Document, kind: K): Result<Checked<Authored[K]>> {
  const faults = schemaFaults(document, kind)
  if (faults !== undefined) return { ok: false, diagnostics: sortDiagnostics(faults) }
  return { ok: true, value: { document, value: document.value as unknown as Authored[K] }, warnings: [] }
}

/** Undefined where the schema holds. Faults that the loader told already leave an empty list, and no valid file. */
function schemaFaults(document: Document, kind: Kind): Diagnostic[] | undefined {
  const validator = VALIDATORS[kind]
  if (validator(document.value)) return undefined
  return tellable(validator.errors ?? []).flatMap((told) => explain(document, told, kind))
}

/** `pipeline: NAME` that stands further down still names the kind, but a reader looks for it on the first line. */
function misplacedKind(document: Document, kind: Kind): Diagnostic[] {
  if (kind !== 'pipeline' && kind !== 'coordinator') return []
  const value = document.value as object
  const keys = Object.keys(value).filter((key) => key !== 'opsflow')
  if (!keys.includes(kind) || keys[0] === kind) return []
  const related = [{ message: 'the file begins here', at: document.locate([keys[0]!], 'key') }]
  const hint = `move \`${kind}\` to the top`
  return [
    report(
      'schema/kind-not-first',
      document.locate([kind], 'key'),
      `\`${kind}\` names the kind of the file and is not its first key`,
      { related, hint },
    ),
  ]
}

function unknownKind(document: Document): Diagnostic {
  const { value } = document
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const what = Array.isArray(value) ? 'a list' : 'one value'
    return report('schema/unknown-kind', document.locate([]), `the file holds ${what}, not keys and values`, {
      hint: 'a pipeline begins with `pipeline: NAME`',
    })
  }
  const first = Object.keys(value)[0] ?? ''
  const near = nearest(first, ['pipeline', 'coordinator', ...topKeys('agents'), ...topKeys('config')])
  const hint =
    near !== undefined && near !== first
      ? `did you mean \`${near}\`?`
      : `${KIND_NAMES.pipeline} begins with \`pipeline: NAME\`, ${KIND_NAMES.coordinator} with \`coordinator: NAME\``
  return report(
    'schema/unknown-kind',
    document.locate([first], 'key'),
    `the first key \`${first}\` names no kind of file`,
    { hint },
  )
}
