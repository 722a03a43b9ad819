import { parseExpression } from '../expr/parse.ts'
import { isTemplate, loneExpression, scanTemplate } from '../expr/template.ts'
import type { Json } from '../util/json.ts'
import { own } from '../util/own.ts'
import type { StepAction } from './plan.ts'

/**
 * A task's texts read `inputs.x`, and mean what the caller gave. The plan knows no second set of inputs: what was given
 * is put in the place of the reference, so that every text of a step is read in the scope of its pipeline.
 */
export type Given = { readonly [name: string]: Json }

/** Replaces the reads of `inputs` in every `${{ }}` of a value. */
export function inlineValue(value: Json, given: Given): Json {
  if (typeof value === 'string') return isTemplate(value) ? inlineTemplate(value, given) : value
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => inlineValue(item as Json, given))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inlineValue(inner as Json, given)]))
}

/** Replaces the reads of `inputs` in bare CEL. */
export function inlineExpression(source: string, given: Given): string {
  const parsed = parseExpression(source)
  if (!parsed.ok) return source
  let text = source
  for (const { path, start, end } of parsed.expression.references.toReversed()) {
    if (path[0] !== 'inputs') continue
    const name = path[1]
    const whole = source.slice(start, end)
    const head = name === undefined ? /^inputs/ : /^inputs\s*(?:\.\s*\w+|\[\s*(?:"[^"]*"|'[^']*')\s*\])/
    const length = head.exec(whole)?.[0].length ?? whole.length
    const put = name === undefined ? celOf(given) : celOf(own(given, name) ?? null)
    text = text.slice(0, start) + put + text.slice(start + length)
  }
  return text
}

function inlineTemplate(text: string, given: Given): string {
  return scanTemplate(text)
    .segments.map((segment) => {
      if (segment.kind === 'text') return segment.text
      const read = /^\s*inputs\.(\w+)\s*$/.exec(segment.source)
      const value = read ? given[read[1]!] : undefined
      // one plain read of a text: the text itself takes its place, templates and all
      if (typeof value === 'string') return value
      return `\${{${inlineExpression(segment.source, given)}}}`
    })
    .join('')
}

/** A value as CEL: a template as its expression, or as the joined text; anything else as a literal. */
function celOf(value: Json | Given): string {
  if (typeof value === 'string') {
    if (!isTemplate(value)) return JSON.stringify(value)
    const template = scanTemplate(value)
    const lone = loneExpression(template)
    if (lone) return `(${lone.source.trim()})`
    const parts = template.segments.map((s) =>
      s.kind === 'text' ? JSON.stringify(s.text) : `string(${s.source.trim()})`,
    )
    return `(${parts.join(' + ')})`
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item) => celOf(item as Json)).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${celOf(inner as Json)}`)
    .join(', ')}}`
}

/** The same action with a task's inputs put in. */
export function inlineAction(action: StepAction, given: Given): StepAction {
  if (action.kind === 'run' && 'argv' in action)
    return { kind: 'run', argv: action.argv.map((word) => inlineValue(word, given)) }
  if (action.kind !== 'http') return action
  const put = (value: Json) => inlineValue(value, given)
  return {
    ...action,
    url: put(action.url),
    headers: put(action.headers) as { readonly [name: string]: Json },
    body: action.body === undefined ? undefined : put(action.body),
  }
}
