/**
 * Checks every text that may hold an expression: takes a source, the pipeline it stands in and who reads it; gives the
 * type it will have. What is wrong goes to the session at its exact place: names first (unknown, not available here,
 * not yet there), types only where all names are good.
 */
import type { Code } from '../diagnostics/codes.ts'
import { checkExpression, checkTemplate } from '../expr/check.ts'
import { isTemplate, loneExpression, scanTemplate } from '../expr/template.ts'
import {
  conversionTo,
  DYN,
  type ExprProblem,
  type ExprProblemKind,
  type ExprType,
  nameOfType,
  orNull,
  type Scope,
} from '../expr/types.ts'
import type { Json } from '../util/json.ts'
import { checkOrder, checkReference, checkVerdict, referencesIn, START_HINT, spanIn } from './references.ts'
import { tell } from './report.ts'
import { type Reader, scopeOf, stepType } from './scope.ts'
import { entries, items, type Source, valueAt } from './source.ts'
import type { Session, Unit, VarDraft } from './unit.ts'

const CODE_OF: { readonly [kind in ExprProblemKind]: Code } = {
  syntax: 'expr/syntax',
  type: 'expr/type',
  'unknown-root': 'expr/unknown-name',
  'unknown-property': 'expr/unknown-property',
  'unknown-function': 'expr/unknown-function',
  enum: 'expr/enum',
  null: 'expr/null',
  refused: 'expr/refused',
}

/** Vars that read vars that read vars: what is deeper than this is refused. */
export const MAX_VAR_DEPTH = 100

/** Where expressions are checked: in a pipeline, or outside of one (a coordinator). */
export interface Place {
  readonly session: Session
  readonly unit: Unit | undefined
}

/** The type of any authored value: texts are checked as templates, lists and maps part by part. */
export function checkValueText(place: Place, source: Source, reader: Reader): ExprType {
  const { value } = source
  if (typeof value === 'string')
    return isTemplate(value) ? checkTemplateText(place, source, reader) : { kind: 'string', values: [value] }
  if (Array.isArray(value)) {
    const types = items(source).map((item) => checkValueText(place, item, reader))
    const first = types[0]
    return { kind: 'list', of: first && types.every((type) => sameShape(type, first)) ? first : DYN }
  }
  if (value !== null && typeof value === 'object') {
    const fields = entries(source).map(([key, inner]): [string, ExprType] => [
      key,
      checkValueText(place, inner, reader),
    ])
    return { kind: 'record', name: 'map', fields: Object.fromEntries(fields) }
  }
  if (value === null) return { kind: 'null' }
  if (typeof value === 'boolean') return { kind: 'bool' }
  return { kind: Number.isSafeInteger(value) ? 'int' : 'double' }
}

/** The texts of `env` and `headers`, the only places where secrets may stand, by name, as they are written. */
export function checkTexts(place: Place, map: Source | undefined, reader: Reader): { [name: string]: Json } {
  const made = entries(map).map(([name, value]): [string, Json] => {
    checkValueText(place, value, { ...reader, secrets: true })
    return [name, value.value]
  })
  return Object.fromEntries(made)
}

function sameShape(a: ExprType, b: ExprType): boolean {
  if (a.kind !== b.kind) return false
  if (a.kind === 'list' && b.kind === 'list') return sameShape(a.of, b.of)
  if (a.kind !== 'record' || b.kind !== 'record') return true
  const [one, two] = [Object.keys(a.fields), Object.keys(b.fields)]
  return (
    one.length === two.length && one.every((field) => b.fields[field] && sameShape(a.fields[field]!, b.fields[field]))
  )
}

/** Checks a text with `${{ }}` in it. */
export function checkTemplateText(place: Place, source: Source, reader: Reader): ExprType {
  const text = source.value as string
  if (!checkNames(place, source, text, 'template', reader)) return DYN
  const { type, problems } = checkTemplate(text, scopeFor(place, text, 'template', reader))
  for (const problem of problems) tellProblem(place, source, problem)
  return problems.length > 0 ? DYN : type
}

