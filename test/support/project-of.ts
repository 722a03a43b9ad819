import { type Diagnostic, hasErrors } from '../../src/diagnostics/diagnostic.ts'
import { readDocument } from '../../src/document/read.ts'
import { validate } from '../../src/model/validate.ts'
import type { ActionSignature, Authored, Project } from '../../src/plan/project.ts'

/** Actions that tests may use; each name says what it does. */
const ACTIONS: { readonly [uses: string]: ActionSignature } = {
  'test/look': { description: 'reads', inputs: {}, outputs: { found: { type: 'string' } }, effects: 'none' },
  'test/tag': {
    description: 'writes',
    inputs: { version: { type: 'string' }, force: { type: 'boolean', default: false } },
    outputs: { tag: { type: 'string' } },
    effects: 'workspace',
  },
  'test/push': {
    description: 'sends',
    inputs: { remote: { type: 'string', optional: true } },
    outputs: {},
    effects: 'external',
  },
}

/** A project from texts, each under its path; the kind of a file is what its first key says. Throws where a text is not valid. */
export function projectOf(
  files: { readonly [path: string]: string },
  actions: Project['actions'] = new Map(Object.entries(ACTIONS)),
): Project {
  const pipelines = new Map<string, Authored>()
  const coordinators = new Map<string, Authored>()
  let config: Authored | undefined
  let agents: Authored | undefined
  for (const [path, text] of Object.entries(files)) {
    const read = readDocument({ path, text })
    if (read.document === undefined || hasErrors(read.diagnostics)) throw new Error(told(read.diagnostics))
    const checked = validate(
      read.document,
      path.startsWith('agents') ? 'agents' : path.startsWith('opsflow.config') ? 'config' : undefined,
    )
    if (!checked.ok) throw new Error(told(checked.diagnostics))
    const { document, kind, value } = checked.value
    if (kind === 'pipeline') pipelines.set(value.pipeline, { document })
    else if (kind === 'coordinator') coordinators.set(value.coordinator, { document })
    else if (kind === 'agents') agents = { document }
    else config = { document }
  }
  return { config, agents, pipelines, coordinators, actions }
}

function told(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ message, at }) => `${at.file.path}: ${message}`).join('\n')
}

/** A diagnostic as one line: `code "the text it points at" message`, which a test can read. */
export function lineOf({ code, message, at }: Diagnostic): string {
  return `${code} "${at.file.text.slice(at.span.start, at.span.end)}" ${message}`
}
