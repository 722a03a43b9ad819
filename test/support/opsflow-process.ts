/** `opsflow` from its sources as a process of its own, for tests that kill it. */
import { run } from '../../src/cli.ts'
import { NODE } from './node.ts'

// What it starts is read as fast as it is.
process.execPath = NODE
await run()
