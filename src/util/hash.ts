import { hash } from 'node:crypto'

/** The SHA-256 of a text (UTF-8), as 64 lower-case hex digits. */
export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text)
}
