/** `opsflow` from its sources as a process of its own, for tests that kill it. */
import { run } from '../../src/cli.ts'

await run()
