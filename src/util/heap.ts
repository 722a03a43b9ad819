import { createRequire } from 'node:module'

/*
 * Reading and compiling a large file makes ten times the garbage that it keeps, and V8 answers by letting its heap grow:
 * the young generation to a hundred megabytes, the old one to whatever was once alive. Both are seldom worth their memory
 * in a process that then waits for steps. Here is what keeps them small. Nothing of it is loaded for small files.
 */

/** Texts from this many characters on are worth it: reading a smaller one is over before the heap has grown. */
const LARGE_TEXT = 64 * 1024

let isLarge = false

/**
 * To be called before a text is read. For a large one the young generation stays as small as it is now, for the rest of the
 * process: it is swept more often, and each time there is less in it. That takes the same processor time.
 */
export function expectText(length: number): void {
  if (isLarge || length < LARGE_TEXT) return
  isLarge = true
  // Options that name a size are read once, when the heap is made; this one each time before it grows.
  v8().setFlagsFromString('--semi-space-growth-factor=1')
}

/**
 * Gives back what reading and compiling took, once nothing refers to it any more. V8 itself would wait until the heap has
 * grown to twice its size. Does nothing where no large text was read; else it takes some ten milliseconds.
 */
export function sweepHeap(): void {
  if (!isLarge) return
  v8().setFlagsFromString('--expose-gc')
  const collect: unknown = (createRequire(import.meta.url)('node:vm') as typeof import('node:vm')).runInNewContext('gc')
  v8().setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect()
}

/** Taken when it is wanted: to load it takes a millisecond. */
function v8(): typeof import('node:v8') {
  return createRequire(import.meta.url)('node:v8') as typeof import('node:v8')
}
