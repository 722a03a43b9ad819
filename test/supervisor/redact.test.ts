import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRedactor, REDACTED, redactCut, secretForms, textRedactor } from '../../src/supervisor/redact.ts'

const redactText = (text: string, forms: readonly string[]): string => textRedactor(forms)(text)

const printable = fc.stringMatching(/^[A-Za-z0-9+/_ "'\\%:-]{10,40}$/).filter((text) => /[a-zA-Z0-9]{4}/.test(text))

const secret = fc.tuple(fc.string({ unit: 'binary', maxLength: 9 }), printable).map(([odd, plain]) => odd + plain)

/** Sends bytes through a redactor in pieces of the given sizes, over and over. */
function throughChunks(bytes: Buffer, sizes: readonly number[], values: readonly string[]): string {
  const redactor = createRedactor(secretForms(values))
  const out: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    out.push(redactor.push(bytes.subarray(at, at + size)))
    at += size
  }
  out.push(redactor.flush())
  return Buffer.concat(out).toString('utf8')
}

describe('redaction', () => {
  const encodings: { readonly [name: string]: (value: string) => string } = {
    verbatim: (value) => value,
    'as JSON text': (value) => JSON.stringify(value).slice(1, -1),
    'URL-encoded': encodeURIComponent,
    'in hex': (value) => Buffer.from(value).toString('hex'),
    'in upper-case hex': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  }
  for (const [name, encode] of Object.entries(encodings)) {
    test(`promise 26b: takes out a value ${name}, wherever the stream is cut`, () => {
      fc.assert(
        fc.property(
          printable,
          fc.string(),
          fc.string(),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
          (value, before, after, sizes) => {
            const text = `${before}<${encode(value)}>${after}`
            const redacted = throughChunks(Buffer.from(text), sizes, [value])
            expect(redacted).toContain(REDACTED)
            expect(redacted).not.toContain(encode(value))
          },
        ),
      )
    })
  }

  test('promise 26b: takes out base64 in all three alignments and both alphabets', () => {
    fc.assert(
      fc.property(
        printable,
        fc.string({ maxLength: 7 }),
        fc.string({ maxLength: 7 }),
        fc.boolean(),
        (value, before, after, urlSafe) => {
          const encoded = Buffer.from(before + value + after).toString(urlSafe ? 'base64url' : 'base64')
          const redacted = redactText(`x ${encoded} y`, secretForms([value]))
          expect(redacted).toContain(REDACTED)
          const left = redacted.slice(2, -2).split(REDACTED)
          const decoded = left.map((part) => Buffer.from(part, 'base64').toString('latin1')).join('')
          expect(decoded.length).toBeLessThanOrEqual(Buffer.byteLength(before + after) + 4)
        },
      ),
    )
  })

  test('gives the same text whatever the cuts', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.array(fc.oneof(fc.string(), fc.integer({ min: 0, max: 2 }))),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (values, parts, sizes) => {
          const text = parts
            .map((part) => (typeof part === 'number' ? (values[part % values.length] ?? '') : part))
            .join('')
          const bytes = Buffer.from(text.toWellFormed())
          expect(throughChunks(bytes, sizes, values)).toBe(throughChunks(bytes, [bytes.length + 1], values))
        },
      ),
    )
  })

  test('changes nothing in a text without secrets', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        (text, sizes) => {
          fc.pre(!text.includes('innocent-looking-value'))
          expect(throughChunks(Buffer.from(text), sizes, ['innocent-looking-value'])).toBe(text)
        },
      ),
    )
  })

  test('holds nothing back that cannot begin a secret', () => {
    const redactor = createRedactor(secretForms(['s3cr3t-value']))
    expect(redactor.push(Buffer.from('one line\n')).toString()).toBe('one line\n')
    expect(redactor.push(Buffer.from('then s3cr')).toString()).toBe('then ')
    expect(redactor.push(Buffer.from('3t-valuX')).toString()).toBe('s3cr3t-valuX')
  })

  test('prefers the longer of two secrets that begin alike, and takes overlapping ones out together', () => {
    const forms = secretForms(['abcdefgh', 'abcdefghij', 'ghijklmn'])
    expect(redactText('<abcdefgh> <abcdefghij> <abcdefghijklmn>', forms)).toBe('<***> <***> <***>')
  })

  test('takes out each line of a value with several lines, and values with a newline at their end', () => {
    const key = '-----BEGIN KEY-----\nMIIBVgIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n'
    const redacted = redactText('got MIIBVgIBADANBgkq and hkiG9w0BAQEFAASC', secretForms([key]))
    expect(redacted).toBe('got *** and ***')
  })

  test('does not take short or blank values for secrets', () => {
    expect(secretForms(['1234567', '', '          ', '--------------'])).toEqual([])
  })

  test('takes out what a tool that wraps base64 prints', () => {
    const value = 'a-long-secret-value-'.repeat(8)
    const wrapped = Buffer.from(value)
      .toString('base64')
      .replace(/.{76}(?=.)/g, '$&\n')
    expect(redactText(wrapped, secretForms([value]))).toBe(REDACTED)
  })

  test('takes out a value beyond ASCII as a JSON writer escapes it', () => {
    expect(redactText('"p\\u00e4ssw\\u00f6rter"', secretForms(['pässwörter']))).toBe('"***"')
  })
})

test('a message that cut a secret short shows nothing of it', () => {
  const forms = secretForms(['correct horse battery staple'])
  expect(redactCut('it is `correct horse batt…`, and', forms)).toBe('it is `***…`, and')
  expect(redactCut('line 1: `x correct h`', forms)).toBe('line 1: `x ***`')
  expect(redactCut('ends with correct ho', forms)).toBe('ends with ***')
  expect(redactCut('correct horses are none', forms)).toBe('correct horses are none')
})
