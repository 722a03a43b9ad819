// Fills a state folder with so many runs that have ended, each with a plan, a record and a log: node bench/runs.mjs FOLDER COUNT
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../src/plan/compile.ts'
import { openStore } from '../src/store/store.ts'
import { asYaml, chain } from './shapes.mjs'
import { projectOf } from './simulate.mjs'

const [folder, count] = [process.argv[2], Number(process.argv[3])]
const { value: plan } = compile(projectOf(asYaml('bench', chain(5))), 'bench')
const by = { name: 'bench', uid: 0 }
const store = openStore(folder)
for (let i = 0; i < count; i++) {
  const { run } = store.create(plan)
  const owned = await store.own(run, { pid: process.pid, by })
  const at = Date.now()
  owned.ledger.append(
    [
      {
        type: 'run-created',
        run,
        pipeline: 'bench',
        planHash: plan.hash,
        inputs: {},
        startedBy: by,
        version: '0.0.0',
        root: folder,
        approve: [],
      },
      { type: 'attempt-started', path: 's0', attempt: 1 },
      { type: 'run-ended', outcome: 'succeeded', outputs: {}, nextSteps: [] },
    ],
    at,
  )
  mkdirSync(owned.folder.logs, { recursive: true })
  writeFileSync(join(owned.folder.logs, 's0.1.log'), 'done\n')
  owned.release()
}
store.close()
