// Reads, validates and compiles a pipeline once, in a process that has done nothing before; prints the milliseconds of
// each: node bench/compile.mjs FILE
import { readFileSync } from 'node:fs'
import { readDocument } from '../src/document/read.ts'
import { validate } from '../src/model/validate.ts'
import { compile } from '../src/plan/compile.ts'

const text = readFileSync(process.argv[2], 'utf8')
const begin = performance.now()
const { document } = readDocument({ path: 'bench.yaml', text })
const read = performance.now()
const checked = validate(document)
const validated = performance.now()
if (!checked.ok) throw new Error(checked.diagnostics[0].message)
const project = {
  config: undefined,
  agents: undefined,
  pipelines: new Map([['bench', checked.value]]),
  coordinators: new Map(),
  actions: new Map(),
  faultyActions: new Map(),
  actionNames: [],
}
const result = compile(project, 'bench')
if (!result.ok) throw new Error(result.diagnostics[0].message)
console.log(JSON.stringify({ read: read - begin, validate: validated - read, compile: performance.now() - validated }))
