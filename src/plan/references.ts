import type { Fix, Location } from '../diagnostics/diagnostic.ts'
import { parseExpression, type Reference } from '../expr/parse.ts'
import { scanTemplate } from '../expr/template.ts'
import { hintFor, tell, unknown } from './report.ts'
import { LATE_RUN_FIELDS, type Reader, ROOTS, unavailable } from './scope.ts'
import { child, keyAt, type Source, valueAt } from './source.ts'
import type { GateDraft, Session, StepDraft, Unit } from './unit.ts'

let last:
  | { readonly text: string; readonly form: 'template' | 'bare'; readonly found: readonly Reference[] }
  | undefined

/**
 * The reads of a text: of every `${{ }}` in it, or of the whole as bare CEL. Offsets are into the text. The last answer is
 * kept: each text is asked for its names and right after that for their types.
 */
export function referencesIn(text: string, form: 'template' | 'bare'): readonly Reference[] {
  if (last?.text !== text || last.form !== form) last = { text, form, found: readReferences(text, form) }
  return last.found
}

function readReferences(text: string, form: 'template' | 'bare'): readonly Reference[] {
  if (form === 'bare') {
    const parsed = parseExpression(text)
    return parsed.ok ? parsed.expression.references : []
  }
  return scanTemplate(text).segments.flatMap((segment) => {
    if (segment.kind === 'text') return []
    const parsed = parseExpression(segment.source)
    if (!parsed.ok) return []
    return parsed.expression.references.map(({ path, start, end }) => ({
      path,
      start: segment.start + start,
      end: segment.start + end,
    }))
  })
}

/** Where in the file a stretch of a text scalar stands. */
export function spanIn(source: Source, start: number, end: number): Location {
  const scalar = source.document.scalar(source.path)
  if (scalar === undefined) return valueAt(source)
  const from = scalar.offsetAt(start)
  const to = Math.max(from, scalar.offsetAt(Math.max(start, end - 1))) + 1
  const { file } = source.document
  // where a value ends with the file, nothing stands behind it
  return { file, span: { start: from, end: Math.min(to, file.text.length) } }
}

/** The word of a reference at a depth of its path: `biuld` in `steps.biuld.outputs`. */
function wordAt(source: Source, text: string, reference: Reference, depth: number): Location {
  let at = reference.start
  for (let i = 0; i <= depth; i++) {
    const word = reference.path[i]!
    const found = text.indexOf(word, at)
    if (found === -1 || found >= reference.end) return spanIn(source, reference.start, reference.end)
    if (i === depth) return spanIn(source, found, found + word.length)
    at = found + word.length
  }
  return spanIn(source, reference.start, reference.end)
}

