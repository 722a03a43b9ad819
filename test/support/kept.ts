import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

/** Compares a text with what was looked at and kept in a file; UPDATE=1 writes it. */
export function expectKept(file: string, text: string): void {
  if (process.env.UPDATE === '1') writeFileSync(file, text)
  expect(existsSync(file), `${file} is missing: UPDATE=1 writes it`).toBe(true)
  expect(text).toBe(readFileSync(file, 'utf8'))
}
