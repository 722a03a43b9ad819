import { createHash, hash } from 'node:crypto'

/** The SHA-256 of a text (UTF-8), as 64 lower-case hex digits. */
export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text)
}

/** How many UTF-16 units are gathered before they are hashed: a call for each short text costs more than its hash. */
const CHUNK = 1 << 16

/** The SHA-256 of many texts, each ended by a NUL, which no JSON holds. */
export function hasher(): { add(text: string): void; end(): string } {
  const sum = createHash('sha256')
  let open = ''
  return {
    add(text) {
      open += `${text}\0`
      if (open.length < CHUNK) return
      sum.update(open)
      open = ''
    },
    end: () => sum.update(open).digest('hex'),
  }
}