/** Judges what a reference names and whether it can be there. False: it was told, and types would only repeat it. */
export function checkReference(
  session: Session,
  unit: Unit | undefined,
  source: Source,
  text: string,
  reference: Reference,
  reader: Reader,
): boolean {
  const [root, name, field, output] = reference.path
  if (root === undefined) return true
  const at = (depth: number) => wordAt(source, text, reference, depth)
  if (!ROOTS.includes(root)) {
    const known = ROOTS.filter((other) => unavailable(other, reader) === undefined)
    tell(session, 'expr/unknown-name', at(0), `there is no name \`${root}\` here`, hintForRoot(root, known, unit))
    return false
  }
  const why = unavailable(root, reader)
  if (why !== undefined) {
    tell(session, 'expr/not-available', at(0), why, rootHint(root, reader))
    return false
  }
  if (name === undefined) return true
  switch (root) {
    case 'inputs': {
      const declared = reader.task?.inputs ?? unit?.inputs ?? {}
      if (Object.hasOwn(declared, name)) return true
      const where = reader.task ? ` of the task \`${reader.task.name}\`` : ''
      unknown(session, 'plan/unknown-input', at(1), name, Object.keys(declared), 'input', where)
      return false
    }
    case 'vars':
      if (unit === undefined || unit.vars.has(name)) return true
      unknown(session, 'plan/unknown-var', at(1), name, unit.vars.keys(), 'var')
      return false
    case 'secrets':
      if (unit === undefined || unit.secrets.includes(name)) return true
      unknown(
        session,
        'expr/unknown-name',
        at(1),
        name,
        unit.secrets,
        'secret',
        '; `secrets` of the pipeline lists those it may read',
      )
      return false
    case 'run':
      if (!LATE_RUN_FIELDS.includes(name) || reader.moment === 'finally' || reader.moment === 'end') return true
      tell(
        session,
        'expr/not-available',
        at(1),
        `\`run.${name}\` is known only when the steps have ended: in \`finally\` and in \`outputs\``,
        { hint: 'read it there, or ask one step: `steps.ID.status`, in a step that needs it' },
      )
      return false
    case 'gates': {
      if (unit === undefined) return true
      const gate = unit.gates.get(name)
      if (gate === undefined) {
        unknown(session, 'plan/unknown-gate', at(1), name, unit.gates.keys(), 'gate')
        return false
      }
      return checkVerdict(unit, gate, at(1), reader)
    }
    case 'steps': {
      if (unit === undefined) return true
      const step = unit.steps.get(name)
      if (step === undefined) {
        unknown(session, 'plan/unknown-step', at(1), name, unit.steps.keys(), 'step')
        return false
      }
      if (field === 'outputs' && output !== undefined && !step.openOutputs && !step.outputs.has(output)) {
        tell(session, 'plan/unknown-output', at(3), `the step \`${name}\` has no output \`${output}\``, {
          ...(undeclaredOfHttp(step, output) ?? hintFor(output, step.outputs.keys(), 'outputs')),
          related: [{ message: `\`${name}\` is declared here`, at: keyAt(step.source) }],
        })
        return false
      }
      return checkOrder(unit, step, at(1), reader)
    }
    default:
      return true
  }
}

/** What every answer has, and an http step gives only where it says so. */
function undeclaredOfHttp(step: StepDraft, output: string): { hint: string } | undefined {
  const isHttp = step.kind === 'http' || child(step.task, 'http') !== undefined
  if (!isHttp || (output !== 'headers' && output !== 'body')) return undefined
  return { hint: `declare it: \`outputs: { ${output}: { type: object } }\`` }
}

/** The verdict of a gate is there once it has judged: in the steps it holds up, and behind them. */
export function checkVerdict(unit: Unit, gate: GateDraft, at: Location, reader: Reader, through?: string): boolean {
  if (reader.node === undefined || reader.moment !== 'step' || unit.before(gate.node, reader.node)) return true
  const via = through === undefined ? '' : `, through \`vars.${through}\``
  tell(
    unit.session,
    'plan/missing-dependency',
    at,
    `the gate \`${gate.id}\` may not have judged when this is read${via}`,
    {
      hint: `name this step in \`before\` of the gate \`${gate.id}\``,
      related: [{ message: `\`${gate.id}\` is declared here`, at: keyAt(gate.source) }],
    },
  )
  return false
}

