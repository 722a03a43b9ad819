import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { project, type TestProject } from '../support/project.ts'

/** A local server that answers `/ok` with 200 and a JSON body, and everything else with 503; `seen` is what it was asked. */
async function localServer(): Promise<{ url: string; seen: { method: string; token: unknown; body: string }[] }> {
  const seen: { method: string; token: unknown; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    seen.push({ method: request.method ?? '', token: request.headers['x-token'], body })
    response.writeHead(request.url === '/ok' ? 200 : 503, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ up: true, n: 3 }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

test('an http step sends what it says, reads the answer as outputs, and fails on a status it does not expect', async () => {
  const { url, seen } = await localServer()
  const it = project({
    'p.yaml': `pipeline: p
outputs: { n: { value: "\${{ steps.ask.outputs.body.n }}" }, status: { value: "\${{ steps.ask.outputs.status }}" } }
steps:
  ask:
    http: { method: POST, url: "${url}/ok", headers: { X-Token: abc }, body: { a: 1 }, expect: 200 }
    outputs: { status: { type: integer }, body: { type: object } }
  plain: { http: { url: "${url}/ok" } }
  after: { needs: [plain], when: steps.plain.outputs.status == 200, run: "true" }
  down: { http: { url: "${url}/down", expect: 200 } }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 1, stderr: '' })
  expect(it.state().steps.get('ask')?.status).toBe('succeeded')
  expect(it.state().outputs).toEqual({ n: 3, status: 200 })
  // What is not asked for is not kept: a body may be large, and may be private.
  expect(it.state().steps.get('plain')?.outputs).toEqual({ status: 200 })
  expect(it.state().steps.get('after')?.status).toBe('succeeded')
  expect(seen.find(({ method }) => method === 'POST')).toEqual({ method: 'POST', token: 'abc', body: '{"a":1}' })
  expect(it.state().steps.get('down')).toMatchObject({ status: 'failed', reason: 'http-status' })
  expect(ran.stdout).toContain('503')
})

test("promise 29a: a user's ES module is an action: inputs checked, outputs typed, never in the runner's process", async () => {
  const it = project({
    'actions/add.mjs': `export const description = 'adds'
export const inputs = { a: { type: 'integer' }, b: { type: 'integer', default: 1 } }
export const outputs = { sum: { type: 'integer' }, pid: { type: 'integer' } }
export const effects = 'none'
export async function run({ a, b }, context) {
  context.log('adding ' + a + ' and ' + b)
  return { sum: a + b, pid: process.pid }
}
`,
    'p.yaml': `pipeline: p
outputs: { sum: { value: "\${{ steps.add.outputs.sum }}" } }
steps:
  add: { uses: ./actions/add.mjs, with: { a: 41 } }
`,
  })
  expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 0, stderr: '' })
  expect(it.state().outputs).toEqual({ sum: 42 })
  expect(it.state().steps.get('add')?.outputs?.pid).not.toBe(process.pid)
  expect((await it.opsflow('logs', await it.run(), 'add')).stdout).toBe('adding 41 and 1\n')
})

test("a user's module that fails, and one that lies about its outputs, fail their steps with their own words", async () => {
  const it = project({
    'throws.mjs': `export const inputs = {}; export const outputs = {}; export const effects = 'none'
export async function run() { throw new Error('no such server') }
`,
    'lies.mjs': `export const inputs = {}; export const outputs = { n: { type: 'integer' } }; export const effects = 'none'
export async function run() { return { n: 'many' } }
`,
    'p.yaml': 'pipeline: p\nsteps:\n  throws: { uses: ./throws.mjs }\n  lies: { uses: ./lies.mjs }\n',
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(1)
  expect(it.state().steps.get('throws')?.message).toContain('no such server')
  expect(it.state().steps.get('lies')?.message).toContain('`n`')
})

test('promise 3b: a module that changed since compile is not run', async () => {
  const it = project({
    'act.mjs': `export const inputs = {}; export const outputs = {}; export const effects = 'none'
export async function run() { return {} }
`,
    'p.yaml': `pipeline: p
steps:
  change: { run: "echo '// changed' >> act.mjs" }
  act: { needs: [change], uses: ./act.mjs }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(1)
  expect(it.state().steps.get('act')?.status).toBe('failed')
  expect(it.state().steps.get('act')?.message).toContain('act.mjs')
})

const CANARY = 'canary/Tr0ub4dor&3-"quoted"'

function everyFile(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
}

test('promise 26a: a secret reaches the step that asks for it, and nothing that opsflow writes has it in any encoding', async () => {
  const { url, seen } = await localServer()
  const it = project(
    {
      'p.yaml': `pipeline: p
secrets: [TOKEN]
steps:
  use:
    env: { T: "\${{ secrets.TOKEN }}" }
    outputs: { said: { type: string } }
    run: |
      node -e 'require("fs").writeFileSync("proof", require("crypto").createHash("sha256").update(process.env.T).digest("hex"))'
      echo "plain $T"
      printf %s "$T" | base64 -w0; echo
      printf %s "$T" | od -An -tx1 | tr -d ' \\n'; echo
      node -e 'console.log(encodeURIComponent(process.env.T)); console.log(JSON.stringify(process.env.T))'
      node -e 'const t=process.env.T; process.stdout.write(t.slice(0,9)); setTimeout(()=>process.stdout.write(t.slice(9)+"\\n"),80)'
      echo "said=$T" >> "$OPSFLOW_OUTPUT"
      echo "$T" >&2
  call: { http: { url: "${url}/ok", headers: { X-Token: "\${{ secrets.TOKEN }}" } } }
  fail: { env: { T: "\${{ secrets.TOKEN }}" }, run: "echo failing with $T; exit 1" }
`,
    },
    { env: { TOKEN: CANARY } },
  )
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(1)
  expect(it.read('proof')).toBe(createHash('sha256').update(CANARY).digest('hex'))
  expect(seen.map(({ token }) => token)).toEqual([CANARY])

  const run = await it.run()
  const printed = [
    ran,
    await it.opsflow('show', run),
    await it.opsflow('show', run, '--json'),
    await it.opsflow('logs', run),
  ]
  const forms = [
    CANARY,
    JSON.stringify(CANARY).slice(1, -1),
    encodeURIComponent(CANARY),
    Buffer.from(CANARY).toString('hex'),
    Buffer.from(CANARY).toString('base64'),
  ]
  const written = everyFile(it.stateDir).map((path) => [path, readFileSync(path, 'latin1')] as const)
  expect(written.length).toBeGreaterThan(3)
  for (const form of forms) {
    expect(written.filter(([, text]) => text.includes(form)).map(([path]) => path)).toEqual([])
    for (const { stdout, stderr } of printed) expect(stdout + stderr).not.toContain(form)
  }
})

test('a secret that nobody has is named before anything starts', async () => {
  const it = project({
    'p.yaml': `pipeline: p
secrets: [NOT_THERE]
steps:
  use: { env: { T: "\${{ secrets.NOT_THERE }}" }, run: touch ran }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(1)
  expect(ran.stdout + ran.stderr).toContain('`NOT_THERE`')
  expect(it.has('ran')).toBe(false)
})

function repository(files: { readonly [path: string]: string }): TestProject {
  const it = project({ ...files, 'src/code.txt': 'one\n', 'docs/page.md': 'page\n', '.gitignore': '.opsflow/\n' })
  const git = (...words: string[]) => execFileSync('git', words, { cwd: it.folder, env: it.env, stdio: 'pipe' })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'first')
  return it
}

test('promise 28b: a step in a worktree of its own leaves the checkout as it was, and its work is a commit away', async () => {
  const it = repository({
    'p.yaml': `pipeline: p
steps:
  work: { isolation: worktree, run: "echo two >> src/code.txt; pwd > \\"$HOME/where\\"" }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 0, stderr: '' })
  expect(it.read('src/code.txt')).toBe('one\n')
  // The line of the patch, as it is printed at the end and by show, brings its work into the checkout.
  const [, command] = / {2}patch of work: (git apply (?!\/).+)\n$/.exec(ran.stdout) ?? []
  expect((await it.opsflow('show', await it.run())).stdout).toMatch(/ {2}patch of work: git apply .+\n$/)
  execFileSync('/bin/sh', ['-c', command!], { cwd: it.folder, env: it.env })
  expect(it.read('src/code.txt')).toBe('one\ntwo\n')
  expect(readFileSync(join(it.env.HOME!, 'where'), 'utf8').trim()).not.toBe(it.folder)
})

test('promise 28a: a step that writes outside of what it owns fails, and says which files', async () => {
  const it = repository({
    'p.yaml': `pipeline: p
steps:
  fine: { isolation: worktree, owns: [docs/**], run: echo more >> docs/page.md }
  rogue: { isolation: worktree, owns: [docs/**], run: echo more >> src/code.txt }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(1)
  expect(ran.stdout).toContain('✓ fine')
  expect(it.state().steps.get('rogue')).toMatchObject({ status: 'failed', reason: 'owns' })
  expect(ran.stdout).toContain('src/code.txt')
})

const RAILS = `actions: { force_push: ["Bash(git push --force:*)", "Bash(git push -f:*)"] }
permissions: { deny: [force_push] }
agents:
  pusher:
    description: pushes
    tasks:
      always: { run: git push --force origin main }
      maybe: { inputs: { flag: { type: string } }, run: [git, push, "\${{ inputs.flag }}", origin, main] }
`

test('promise 27a: what an agent may not do is refused at compile, by its rule, where the command says it all', async () => {
  const it = repository({
    'agents.yaml': RAILS,
    'p.yaml': 'pipeline: p\nsteps:\n  push: { agent: pusher, task: always }\n',
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 1, stdout: '' })
  expect(ran.stderr).toContain('`git push --force origin main` is denied by the rule `Bash(git push --force:*)`')
  expect(await it.runs()).toEqual([])
})

test('promise 27a: what an agent may not do is refused before it starts, where only the run knows the words', async () => {
  const it = repository({
    'agents.yaml': RAILS,
    'p.yaml': `pipeline: p
inputs: { flag: { type: string } }
steps:
  push: { agent: pusher, task: maybe, with: { flag: "\${{ inputs.flag }}" } }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml', '--input', 'flag=--force')
  expect(ran.exit).toBe(1)
  expect(it.state().steps.get('push')).toMatchObject({ status: 'failed', reason: 'permission' })
  expect(ran.stdout).toContain('Bash(git push --force:*)')
})
