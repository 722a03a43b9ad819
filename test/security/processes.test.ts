import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { project } from '../support/project.ts'
import { gone, soon } from '../support/waiting.ts'
import { CANARY, leaksBelow } from './canary.ts'

vi.setConfig({ testTimeout: 120_000 })

const CONFIG = {
  'opsflow.config.yaml': 'pipelines: ["*.yaml"]\nsecrets: [{ file: .secrets }]\n',
  '.secrets': `T=${CANARY}\n`,
}

/** The processes whose command line or environment shows the canary, and where. */
function showing(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) =>
      ['cmdline', 'environ']
        .filter((part) => read(`/proc/${pid}/${part}`).includes(CANARY))
        .map((part) => `${pid} ${part}`),
    )
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

describe.runIf(process.platform === 'linux')('promise 26: while a run goes on, a secret', () => {
  test('stands in the environment of the step that asks for it, and in that of no other process, in no command line', async () => {
    const seen: (readonly string[])[] = []
    const server = createServer((_, response) => {
      seen.push(showing())
      response.end('ok')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const it = project({
      ...CONFIG,
      'own.mjs': `import { existsSync, writeFileSync } from 'node:fs'
export const inputs = {}, outputs = {}, effects = 'none'
export const run = async (_, { env }) => {
  writeFileSync('host', process.pid + '\\n')
  while (!existsSync('over')) await new Promise((resolve) => setTimeout(resolve, 20))
}
`,
      'p.yaml': `pipeline: p
secrets: [T]
steps:
  holder: { run: 'echo $$ > holder; exec sh -c "until test -e over; do sleep 0.05; done"', env: { T: "\${{ secrets.T }}" } }
  host: { uses: ./own.mjs }
  asks: { http: { url: "${url}", headers: { X: "\${{ secrets.T }}" } } }
  other: { run: 'echo $PPID > parent; cat /proc/$PPID/environ /proc/self/environ > environ; until test -e over; do sleep 0.05; done' }
`,
    })
    const run = it.spawn('run', 'p.yaml')
    const [holder] = await it.file('holder')
    await it.file('host')
    await it.file('parent')
    await soon(
      () => seen.length,
      (count) => count > 0,
      'the request',
    )
    const now = showing()
    it.write({ over: 'x\n' })
    expect((await run.ended).exit).toBe(0)
    expect(now).toContain(`${holder} environ`)
    // `sleep` is a child of the holder and comes and goes: whatever else shows it must be of its group.
    const others = [...now, ...seen.flat()].filter((one) => !one.endsWith(' environ'))
    expect(others).toEqual([])
    for (const pid of [run.pid, ...it.lines('parent'), ...it.lines('host')])
      expect([...now, ...seen.flat()].filter((one) => one.startsWith(`${pid} `))).toEqual([])
    expect(it.read('environ')).not.toContain(CANARY)
  })

  test('is not in the environment of a supervisor, whatever the caller has there', async () => {
    const it = project(
      {
        'p.yaml':
          "pipeline: p\nsecrets: [LC_TOKEN, OPSFLOW_TOKEN]\nsteps:\n  a: { run: \"env > own; tr '\\\\0' '\\\\n' < /proc/$PPID/environ > parent\" }\n",
      },
      { env: { LC_TOKEN: CANARY, OPSFLOW_TOKEN: CANARY, AWS_SECRET: CANARY, LC_TIME: 'C' } },
    )
    expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
    const names = it.lines('parent').map((line) => line.split('=')[0])
    // The Node of the tests adds two of its own.
    expect(names.filter((name) => name !== 'NODE_COMPILE_CACHE' && name !== 'PWD')).toEqual(['PATH'])
    expect(it.lines('own')).toContain('LC_TIME=C')
    expect(it.read('own')).not.toContain(CANARY)
  })
})

describe('promise 26: after kill -9 in the middle of a step that had written a secret to its output', () => {
  const PIPELINE = `pipeline: p
secrets: [T]
steps:
  a:
    run: |
      if test -e begun; then exit 0; fi
      echo "k=$T" >> $OPSFLOW_OUTPUT
      printf %s "$T"
      echo $PPID > begun
      sleep 600
    env: { T: "\${{ secrets.T }}" }
    outputs: { k: { type: string, optional: true } }
    interrupted: rerun
`

  test('of the runner, nothing that is left holds it once the supervisor has ended the step', async () => {
    const it = project({ ...CONFIG, 'p.yaml': PIPELINE })
    const run = it.spawn('run', 'p.yaml')
    await it.file('begun')
    run.kill('SIGKILL')
    await run.ended
    await it.until((_, liveness) => liveness === 'interrupted')
    expect(leaksBelow(it.stateDir)).toEqual([])
  })

  test('of both, nothing that is left holds it once somebody opens the run', async () => {
    const it = project({ ...CONFIG, 'p.yaml': PIPELINE })
    const run = it.spawn('run', 'p.yaml')
    const [supervisor] = await it.file('begun')
    process.kill(Number(supervisor), 'SIGKILL')
    run.kill('SIGKILL')
    await run.ended
    await gone(Number(supervisor))
    expect((await it.opsflow('resume', await it.run())).exit).toBe(0)
    expect(leaksBelow(it.stateDir)).toEqual([])
  })
})
