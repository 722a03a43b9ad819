import type { Json } from '../util/json.ts'
import { EvaluationFailure, newBudget } from './failure.ts'
import { interpret } from './interpret.ts'
import { isTemplate, loneExpression, scanTemplate, type Template } from './template.ts'
import { leaving } from './values.ts'

export { durationValue } from './values.ts'

export type Evaluated = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string }

/** What an expression may read. Fields may be getters, and values may be made by `lazyRecord`. */
export interface Roots {
  readonly [name: string]: Json
}

/**
 * The value of an expression as plain JSON, or a short message why there is none; never throws. Pure: the same
 * source and the same roots give the same result, also where the budget ends it.
 */
export function evaluate(source: string, roots: Roots): Evaluated {
  const budget = newBudget()
  try {
    return { ok: true, value: leaving(interpret(source, roots, budget), budget) }
  } catch (error) {
    return { ok: false, message: messageOf(error) }
  }
}

function messageOf(error: unknown): string {
  if (error instanceof EvaluationFailure) return error.message
  if (error instanceof RangeError) return 'the expression or its data is too large'
  return error instanceof Error ? error.message : String(error)
}

/**
 * Fills in every `${{ }}` in the texts of a value, through lists and maps (their keys stay). A text that is one
 * expression and nothing else, spaces aside, becomes its value with its type; any other is text, see `textOf`.
 */
export function render(value: Json, roots: Roots): Evaluated {
  if (typeof value === 'string') return isTemplate(value) ? renderText(value, roots) : { ok: true, value }
  if (value === null || typeof value !== 'object') return { ok: true, value }
  if (Array.isArray(value)) {
    const items: Json[] = []
    for (const item of value as readonly Json[]) {
      const rendered = render(item, roots)
      if (!rendered.ok) return rendered
      items.push(rendered.value)
    }
    return { ok: true, value: items }
  }
  const entries: [string, Json][] = []
  for (const [key, item] of Object.entries(value)) {
    const rendered = render(item, roots)
    if (!rendered.ok) return rendered
    entries.push([key, rendered.value])
  }
  return { ok: true, value: Object.fromEntries(entries) }
}

const templates = new Map<string, Template>()
const CACHE_SIZE = 2000

function scanCached(text: string): Template {
  const known = templates.get(text)
  if (known) return known
  const template = scanTemplate(text)
  if (templates.size >= CACHE_SIZE) templates.delete(templates.keys().next().value!)
  templates.set(text, template)
  return template
}

function renderText(text: string, roots: Roots): Evaluated {
  const template = scanCached(text)
  if (template.problem) return { ok: false, message: template.problem.message }
  const lone = loneExpression(template)
  if (lone) return evaluate(lone.source, roots)
  let result = ''
  for (const segment of template.segments) {
    if (segment.kind === 'text') {
      result += segment.text
      continue
    }
    const evaluated = evaluate(segment.source, roots)
    if (!evaluated.ok) return evaluated
    result += textOf(evaluated.value)
  }
  return { ok: true, value: result }
}

/** A value inside a longer text: null is nothing, texts are themselves, lists and maps are compact JSON. */
function textOf(value: Json): string {
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
