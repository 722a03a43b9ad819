/**
 * Takes the values that opsflow resolved as secrets and a stream of bytes; gives the stream without them. What is found:
 * the value verbatim, as JSON text, URL-encoded, in hex, and in base64 (both alphabets) wherever in a longer text it
 * starts; each line of a value with several lines; all of it also across chunks. What is not: any other transformation.
 *
 * R1 No byte of a match is given out, whatever the cuts between chunks.
 * R2 A byte is held back only while it may be the start of a match; `flush` gives what was held.
 * R3 Matches that overlap vanish together.
 */

/** The shortest value that is taken as a secret: a shorter one would be found in innocent text. */
export const SHORTEST_SECRET_BYTES = 8
export const REDACTED = '***'

export interface Redactor {
  push(chunk: Uint8Array): Buffer
  flush(): Buffer
}

/** Every form of the values that is looked for, as bytes in latin1, longest first. */
export function secretForms(values: Iterable<string>): readonly string[] {
  const forms = new Set<string>()
  for (const value of values) {
    for (const text of [value, value.trim(), ...value.split(/\r?\n/)]) {
      if (Buffer.byteLength(text) < SHORTEST_SECRET_BYTES || !/[\p{L}\p{N}]/u.test(text)) continue
      for (const form of formsOf(text)) forms.add(form)
    }
  }
  return [...forms].sort((a, b) => b.length - a.length)
}

function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8')
  const json = JSON.stringify(text).slice(1, -1)
  const ascii = json.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const url = encodeURIComponent(text.toWellFormed())
  const strictUrl = url.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const allUrl = bytes.toString('hex').replace(/../g, '%$&')
  const lower = (form: string): string => form.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())
  const texts = [text, json, json.replaceAll('/', '\\/'), ascii, ascii.replaceAll('/', '\\/')]
  const urls = [
    url,
    strictUrl,
    lower(url),
    lower(strictUrl),
    strictUrl.replaceAll('%20', '+'),
    encodeURI(text.toWellFormed()),
  ]
  const hex = bytes.toString('hex')
  return [
    ...[...texts, ...urls].map((form) => Buffer.from(form, 'utf8').toString('latin1')),
    allUrl,
    allUrl.toUpperCase(),
    hex,
    hex.toUpperCase(),
    ...base64Forms(bytes),
  ]
}

/**
 * What the bytes become inside a longer text: three alignments, each without the characters that also depend on the
 * neighbours. On its own a long value is also wrapped, as the usual tools do.
 */
function base64Forms(bytes: Buffer): readonly string[] {
  const cores = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const whole = Math.floor(((shift + bytes.length) * 8) / 6)
    return text.slice(Math.ceil((shift * 8) / 6), whole)
  })
  const alone = bytes.toString('base64')
  const wrapped = [64, 76]
    .filter((width) => alone.length > width)
    .map((width) => alone.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n'))
  const standard = [...cores, alone, alone.replace(/=+$/, ''), ...wrapped]
  return [...standard, ...standard.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))]
}

/** Replaces the secrets in texts that are there as a whole. */
export function textRedactor(forms: readonly string[]): (text: string) => string {
  if (forms.length === 0) return (text) => text
  const redactor = createRedactor(forms)
  return (text) => Buffer.concat([redactor.push(Buffer.from(text, 'utf8')), redactor.flush()]).toString('utf8')
}

/**
 * Replaces what is left of a secret where a message cut it short to show it: its beginning, before a quote, an ellipsis
 * or the end of the text.
 */
export function redactCut(text: string, forms: readonly string[]): string {
  let result = text
  for (const form of forms) {
    const shown = Buffer.from(form, 'latin1').toString('utf8')
    const begin = shown.slice(0, SHORTEST_SECRET_BYTES)
    for (let at = result.indexOf(begin); at >= 0; at = result.indexOf(begin, at + 1)) {
      let end = at + begin.length
      while (end < result.length && result[end] === shown[end - at]) end++
      if (end === result.length || result[end] === '`' || result[end] === '…')
        result = result.slice(0, at) + REDACTED + result.slice(end)
    }
  }
  return result
}

/** A redactor of one stream. */
export function createRedactor(forms: readonly string[]): Redactor {
  const byStart = groupByStart(forms)
  const starts = forms.length > 0 ? new RegExp(`[${[...byStart.keys()].map(inClass).join('')}]`, 'g') : undefined
  let held = ''

  /** Gives out what is safe of `text`; keeps the rest, which begins where a form may go on beyond its end. */
  const cut = (text: string, last: boolean): string => {
    if (starts === undefined) return text
    const out: string[] = []
    let done = 0
    let from = 0
    for (;;) {
      starts.lastIndex = from
      const at = starts.exec(text)?.index
      if (at === undefined) break
      const found = longestAt(byStart, text, at)
      if (found === 'open' && !last) {
        out.push(text.slice(done, at))
        held = text.slice(at)
        return out.join('')
      }
      const length = found === 'open' ? longestWhole(byStart, text, at) : found
      if (length === 0) {
        from = at + 1
        continue
      }
      const end = endOfCluster(byStart, text, at, at + length, last)
      if (end === 'open') {
        out.push(text.slice(done, at))
        held = text.slice(at)
        return out.join('')
      }
      out.push(text.slice(done, at), REDACTED)
      done = from = end
    }
    held = ''
    out.push(text.slice(done))
    return out.join('')
  }

  return {
    push: (chunk) =>
      Buffer.from(
        cut(held + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1'), false),
        'latin1',
      ),
    flush: () => Buffer.from(cut(held, true), 'latin1'),
  }
}

type Forms = ReadonlyMap<string, readonly string[]>

function groupByStart(forms: readonly string[]): Forms {
  const groups = new Map<string, string[]>()
  for (const form of forms) {
    const group = groups.get(form[0]!)
    if (group === undefined) groups.set(form[0]!, [form])
    else group.push(form)
  }
  return groups
}

const inClass = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`

/** Length of the longest form that stands at `at`; `open` when a longer one may still come, 0 when none stands there. */
function longestAt(forms: Forms, text: string, at: number): number | 'open' {
  const left = text.length - at
  let whole = 0
  for (const form of forms.get(text[at]!) ?? []) {
    if (form.length <= left) {
      if (whole === 0 && text.startsWith(form, at)) whole = form.length
    } else if (form.startsWith(text.slice(at))) return 'open'
  }
  return whole
}

function longestWhole(forms: Forms, text: string, at: number): number {
  return forms.get(text[at]!)?.find((form) => text.startsWith(form, at))?.length ?? 0
}

/** Where the overlapping matches that begin with `from..to` end; `open` when one of them may go on beyond the text. */
function endOfCluster(forms: Forms, text: string, from: number, to: number, last: boolean): number | 'open' {
  let end = to
  for (let at = from + 1; at < end; at++) {
    const found = longestAt(forms, text, at)
    if (found === 'open' && !last) return 'open'
    const length = found === 'open' ? longestWhole(forms, text, at) : found
    end = Math.max(end, at + length)
  }
  return end
}
