import type { Act } from './api.ts'

type Body = { readonly [name: string]: unknown }

/** What the page sent as an act of a person, or why it is none. */
export function readAct(body: unknown): Act | string {
  if (!isObject(body)) return 'what is to be done is no object'
  const { verb, comment, kill, path, reason, expires, step, text } = body
  const { run = '' } = body
  const values = textsOf(body.values)
  switch (verb) {
    case 'note':
      if (!isName(run)) return NO_RUN
      return typeof text === 'string' ? { verb, run, text } : '`text` is missing'
    case 'resume':
      return isName(run) ? { verb, run } : NO_RUN
    case 'retry':
      if (!isName(run)) return NO_RUN
      return step === undefined || isText(step) ? { verb, run, step } : '`step` is no step'
    case 'cancel':
      if (!isName(run)) return NO_RUN
      return { verb, run, reason: isText(reason) ? reason : undefined, kill: kill === true }
    case 'signal':
    case 'run': {
      const { name } = body
      if (!isName(name)) return '`name` is missing'
      // A file could be anybody's: the page starts what the project has, by its name.
      if (verb === 'run' && /[\\/]|\.ya?ml$/.test(name)) return '`name` is no name of a pipeline'
      return values === undefined ? NO_VALUES : { verb, name, values }
    }
    case 'approve':
    case 'reject':
    case 'answer':
    case 'bypass':
      break
    default:
      return '`verb` is none of approve, reject, answer, bypass, note, resume, retry, cancel, signal, run'
  }
  if (!isName(run)) return NO_RUN
  if (typeof path !== 'string' || path === '') return '`path` is missing'
  if (verb === 'answer') return values === undefined ? NO_VALUES : { verb, run, path, values }
  if (verb === 'bypass') {
    if (!isText(reason)) return 'a bypass wants a reason'
    if (!isText(expires)) return 'a bypass wants a duration: `1h`, `3d`'
    return { verb, run, path, reason, expires }
  }
  if (comment !== undefined && typeof comment !== 'string') return '`comment` is no text'
  return { verb, run, path, comment: isText(comment) ? comment : undefined }
}

const NO_RUN = '`run` is missing'
const NO_VALUES = '`values` is no object of texts'

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

/** A word that a command takes as a name, and for no flag. */
function isName(value: unknown): value is string {
  return isText(value) && !value.startsWith('-')
}

function textsOf(values: unknown): { readonly [name: string]: string } | undefined {
  if (!isObject(values) || Object.values(values).some((value) => typeof value !== 'string')) return undefined
  return values as { readonly [name: string]: string }
}
