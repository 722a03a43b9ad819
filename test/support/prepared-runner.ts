/** A runner to be killed by tests: makes one step ready in the run folder given, and never starts it. */
import { startSupervisor } from '../../src/executors/supervised.ts'
import { dispatchOf } from './supervised.ts'

const [folder = '', runDir = '', script = '', run = ''] = process.argv.slice(2)
const executor = startSupervisor({
  run,
  runDir,
  root: folder,
  env: process.env,
  node: process.execPath,
  lockFile: `${folder}/supervisor.lock`,
})
executor.start('first#1', dispatchOf('first#1', 'true', { run }), () => {
  executor.prepare?.('step#1', dispatchOf('step#1', script, { run }))
})
