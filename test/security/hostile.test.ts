import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test, vi } from 'vitest'
import { project } from '../support/project.ts'

vi.setConfig({ testTimeout: 240_000 })

const CORPUS = join(import.meta.dirname, '..', 'corpus')
const corpus = (kind: string): { readonly [file: string]: string } =>
  Object.fromEntries(
    readdirSync(join(CORPUS, kind)).map((file) => [file, readFileSync(join(CORPUS, kind, file), 'latin1')]),
  )

test('files of the corpus are told what is wrong with them, and none is a fault of opsflow', async () => {
  const it = project({})
  for (const file of readdirSync(join(CORPUS, 'yaml'))) {
    const path = join(CORPUS, 'yaml', file)
    const [lint, plan] = [await it.opsflow('lint', path), await it.opsflow('plan', path)]
    expect({ file, lint: lint.exit, plan: plan.exit, said: lint.stdout !== '' }).toEqual({
      file,
      lint: expect.toBeOneOf([0, 1]),
      plan: expect.toBeOneOf([0, 1]),
      said: true,
    })
  }
  expect(it.has('pwned')).toBe(false)
})

test('modules of the corpus fail their own step or give what they declare, and the run ends as it should', async () => {
  const modules = corpus('modules')
  const names = Object.keys(modules).map((file) => file.replace('.mjs', ''))
  const steps = names.map(
    (name) => `  ${name.replaceAll('-', '_')}: { uses: ./${name}.mjs, timeout: 60s, allow_failure: true }`,
  )
  const it = project({ ...modules, 'p.yaml': `pipeline: p\nsteps:\n${steps.join('\n')}\n  last: { run: "true" }\n` })
  const ended = await it.opsflow('run', 'p.yaml')
  expect(ended).toMatchObject({ exit: 0, stderr: '' })
  const { steps: found } = it.state()
  const status = Object.fromEntries(
    [...found.values()].map((step) => [
      step.path,
      `${step.status} ${step.reason ?? JSON.stringify(step.outputs ?? null)}`,
    ]),
  )
  expect(status).toMatchObject({
    last: 'succeeded null',
    ends_its_process: 'failed action',
    gives_no_map: 'succeeded {"x":null}',
    changes_all_objects: 'succeeded {"x":"real"}',
    answers_twice: 'failed action',
    answers_what_is_no_answer: 'failed action',
    answers_deeper_than_anybody_reads: 'failed outputs',
    gives_more_than_there_is_room_for: 'failed outputs',
    breaks_beside_its_run: 'failed exception',
    throws_a_reason_with_escapes: 'failed exception',
    throws_nothing: 'failed exception',
    waits_for_what_never_comes: 'failed action',
  })
  expect(Object.values(status).filter((one) => /^(succeeded|failed) /.test(one))).toHaveLength(names.length + 1)
  expect(({} as { polluted?: true }).polluted).toBeUndefined()
})

const ANSWERS: { readonly [path: string]: (response: ServerResponse) => void } = {
  bomb: (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000))),
  prototype: (response) =>
    response
      .writeHead(200, { 'content-type': 'application/json', constructor: 'x' })
      .end('{"__proto__":{"admin":true},"constructor":1,"toString":null}'),
  deep: (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('['.repeat(400_000) + ']'.repeat(400_000)),
  deeper_than_read: (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('['.repeat(3000) + ']'.repeat(3000)),
  half: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"a":')
    response.destroy()
  },
  file: (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  code: (response) => response.writeHead(302, { location: 'javascript:process.exit()' }).end(),
  round: (response) => response.writeHead(302, { location: '/round' }).end(),
  escapes: (response) => response.writeHead(500).end('\x1b[2J\x1b]0;t\x07'),
  secret: (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ x: '${secret:T}' })),
}

test('answers of another machine are values of bounded size, or a failure of the step that asked', async () => {
  const server = createServer((request, response) => ANSWERS[request.url!.slice(1)]!(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const steps = Object.keys(ANSWERS).map(
    (name) =>
      `  ${name}: { http: { url: "${base}/${name}" }, outputs: { body: {}, headers: { type: object } }, allow_failure: true, timeout: 60s }`,
  )
  const it = project(
    {
      'p.yaml': `pipeline: p
secrets: [T]
steps:
${steps.join('\n')}
  forged: { needs: { secret: succeeded }, run: env > env.txt, env: { A: "\${{ steps.secret.outputs.body.x }}" }, allow_failure: true }
`,
    },
    { env: { T: 'the-value-of-the-secret' } },
  )
  expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 0, stderr: '' })
  const { steps: found } = it.state()
  const status = Object.fromEntries(
    [...found.values()].map((step) => [step.path, step.status === 'failed' ? (step.reason ?? '') : step.status]),
  )
  expect(status).toEqual({
    bomb: 'http-size',
    prototype: 'succeeded',
    deep: expect.stringMatching(/^(exception|outputs|http-body)$/),
    deeper_than_read: 'outputs',
    half: 'http-network',
    file: 'http-url',
    code: 'http-url',
    round: 'http-redirect',
    escapes: 'http-status',
    secret: 'succeeded',
    forged: expect.any(String),
  })
  expect(Object.keys(found.get('prototype')!.outputs!.body as object)).toEqual(['__proto__', 'constructor', 'toString'])
  expect(it.has('env.txt') ? it.read('env.txt') : '').not.toContain('the-value-of-the-secret')
})

test('what a step, a person or a signal gives is nested so deep and no deeper, and no runner dies of it', async () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const it = project(
    {
      'p.yaml': `pipeline: p
secrets: [T]
inputs: { list: { type: array, default: [] } }
steps:
  a: { run: 'cat deep > $OPSFLOW_OUTPUT', env: { T: "\${{ secrets.T }}" }, outputs: { x: { type: array } } }
  b: { run: cat deep, outputs: { x: { type: array } } }
`,
      deep: `{"x":${deep(100_000)}}`,
    },
    { env: { T: 'the-value-of-the-secret' } },
  )
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  const { steps } = it.state()
  for (const path of ['a', 'b'])
    expect(steps.get(path)).toMatchObject({
      reason: 'outputs',
      message: expect.stringContaining('`x` is nested more than 100 deep'),
    })
  expect(await it.opsflow('run', 'p.yaml', '-i', `list=${deep(5000)}`)).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('`list` is nested more than 100 deep'),
  })
  it.write({ deep: `{"x":${deep(99)}}` })
  expect((await it.opsflow('run', 'p.yaml', '-i', `list=${deep(99)}`)).exit).toBe(0)
})
