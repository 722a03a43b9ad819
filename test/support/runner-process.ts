/**
 * A runner to be killed by tests: starts one step in the run folder given and waits for it, or (`ahead`) makes it ready and
 * never starts it.
 */
import { startSupervisor } from '../../src/executors/supervised.ts'
import { NODE } from './node.ts'
import { dispatchOf } from './supervised.ts'

const [folder = '', runDir = '', script = '', run = '', how = ''] = process.argv.slice(2)
const executor = startSupervisor({
  run,
  runDir,
  root: folder,
  env: process.env,
  node: NODE,
  lockFile: `${folder}/supervisor.lock`,
})
const step = dispatchOf('step#1', script, { run })
if (how === 'ahead')
  executor.start('first#1', dispatchOf('first#1', 'true', { run }), () => executor.prepare?.('step#1', step))
else executor.start('step#1', step, () => {})
