import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { checkValue } from '../model/check-value.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { Json } from '../util/json.ts'
import { READ } from '../util/no-links.ts'
import { own } from '../util/own.ts'

/** Largest outputs of one attempt. */
export const MAX_OUTPUT_BYTES = 1024 * 1024

export type Schemas = { readonly [name: string]: ValueSchema }
export type Found =
  | { readonly ok: true; readonly values: ReadonlyMap<string, Json> }
  | { readonly ok: false; readonly message: string }

/** Reads what a step wrote to `$OPSFLOW_OUTPUT`; undefined where it wrote nothing. */
export function readOutputFile(file: string): { readonly text: string } | { readonly problem: string } | undefined {
  let fd: number
  try {
    // The step chose what stands there: no link is followed and no pipe waited for.
    fd = openSync(file, READ)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return code === 'ENOENT' ? undefined : { problem: `\`$OPSFLOW_OUTPUT\` cannot be read: ${code}` }
  }
  try {
    const { size, isFile } = { size: fstatSync(fd).size, isFile: fstatSync(fd).isFile() }
    if (!isFile) return { problem: '`$OPSFLOW_OUTPUT` is not a file any more' }
    if (size > MAX_OUTPUT_BYTES) return { problem: tooLarge('`$OPSFLOW_OUTPUT`') }
    const bytes = Buffer.alloc(size)
    const count = readSync(fd, bytes, 0, size, 0)
    const text = bytes.subarray(0, count).toString('utf8')
    return text.trim() === '' ? undefined : { text }
  } finally {
    closeSync(fd)
  }
}

export function tooLarge(what: string): string {
  return `${what} is larger than 1 MiB; write large results to a file and give its path`
}

/**
 * Reads the text of `$OPSFLOW_OUTPUT`: one JSON object, or lines `name=value` and blocks `name<<END`, lines, `END`.
 * Text for an output that is no text is read as JSON.
 */
export function parseOutputText(text: string, schemas: Schemas): Found {
  if (text.trimStart().startsWith('{')) {
    const value = parseJson(text)
    if (value === undefined || !isObject(value))
      return { ok: false, message: '`$OPSFLOW_OUTPUT` starts like JSON but is none' }
    return { ok: true, values: new Map(Object.entries(value)) }
  }
  const values = new Map<string, Json>()
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    if (line.trim() === '') continue
    const [, name, operator, rest] = /^([A-Za-z_][\w-]*)(=|<<)(.*)$/.exec(line) ?? []
    if (name === undefined || rest === undefined) {
      return {
        ok: false,
        message: `line ${at + 1} of \`$OPSFLOW_OUTPUT\` is neither \`name=value\` nor \`name<<END\`: \`${line.slice(0, 60)}\``,
      }
    }
    if (operator === '=') {
      values.set(name, typed(rest, own(schemas, name)))
      continue
    }
    const end = lines.indexOf(rest, at + 1)
    if (rest === '' || end < 0)
      return { ok: false, message: `the block of \`${name}\` in \`$OPSFLOW_OUTPUT\` has no end line \`${rest}\`` }
    values.set(name, typed(lines.slice(at + 1, end).join('\n'), own(schemas, name)))
    at = end
  }
  return { ok: true, values }
}

/** Reads outputs from stdout: the fields of a JSON object; an array, a scalar or plain text is the output `value`. */
export function parseStdout(text: string, schemas: Schemas): Found {
  const value = parseJson(text)
  if (value !== undefined && isObject(value)) {
    const whole = Object.hasOwn(schemas, 'value') && !Object.hasOwn(value, 'value')
    return { ok: true, values: whole ? new Map([['value', value]]) : new Map(Object.entries(value)) }
  }
  if (Object.hasOwn(schemas, 'value')) {
    const isText = schemas.value?.type === 'string' && typeof value !== 'string'
    return {
      ok: true,
      values:
        text.trim() === '' ? new Map() : new Map([['value', isText ? text.trimEnd() : (value ?? text.trimEnd())]]),
    }
  }
  if (value === undefined && text.trim() !== '' && Object.values(schemas).some(isRequired)) {
    return { ok: false, message: 'nothing was written to `$OPSFLOW_OUTPUT`, and stdout is not one JSON object' }
  }
  return { ok: true, values: new Map() }
}

const isRequired = (schema: ValueSchema): boolean => schema.optional !== true && schema.default === undefined

/** Picks and checks what is declared. `dropped` names what was given beside it. */
export function checkOutputs(
  values: ReadonlyMap<string, Json>,
  schemas: Schemas,
):
  | { readonly ok: true; readonly outputs: { [name: string]: Json }; readonly dropped: readonly string[] }
  | { readonly ok: false; readonly message: string } {
  const outputs: [string, Json][] = []
  const problems: string[] = []
  for (const [name, schema] of Object.entries(schemas)) {
    const value = values.get(name) ?? schema.default
    if (value === undefined || value === null) {
      if (isRequired(schema)) problems.push(`\`${name}\` is missing`)
      else outputs.push([name, null])
      continue
    }
    const wrong = checkValue(schema, value, name)
    if (wrong.length > 0) problems.push(...wrong.map((fault) => fault.message))
    else outputs.push([name, value])
  }
  if (problems.length > 0) return { ok: false, message: `outputs do not fit what is declared: ${problems.join('; ')}` }
  return {
    ok: true,
    outputs: Object.fromEntries(outputs),
    dropped: [...values.keys()].filter((name) => !Object.hasOwn(schemas, name)),
  }
}

/** `k=v` holds text only: what is declared as a number, a list and so on is read from it. */
function typed(text: string, schema: ValueSchema | undefined): Json {
  if (schema?.type === undefined || schema.type === 'string') return text
  return parseJson(text) ?? text
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