/** A step may read only what has ended before it starts. */
export function checkOrder(unit: Unit, step: StepDraft, at: Location, reader: Reader, through?: string): boolean {
  if (reader.moment === 'end' || reader.moment === 'start') return true
  if (step.section === 'finally' && reader.moment !== 'finally') {
    tell(unit.session, 'plan/across-finally', at, `\`${step.id}\` runs in \`finally\`, after every step`, {
      hint: 'a step can read other steps only; move the reader into `finally`',
    })
    return false
  }
  if (step.section === 'steps' && reader.moment === 'finally') return true
  if (reader.node === undefined || reader.node === step.node || unit.before(step.node, reader.node)) {
    if (reader.node !== step.node || reader.own) return true
    tell(unit.session, 'plan/missing-dependency', at, `\`${step.id}\` reads its own result before it has one`)
    return false
  }
  const self = reader.step
  const via = through === undefined ? '' : `, through \`vars.${through}\``
  const circle = self !== undefined && unit.before(self.node, step.node)
  const who = self ? `\`${self.id}\`` : 'this gate'
  tell(
    unit.session,
    'plan/missing-dependency',
    at,
    `${who} reads \`steps.${step.id}\`${via} but does not wait for it`,
    {
      related: [{ message: `\`${step.id}\` is declared here`, at: keyAt(step.source) }],
      hint: circle
        ? `\`${step.id}\` itself waits for ${who}: one of the two must go`
        : self
          ? `add \`${step.id}\` to the needs of \`${self.id}\``
          : `add \`${step.id}\` to \`of\` of the gate`,
      ...(self && !circle && addNeed(self, step.id)),
    },
  )
  return false
}

/** The edit that adds a need, where the needs are written as a flow list or not at all. */
function addNeed(step: StepDraft, need: string): { fix: Fix } | undefined {
  const { document, path, value } = step.source
  const { text } = document.file
  const title = `add \`${need}\` to the needs of \`${step.id}\``
  const edit = (offset: number, insert: string) => ({
    fix: { title, safe: true, edits: [{ span: { start: offset, end: offset }, text: insert }] },
  })
  if (value !== null && typeof value === 'object' && Object.hasOwn(value, 'needs')) {
    const { span } = document.locate([...path, 'needs'], 'value')
    const written = text.slice(span.start, span.end)
    if (!written.startsWith('[') || !written.endsWith(']')) return undefined
    return edit(span.end - 1, written.slice(1, -1).trim() === '' ? need : `, ${need}`)
  }
  const body = document.locate(path, 'value').span
  if (text[body.start] === '{') return edit(body.start + 1, ` needs: [${need}],`)
  const first = Object.keys(value as object)[0]
  if (first === undefined) return undefined
  const { start } = document.locate([...path, first], 'key').span
  const column = start - (text.lastIndexOf('\n', start - 1) + 1)
  return edit(start, `needs: [${need}]\n${' '.repeat(column)}`)
}

function hintForRoot(root: string, known: readonly string[], unit: Unit | undefined): { hint: string } | undefined {
  if (unit && Object.hasOwn(unit.inputs, root)) return { hint: `did you mean \`inputs.${root}\`?` }
  if (unit?.vars.has(root)) return { hint: `did you mean \`vars.${root}\`?` }
  if (unit?.steps.has(root)) return { hint: `did you mean \`steps.${root}\`?` }
  return hintFor(root, known, 'names')
}

/** Where nothing has run yet. */
export const START_HINT = 'read `inputs` here, or move what reads it into a step'

function rootHint(root: string, reader: Reader): { hint: string } | undefined {
  switch (root) {
    case 'secrets':
      return { hint: 'bind it: `env: { TOKEN: "${{ secrets.TOKEN }}" }`, and read `$TOKEN` in the script' }
    case 'vars':
    case 'steps':
    case 'gates':
      if (reader.task) return { hint: 'declare an input of the task and give it by `with`' }
      return { hint: reader.payload ? 'read `payload` here: no pipeline has started' : START_HINT }
    case 'item':
      return { hint: 'give the step `foreach: { items: [...] }`; from outside its items are `steps.ID.each`' }
    case 'missing':
      return { hint: 'give the step a `quorum`, or let it need `{ a: completed }`' }
    case 'outputs':
      return { hint: 'what another step gave is `steps.ID.outputs`' }
    case 'attempt':
      return { hint: 'how often another step was tried is `steps.ID.attempts`; a script has `$OPSFLOW_ATTEMPT`' }
    case 'payload':
    case 'signal':
      return { hint: 'wait for it: `wait: { signal: NS:NAME }`; its payload is then `steps.ID.outputs`' }
    default:
      return undefined
  }
}
