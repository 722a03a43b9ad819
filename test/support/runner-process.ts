/** A runner to be killed by tests: starts one step in the run folder given and waits for it. */
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
executor.start('step#1', dispatchOf('step#1', script, { run }), () => {})
