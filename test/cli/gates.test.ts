import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { project } from '../support/project.ts'

const CONFIG = 'people: { ARCHITECT: [tester], sre: [erin] }\n'

/** A local server that answers `/ok` with 200 and a JSON body, and everything else with 503. */
async function localServer(): Promise<string> {
  const server = createServer((request, response) => {
    const fine = request.url === '/ok'
    response.writeHead(fine ? 200 : 503, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ method: request.method, up: fine, token: request.headers['x-token'] ?? null }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('promise 9b: checks of every kind judge an attempt, and each failing one is named with its place', async () => {
  const url = await localServer()
  const it = project({
    'act.mjs': `export const inputs = {}
export const outputs = {}
export const effects = 'none'
export async function run() { return {} }
`,
    'p.yaml': `pipeline: p
steps:
  good:
    outputs: { n: { type: integer } }
    run: touch made; echo n=2 >> "$OPSFLOW_OUTPUT"
    checks:
      - { id: script, run: test -f made }
      - { id: file, file: made }
      - { id: require, require: outputs.n == 2 }
      - { id: web, http: { url: "${url}/ok", expect: 200 } }
      - { id: module, uses: ./act.mjs }
  bad:
    outputs: { n: { type: integer } }
    run: echo n=2 >> "$OPSFLOW_OUTPUT"
    checks:
      - { id: script, run: "echo not good; exit 1" }
      - { id: file, file: never-made }
      - { id: require, require: outputs.n == 3 }
      - { id: web, http: { url: "${url}/down", expect: 200 } }
      - { id: advice, run: exit 1, level: advisory }
  advised: { run: "true", checks: [{ id: advice, run: exit 1, level: advisory }] }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 1, stderr: '' })
  const { steps } = it.state()
  expect(steps.get('good')?.message).toBeUndefined()
  expect(steps.get('good')?.status).toBe('succeeded')
  expect(steps.get('bad')?.status).toBe('failed')
  expect(steps.get('advised')?.status).toBe('succeeded')
  const verdicts = [...(steps.get('bad')?.checks ?? [])].map(([id, { status }]) => [id, status])
  expect(Object.fromEntries(verdicts)).toEqual({
    script: 'failed',
    file: 'failed',
    require: 'failed',
    web: 'failed',
    advice: 'failed',
  })
  expect(ran.stdout).toContain('check `file` failed')
  expect(ran.stdout).toContain('`never-made`')
})

test('a failed mandatory gate that nobody may bypass skips what stands behind it', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  build: { run: "true" }
  ship: { needs: [build], run: touch shipped }
gates:
  safe: { before: [ship], bypass: never, checks: [{ id: clean, run: "echo a secret; exit 1" }] }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 1, stderr: '' })
  expect(it.has('shipped')).toBe(false)
  expect(it.state().gates.get('safe')?.status).toBe('failed')
  expect(it.state().steps.get('ship')?.status).toBe('skipped')
  expect(ran.stdout).toContain('gate safe  failed')
})

test('an advisory gate is reported and blocks nothing', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  build: { run: "true" }
  ship: { needs: [build], run: touch shipped }
gates:
  nice: { level: advisory, before: [ship], checks: [{ id: tidy, run: exit 1 }] }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(0)
  expect(it.has('shipped')).toBe(true)
  expect(ran.stdout).toContain('gate nice  failed')
})

const HELD = {
  'opsflow.config.yaml': CONFIG,
  'p.yaml': `pipeline: p
steps:
  build: { run: "true" }
  ship: { needs: [build], run: touch shipped }
gates:
  safe: { before: [ship], bypass: { by: [ARCHITECT] }, checks: [{ id: clean, run: exit 1 }] }
`,
}

test('promises 10d, 21a: a held gate parks the run, a bypass with reason lets it go on, and the record says who and why', async () => {
  const it = project(HELD)
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 4, stderr: '' })
  const run = await it.run()
  expect(ran.stdout).toContain('gate safe  held')
  expect((await it.opsflow('show', run)).stdout).toContain(`opsflow bypass ${run} gate:safe`)

  const stranger = await it.as('mallory').opsflow('bypass', run, 'safe', '--reason', 'please', '--expires', '1h')
  expect(stranger.exit).toBe(1)
  expect(stranger.stderr).toContain('`mallory` may not decide this; it takes ARCHITECT')

  const given = await it.opsflow('bypass', run, 'safe', '--reason', 'known false alarm', '--expires', '1h')
  expect(given).toMatchObject({ exit: 0, stderr: '' })
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(it.has('shipped')).toBe(true)
  const gate = it.state().gates.get('safe')
  expect(gate).toMatchObject({ status: 'bypassed', decided: { by: { name: 'tester' }, reason: 'known false alarm' } })
  expect(it.events().find(({ type }) => type === 'gate-decided')).toMatchObject({ planHash: it.state().planHash })
})

test('a held gate that is rejected skips what stands behind it', async () => {
  const it = project(HELD)
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  expect(await it.opsflow('reject', run, 'safe', '--comment', 'mend it')).toMatchObject({ exit: 0, stderr: '' })
  expect((await it.opsflow('resume', run)).exit).toBe(1)
  expect(it.has('shipped')).toBe(false)
  expect(it.state().gates.get('safe')?.status).toBe('failed')
})

test('promise 5c: a gate at the end whose share is reached makes the run partial, below it failed', async () => {
  const pipeline = (success: string) => ({
    'agents.yaml': `agents:
  worker: { description: works, tasks: { do: { inputs: { ok: { type: boolean } }, env: { OK: "\${{ inputs.ok }}" }, run: test "$OK" = true } } }
`,
    'p.yaml': `pipeline: p
steps:
  a: { agent: worker, task: do, with: { ok: true } }
  b: { agent: worker, task: do, with: { ok: false } }
gates:
  enough: { success: ${success} }
`,
  })
  const half = project(pipeline('50%'))
  expect(await half.opsflow('run', 'p.yaml')).toMatchObject({ exit: 1, stderr: '' })
  expect(half.state().outcome).toBe('partial')
  const most = project(pipeline('80%'))
  expect((await most.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect(most.state().outcome).toBe('failed')
})

test('promise 10f: show says of each gate that has judged where it stands, and of no other', async () => {
  const it = project({
    'opsflow.config.yaml': CONFIG,
    'p.yaml': `pipeline: p
steps:
  build: { run: "true" }
  ship: { needs: [build], run: "true" }
  last: { needs: [ship], run: "true" }
gates:
  good: { of: [build], before: [ship], checks: [{ id: fine, run: "true" }] }
  advice: { level: advisory, of: [build], before: [ship], checks: [{ id: tidy, run: exit 1 }] }
  safe: { of: [build], before: [ship], bypass: { by: [ARCHITECT] }, checks: [{ id: clean, run: exit 1 }] }
  later: { of: [ship], before: [last], checks: [{ id: fine, run: "true" }] }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  const gates = async () =>
    Object.fromEntries(
      [...(await it.opsflow('show', run)).stdout.matchAll(/◆ (\w+) +gate (\w+)/g)].map(([, name, at]) => [name, at]),
    )
  expect(await gates()).toEqual({ good: 'passed', advice: 'failed', safe: 'held' })
  await it.opsflow('bypass', run, 'safe', '--reason', 'known false alarm', '--expires', '1h')
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(await gates()).toEqual({ good: 'passed', advice: 'failed', safe: 'bypassed', later: 'passed' })
})

test('promise 9b: a check that a person answers waits for that person', async () => {
  const it = project({
    'opsflow.config.yaml': CONFIG,
    'p.yaml': `pipeline: p
steps:
  build: { run: "true" }
gates:
  ready: { checks: [{ id: on_call, title: Rotation active, ask: { from: [sre] } }] }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  const shown = await it.opsflow('show', run)
  expect(shown.stdout).toContain('Rotation active')
  expect(shown.stdout).toContain(`opsflow approve ${run} gate:ready/check:on_call`)
  expect((await it.opsflow('approve', run, 'on_call')).exit).toBe(1)
  expect(await it.as('erin').opsflow('approve', run, 'on_call')).toMatchObject({ exit: 0, stderr: '' })
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(it.state().gates.get('ready')?.status).toBe('passed')
})
