import type { TestContext } from 'vitest'

/** Ends the test as skipped, loudly, for what this machine lacks: nothing was shown then. */
export function notShown(context: TestContext, why: string): void {
  const message = `NOT SHOWN: ${why}`
  process.stderr.write(`${context.task.name}: ${message}\n`)
  context.skip(message)
}
