import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { project, type TestProject } from '../support/project.ts'
import { CANARY, formsIn, leaksBelow } from './canary.ts'

vi.setConfig({ testTimeout: 120_000 })

/** A server that says whatever it heard in every place where a server can say something. */
async function echo(): Promise<string> {
  const server = createServer((request, response) => {
    const said = request.headers['x-token'] as string
    const ascii = Buffer.from(said, 'latin1')
    response.statusCode = request.url === '/fails' ? 500 : request.url === '/moves' ? 302 : 200
    response.statusMessage = encodeURIComponent(said)
    response.setHeader('x-echo', encodeURIComponent(said))
    if (request.url === '/moves') response.setHeader('location', `/fails/${encodeURIComponent(said)}`)
    if (request.url?.startsWith('/fails/')) response.statusCode = 404
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({ said: ascii.toString('utf8'), [`k${ascii.toString('hex')}`]: ascii.toString('base64') }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const SAYS = `
      say() { printf '%s\\n' "$1"; printf '%s\\n' "$1" >&2; }
      say "$T"; say "x\${T}y"; printf %s "$T" | od -An -tx1 | tr -d ' \\n'; echo; printf %s "$T" | base64; printf %s "ab$T" | base64
      node -e 'console.log(JSON.stringify({x: process.env.T}), encodeURIComponent(process.env.T))'`

const CONFIG = {
  'opsflow.config.yaml': 'pipelines: ["*.yaml"]\npeople: { testers: [tester] }\nsecrets: [{ file: .secrets }]\n',
  '.secrets': `T=${CANARY}\n`,
}
const T = 'env: { T: "${{ secrets.T }}" }'
const HEADERS = 'headers: { X-Token: "${{ secrets.T }}" }'

/** All that the commands of a run print and write; `said` is everything that went to a screen or a pipe. */
async function everythingSaid(it: TestProject, ...commands: readonly (readonly string[])[]): Promise<string> {
  let said = ''
  for (const words of commands) {
    const { stdout, stderr } = await it.opsflow(...words)
    said += stdout + stderr
  }
  return said
}

describe('promise 26: a secret that opsflow resolved', () => {
  test('is in nothing that a run leaves or says, by whatever way a step tells it', async () => {
    const it = project({
      ...CONFIG,
      'p.yaml': `pipeline: p
secrets: [T]
env: { SHARED: "\${{ secrets.T }}" }
outputs: { made: { value: "\${{ steps.tells.outputs.k }}", deliverable: Made } }
steps:
  tells:
    run: |${SAYS}
      echo "k=$T" >> $OPSFLOW_OUTPUT
      printf 'block<<END\\n%s\\nEND\\n' "$T" >> $OPSFLOW_OUTPUT
    ${T}
    outputs: { k: { type: string }, block: { type: string } }
  mixed: { run: 'echo "$M"; exit 3', env: { M: "Bearer \${{ secrets.T }}." }, retry: { attempts: 2, backoff: 10ms }, allow_failure: true }
  wrong: { run: 'echo "k=$SHARED" >> $OPSFLOW_OUTPUT', outputs: { k: { type: integer } }, allow_failure: true }
  line: { run: 'echo "$SHARED" >> $OPSFLOW_OUTPUT', outputs: { k: { type: integer } }, allow_failure: true }
  listed: { run: 'printf "[\\"%s\\"]" "$(printf %s "$SHARED" | base64 | tr -d "\\n")"', outputs: { value: { type: array } } }
  each: { needs: [listed], foreach: { items: "\${{ steps.listed.outputs.value }}", key: "k\${{ item }}" }, run: [echo, "\${{ item }}"] }
  other: { run: cat .secrets }
  killed: { run: 'echo "$SHARED"; kill -9 $$', allow_failure: true }
  slow: { run: 'printf %s "$SHARED"; sleep 60', timeout: 300ms, grace: 0s, allow_failure: true }
  named: { run: 'echo "error: $SHARED"; exit 1', failures: { leak: { match: "error: (.*)", hint: "look" } }, allow_failure: true }
  checked: { run: "true", checks: [{ run: 'echo "$C"; exit 1', env: { C: "\${{ secrets.T }}" } }], allow_failure: true }
  ask: { needs: [tells], approval: { prompt: "ship \${{ steps.tells.outputs.k }}?" }, timeout: 1h }
`,
    })
    const said = await everythingSaid(
      it,
      ['lint'],
      ['plan', 'p.yaml', '--format', 'json'],
      ['run', 'p.yaml', '--detach'],
    )
    const run = await it.run()
    const later = await everythingSaid(
      it,
      ['approve', run, 'ask', '--resume'],
      ['show', run],
      ['show', run, '--json'],
      ['report', run],
      ['report', run, '--format', 'html'],
      ['report', '--since', '1d', '--json'],
      ['logs', run],
      ['runs', '--json'],
      ['watch', run],
    )
    expect(formsIn(said + later)).toEqual([])
    expect(leaksBelow(it.stateDir)).toEqual([])
    const { outcome, outputs, steps } = it.state()
    expect({ outcome, outputs }).toEqual({ outcome: 'succeeded-with-failures', outputs: { made: '***' } })
    expect([...steps.keys()]).toContain('each[k***]')
    expect(said).toContain('ship ***?')
    expect(later).toContain('Bearer ***.')
  })

  test('is in nothing that an action or another machine answers', async () => {
    const url = await echo()
    const it = project({
      ...CONFIG,
      'own.mjs': `export const inputs = { how: { type: 'string' } }
export const outputs = { said: { type: 'string' }, map: { type: 'object' } }
export const effects = 'none'
export const run = ({ how }, context) => {
  const T = context.env.T
  context.log('log ' + T)
  process.stdout.write(Buffer.from(T).toString('base64'))
  if (how === 'throws') throw new Error('thrown ' + T)
  if (how === 'fails') throw Object.assign(new Error('failed ' + T), { reason: 'own-reason', hint: 'hint ' + T })
  if (how === 'later') { setTimeout(() => { throw new Error('later ' + T) }, 1); return new Promise(() => {}) }
  return { said: T, map: { [T]: [T, { [Buffer.from(T).toString('hex')]: encodeURIComponent(T) }] } }
}
`,
      'p.yaml': `pipeline: p
secrets: [T]
steps:
  get: { http: { url: "${url}/", ${HEADERS} }, outputs: { headers: { type: object }, body: { type: object } } }
  get_fails: { http: { url: "${url}/fails", ${HEADERS} }, allow_failure: true }
  get_moves: { http: { url: "${url}/moves", ${HEADERS} }, allow_failure: true }
  gives: { uses: ./own.mjs, with: { how: gives }, ${T} }
  throws: { uses: ./own.mjs, with: { how: throws }, ${T}, allow_failure: true }
  fails: { uses: ./own.mjs, with: { how: fails }, ${T}, allow_failure: true }
  later: { uses: ./own.mjs, with: { how: later }, ${T}, allow_failure: true }
`,
    })
    const said = await everythingSaid(it, ['run', 'p.yaml'])
    const run = await it.run()
    const later = await everythingSaid(it, ['show', run, '--json'], ['logs', run])
    expect(formsIn(said + later)).toEqual([])
    expect(leaksBelow(it.stateDir)).toEqual([])
    const { steps } = it.state()
    expect(steps.get('gives')!.outputs).toEqual({ said: '***', map: { '***': ['***', { '***': '***' }] } })
    expect(steps.get('get')!.outputs).toMatchObject({ headers: { 'x-echo': '***' }, body: { said: '***' } })
    expect(steps.get('fails')).toMatchObject({ reason: 'own-reason', message: 'failed *** (hint ***)' })
    expect(steps.get('get_moves')!.message).toContain('/fails/***` answered 404')
  })
})

describe('promise 26: what a person types', () => {
  const ASKS = `pipeline: p
secrets: [T]
signals: { accepts: [OPS:GO] }
inputs: { what: { type: string, default: "" } }
steps:
  begin: { run: "true", ${T} }
  ship: { needs: [begin], approval: { prompt: "ship?" }, timeout: 1h }
  go: { needs: [begin], approval: { prompt: "go?" }, timeout: 1h }
  name: { needs: [begin], ask: { prompt: "which?", answer: { which: { type: string } } }, timeout: 1h }
  hear: { needs: [begin], wait: { signal: OPS:GO, when: payload.what != null }, outputs: { what: { type: string } }, timeout: 1h }
gates:
  tests: { of: [begin], before: [ship], checks: [{ run: "false" }], bypass: { by: [testers] } }
`

  test('is refused where it holds the secret, and written nowhere', async () => {
    const it = project({ ...CONFIG, 'p.yaml': ASKS })
    const base64 = Buffer.from(`x${CANARY}`).toString('base64')
    const begun = await it.opsflow('run', 'p.yaml', '--detach', '-i', `what=so ${CANARY} so`)
    expect(begun).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('the input `what` holds the value of the secret `T`'),
    })
    expect((await it.opsflow('run', 'p.yaml', '--detach', '-i', 'what=something else')).exit).toBe(4)
    const run = await it.run()
    const refused: readonly (readonly string[])[] = [
      ['approve', run, 'go', '--comment', `it is ${CANARY}`],
      ['reject', run, 'name', '--comment', base64],
      ['answer', run, 'name', `which=${encodeURIComponent(CANARY)}`],
      ['bypass', run, 'tests', '--expires', '1h', '--reason', CANARY],
      ['note', run, Buffer.from(CANARY).toString('hex')],
      ['signal', 'OPS:GO', '-p', `what=${CANARY}`],
      ['cancel', run, '--reason', CANARY],
    ]
    for (const words of refused) {
      const { exit, stderr, stdout } = await it.opsflow(...words)
      expect({ words, exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('the secret `T`') })
      expect(formsIn(stdout + stderr)).toEqual([])
    }
    expect(leaksBelow(it.stateDir)).toEqual([])
    expect((await it.opsflow('bypass', run, 'tests', '--expires', '1h', '--reason', 'a reason')).exit).toBe(0)
    expect((await it.opsflow('cancel', run)).exit).toBe(0)
  })
})
