import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { chainNext, chainStart } from '../../src/store/chain.ts'
import type { Json, JsonObject } from '../../src/util/json.ts'
import { project, type TestProject } from '../support/project.ts'

/** A pipeline whose record has most kinds of events, and that parks. */
const PIPELINE = `pipeline: p
inputs: { what: { type: string, default: x } }
outputs: { made: { value: "\${{ steps.a.outputs.x }}" } }
steps:
  a: { run: "echo x=1 >> $OPSFLOW_OUTPUT", outputs: { x: { type: string } } }
  fails: { run: "exit 1", allow_failure: true, retry: { attempts: 2, backoff: 1ms } }
  each: { foreach: { items: [1, 2], key: "k\${{ item }}" }, run: echo }
  ask: { needs: [a], approval: { prompt: "go?" }, timeout: 1h }
  last: { needs: [ask], run: echo last }
gates:
  g: { of: [fails], before: [last], checks: [{ run: "false" }], bypass: { by: [r] } }
`

/** What somebody may put in the place of a value. */
const junk = fc.constantFrom<Json>(
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x',
  '../../x',
  '\x1b[2J',
  [],
  {},
  ['x'],
  { a: 1 },
  [{}],
  [[]],
  { constructor: 1 },
  'x'.repeat(5000),
)

/** The value with one place changed or gone. */
function mutate(value: Json, walk: readonly number[], to: Json, drop: boolean): Json {
  const [step, ...rest] = walk
  if (Array.isArray(value)) {
    if (step === undefined || value.length === 0) return to
    const at = step % value.length
    return value.map((item, index) => (index === at ? mutate(item as Json, rest, to, drop) : item)) as Json
  }
  if (value === null || typeof value !== 'object') return to
  const entries = Object.entries(value)
  if (step === undefined || entries.length === 0) return to
  const at = step % entries.length
  if (drop && rest.length === 0) return Object.fromEntries(entries.filter((_, index) => index !== at))
  return Object.fromEntries(
    entries.map(([key, part], index) => [key, index === at ? mutate(part as Json, rest, to, drop) : part]),
  )
}

/** Writes a record anew whose checksums all fit, as only somebody who may write there can. */
function forge(
  path: string,
  run: string,
  change: (bodies: Json[], plan: Json) => { bodies: readonly Json[]; plan: Json },
): void {
  const db = new DatabaseSync(path)
  const stored = db.prepare('SELECT hash, body FROM plan').get() as { hash: string; body: string }
  const rows = db.prepare('SELECT at, body FROM events ORDER BY seq').all() as { at: number; body: string }[]
  const made = change(
    rows.map(({ body }) => JSON.parse(body) as Json),
    JSON.parse(stored.body) as Json,
  )
  const plan = JSON.stringify(made.plan)
  db.exec('DELETE FROM events')
  db.prepare('UPDATE plan SET body = ?').run(plan)
  let sum = chainStart(run, stored.hash, plan)
  for (const [at, body] of made.bodies.entries()) {
    const text = JSON.stringify(body)
    const time = rows[Math.min(at, rows.length - 1)]!.at
    sum = chainNext(sum, at + 1, time, text)
    db.prepare('INSERT INTO events VALUES(?, ?, ?, ?)').run(at + 1, time, text, sum)
  }
  db.close()
}

/** A place in a record, and what is put there. */
export interface Forgery {
  readonly event: number
  readonly walk: readonly number[]
  readonly to: Json
  readonly drop: boolean
  readonly inPlan: boolean
}

export const forgery: fc.Arbitrary<Forgery> = fc.record({
  event: fc.nat(),
  walk: fc.array(fc.nat(12), { minLength: 1, maxLength: 5 }),
  to: junk,
  drop: fc.boolean(),
  inPlan: fc.integer({ min: 0, max: 3 }).map((one) => one === 0),
})

/** A finding of the corpus: fields put into the first event of a type, and fields taken out of it. */
export interface Alteration {
  readonly event: string
  readonly put?: { readonly [name: string]: Json }
  readonly drop?: readonly string[]
}

/** A project with a parked run whose record can be forged again and again. */
export async function forgeable(): Promise<{
  readonly it: TestProject
  readonly run: string
  forge(one: Forgery): void
  alter(one: Alteration): void
}> {
  const it = project({ 'p.yaml': PIPELINE, 'opsflow.config.yaml': 'pipelines: ["*.yaml"]\npeople: { r: [tester] }\n' })
  await it.opsflow('run', 'p.yaml', '--detach')
  const run = await it.run()
  const folder = join(it.stateDir, 'runs', run)
  const template = join(it.folder, 'template')
  cpSync(folder, template, { recursive: true })
  const anew = (): void => cpSync(template, folder, { recursive: true, force: true })
  return {
    it,
    run,
    forge(one) {
      anew()
      forge(join(folder, 'ledger.db'), run, (bodies, plan) =>
        one.inPlan
          ? { bodies, plan: mutate(plan, [...one.walk, ...one.walk], one.to, one.drop) }
          : {
              bodies: bodies.map((body, at) =>
                at === one.event % bodies.length ? mutate(body, one.walk, one.to, one.drop) : body,
              ),
              plan,
            },
      )
    },
    alter({ event, put = {}, drop = [] }) {
      anew()
      forge(join(folder, 'ledger.db'), run, (bodies, plan) => {
        const at = bodies.findIndex((body) => (body as { type: string }).type === event)
        if (at < 0) throw new Error(`no event of the record is a \`${event}\``)
        const kept = Object.entries(bodies[at] as JsonObject).filter(([name]) => !drop.includes(name))
        return { bodies: bodies.with(at, { ...Object.fromEntries(kept), ...put }), plan }
      })
    },
  }
}

/** The commands that look at a run, and one that decides. */
export const LOOKS = [
  ['show'],
  ['show', '--json'],
  ['logs'],
  ['watch'],
  ['approve', 'ask'],
  ['runs'],
  ['runs', '--json'],
] as const

/** What each of these commands makes of a forged record: those that take it for a fault of opsflow itself. */
export async function confused(
  it: TestProject,
  run: string,
  commands: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const found: string[] = []
  for (const [name, ...rest] of commands) {
    const words = name === 'runs' ? [name, ...rest] : [name!, run, ...rest]
    const { exit, stderr } = await it.opsflow(...words)
    if (exit === 3) found.push(`${words.join(' ')}: ${stderr.slice(0, 400)}`)
  }
  return found
}