/** Checks bare CEL that must give a boolean (`when`, `until`, `require`); returns it as text, or undefined where absent. */
export function checkCondition(place: Place, source: Source | undefined, reader: Reader): string | undefined {
  if (source === undefined) return undefined
  const { value } = source
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return undefined
  const lone = isTemplate(value) ? loneExpression(scanTemplate(value)) : undefined
  if (isTemplate(value)) {
    const at = valueAt(source)
    tell(place.session, 'expr/template-in-condition', at, 'a condition is bare CEL, without `${{ }}`', {
      hint: lone ? `write \`${lone.source.trim()}\`` : 'write one expression that is true or false',
      ...(lone && {
        fix: { title: 'take the expression out of `${{ }}`', safe: true, edits: [unwrap(source, lone.source.trim())] },
      }),
    })
    return value
  }
  if (!checkNames(place, source, value, 'bare', reader)) return value
  const { problems } = checkExpression(value, scopeFor(place, value, 'bare', reader), 'bool')
  for (const problem of problems) tellProblem(place, source, problem)
  return value
}

function unwrap(source: Source, bare: string): { span: { start: number; end: number }; text: string } {
  const { span } = valueAt(source)
  const plainSafe = /^[A-Za-z(][^#]*$/.test(bare) && !/: |\n/.test(bare)
  return { span, text: plainSafe ? bare : JSON.stringify(bare) }
}

function checkNames(place: Place, source: Source, text: string, form: 'template' | 'bare', reader: Reader): boolean {
  let good = true
  for (const reference of referencesIn(text, form)) {
    if (!checkReference(place.session, place.unit, source, text, reference, reader)) {
      good = false
      continue
    }
    const [root, name] = reference.path
    const draft = root === 'vars' && name !== undefined ? place.unit?.vars.get(name) : undefined
    if (draft === undefined || place.unit === undefined) continue
    const at = spanIn(source, reference.start, reference.end)
    for (const id of draft.steps) {
      const step = place.unit.steps.get(id)
      if (step && !checkVarRead(place.unit, `the step \`${id}\``, at, reader, name!)) good = false
      else if (step && !checkOrder(place.unit, step, at, reader, name)) good = false
    }
    for (const id of draft.gates) {
      const gate = place.unit.gates.get(id)
      if (gate && !checkVarRead(place.unit, `the gate \`${id}\``, at, reader, name!)) good = false
      else if (gate && !checkVerdict(place.unit, gate, at, reader, name)) good = false
    }
  }
  return good
}

/** False where nothing has run yet that a var could read. */
function checkVarRead(unit: Unit, what: string, at: ReturnType<typeof valueAt>, reader: Reader, name: string): boolean {
  if (reader.moment !== 'start') return true
  const message = `\`vars.${name}\` reads ${what}, and no step has run where this is read`
  tell(unit.session, 'expr/not-available', at, message, { hint: START_HINT })
  return false
}

function tellProblem(place: Place, source: Source, problem: ExprProblem): void {
  const at = spanIn(source, problem.start, problem.end)
  const key = `${source.document.file.path}:${at.span.start}:${problem.message}`
  if (place.unit?.told.has(key)) return
  place.unit?.told.add(key)
  tell(
    place.session,
    CODE_OF[problem.kind],
    at,
    problem.message,
    problem.hint === undefined ? {} : { hint: problem.hint },
  )
}

/** Only what the text reads is in its scope: with 10,000 steps a full one for each text would be quadratic. */
function scopeFor(place: Place, text: string, form: 'template' | 'bare', reader: Reader): Scope {
  const { unit } = place
  const steps = new Map<string, ExprType>()
  const vars = new Map<string, ExprType>()
  for (const { path } of referencesIn(text, form)) {
    const [root, name] = path
    if (unit === undefined || name === undefined) continue
    const step = root === 'steps' ? unit.steps.get(name) : undefined
    if (step) steps.set(name, stepType(step, isSure(unit, name, reader)))
    if (root === 'vars' && unit.vars.has(name)) vars.set(name, typeOfVar(place, name, reader))
  }
  return scopeOf(unit, reader, { steps, vars })
}

/** Whether a reader can rely on a step's success. At the end of a run: whether the step always runs. */
function isSure(unit: Unit, id: string, reader: Reader): boolean {
  const step = unit.steps.get(id)!
  // a gate judges when all it looks at has ended; where one of them failed, its verdict no longer hangs on a check's input
  if (reader.node !== undefined && reader.step === undefined) return !step.optional
  if (reader.node !== undefined && (reader.moment === 'step' || step.section === 'finally')) {
    if (!unit.surelyBefore(step.node, reader.node)) return false
    return !step.optional || (reader.step?.needs ?? []).some((need) => need.step === step && need.on === 'succeeded')
  }
  return reader.moment === 'end' && !step.optional && step.section === 'steps'
}

const varTypes = new WeakMap<Reader, Map<string, ExprType>>()

/** A var has the type of its text, read at the reader's place: a step that may have failed makes its outputs nullable. */
function typeOfVar(place: Place, name: string, reader: Reader): ExprType {
  const draft = place.unit?.vars.get(name)
  if (place.unit === undefined || draft === undefined || draft.depth > MAX_VAR_DEPTH) return DYN
  const known = varTypes.get(reader) ?? new Map<string, ExprType>()
  varTypes.set(reader, known)
  let type = known.get(name)
  if (type === undefined) {
    // one that reads itself, which was told where it stands, ends here
    known.set(name, DYN)
    type = notWritten(freshTypeOfVar(place, draft, reader))
    known.set(name, type)
  }
  return type
}

/** What a var gives is data where it is read: a text to compare with its values, a number whose point JSON does not keep. */
function notWritten(type: ExprType): ExprType {
  if (type.kind === 'list' || type.kind === 'map' || type.kind === 'record' || !type.literal) return type
  const { literal: _, ...rest } = type
  return rest
}

function freshTypeOfVar(place: Place, { source }: VarDraft, reader: Reader): ExprType {
  const { value } = source
  if (typeof value !== 'string' || !isTemplate(value))
    return anyOfIts(checkValueText({ session: { ...place.session, problems: [] }, unit: place.unit }, source, reader))
  const { type, problems } = checkTemplate(value, scopeFor(place, value, 'template', reader))
  // a problem that only this reader's place brings: the value may be null here
  return problems.some((problem) => problem.kind === 'null') ? orNull(type.kind === 'dyn' ? DYN : type) : type
}

/** The type of a value that is written out stands for others of its kind: the one text that stands there is no enum. */
export function anyOfIts(type: ExprType): ExprType {
  if (type.kind === 'list') return { ...type, of: anyOfIts(type.of) }
  if (type.kind === 'record') {
    const fields = Object.entries(type.fields).map(([name, field]): [string, ExprType] => [name, anyOfIts(field)])
    return { ...type, fields: Object.fromEntries(fields) }
  }
  return type.kind === 'string' ? { kind: 'string', ...(type.nullable && { nullable: true }) } : type
}

/** Checks one `${{ }}` or a literal text where a certain kind of value is wanted. */
export function checkKind(
  place: Place,
  source: Source | undefined,
  reader: Reader,
  kinds: readonly ExprType['kind'][],
  wanted: string,
): void {
  if (source === undefined || typeof source.value !== 'string') return
  if (!isTemplate(source.value)) return
  const type = checkTemplateText(place, source, reader)
  if (type.kind === 'dyn' || kinds.includes(type.kind)) {
    if (!type.nullable) return
    tell(place.session, 'expr/null', valueAt(source), `${wanted} is wanted, and this can be null`, {
      hint: 'give a value for that case: `x != null ? x : ...`',
    })
    return
  }
  const lone = loneExpression(scanTemplate(source.value))?.source.trim()
  tell(
    place.session,
    'expr/type',
    valueAt(source),
    `${wanted} is wanted, and this gives ${nameOfType(type)}`,
    hintOfKind(kinds, type, lone),
  )
}

function hintOfKind(
  kinds: readonly ExprType['kind'][],
  type: ExprType,
  lone: string | undefined,
): { hint: string } | undefined {
  if (lone === undefined) return { hint: 'write one `${{ }}` alone: with text around it, it is text' }
  // a number becomes a duration by its unit
  if (kinds.includes('duration'))
    return type.kind === 'int' ? { hint: `give it a unit: \`\${{ string(${lone}) + 'm' }}\`` } : undefined
  const call = kinds.map((kind) => conversionTo(kind, type)).find((name) => name !== undefined)
  return call === undefined ? undefined : { hint: `convert it: \`\${{ ${call}(${lone}) }}\`` }
}
