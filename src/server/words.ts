import type { Json } from '../util/json.ts'
import type { Word } from './api.ts'

/** What the page sent as a person's word, or why it is none. */
export function readWord(body: unknown): Word | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'the word is no object'
  const { verb, path, comment, values, reason, expires, text } = body as { readonly [name: string]: Json }
  if (verb === 'note') return typeof text === 'string' ? { verb, text } : '`text` is missing'
  if (typeof path !== 'string' || path === '') return '`path` is missing'
  switch (verb) {
    case 'approve':
    case 'reject':
      if (comment !== undefined && typeof comment !== 'string') return '`comment` is no text'
      return { verb, path, comment: comment === undefined || comment.trim() === '' ? undefined : comment }
    case 'answer': {
      if (typeof values !== 'object' || values === null || Array.isArray(values)) return '`values` is no object'
      const words = Object.entries(values)
      if (words.some(([, value]) => typeof value !== 'string')) return '`values` holds something else than texts'
      return { verb, path, values: Object.fromEntries(words as [string, string][]) }
    }
    case 'bypass':
      if (typeof reason !== 'string' || reason.trim() === '') return 'a bypass wants a reason'
      if (typeof expires !== 'string' || expires === '') return 'a bypass wants a duration: `1h`, `3d`'
      return { verb, path, reason, expires }
    default:
      return '`verb` is none of approve, reject, answer, bypass, note'
  }
}
