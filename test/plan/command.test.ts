import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type PlanOptions, plan } from '../../src/commands/plan.ts'
import { memoryIo } from '../support/memory-io.ts'

const root = mkdtempSync(join(tmpdir(), 'opsflow-plan-'))
afterAll(() => rmSync(root, { recursive: true }))
const FILES = {
  'opsflow.config.yaml': 'people: { maintainers: [alice] }\n',
  'agents.yaml':
    'permissions: { deny: ["Bash(git push --force:*)"] }\nagents:\n  builder: { owns: [dist/**], tasks: { make: { run: [make, all], timeout: 1m, retry: { attempts: 2, backoff: 10s, jitter: 0% } } } }\n',
  'pipelines/ship.yaml': `pipeline: ship
description: Builds and ships.
inputs: { to: { type: string }, note: { type: string, optional: true } }
outputs: { build: { value: "\${{ steps.build.status }}", deliverable: Build } }
steps:
  lint: { run: npm run lint, timeout: 30s }
  build: { agent: builder, task: make }
  go: { needs: [lint, build], approval: { prompt: Go?, from: [maintainers] }, timeout: 1h }
  push: { needs: [go], run: [deploy, --, "\${{ inputs.to }}"], timeout: 2m, effects: external }
gates:
  quality: { before: [go], success: 100%, must_pass: [build] }
finally:
  tidy: { run: rm -rf tmp, timeout: 10s }
`,
  'pipelines/open.yaml':
    'pipeline: open\nsteps:\n  list: { run: ./list.sh, outputs: { names: { type: array } }, timeout: 1m }\n  each: { needs: [list], foreach: { items: "${{ steps.list.outputs.names }}" }, run: [./one.sh, --, "${{ item }}"], timeout: 1m }\n  wait: { wait: { signal: "OPS:GO" } }\nsignals: { accepts: ["OPS:GO"] }\n',
  'pipelines/some.yaml':
    'pipeline: some\nsteps:\n  a: { run: x }\n  b: { run: x }\n  c: { needs: [a, b], quorum: 1, run: x }\n  d: { needs: [a, b], quorum: 80%, run: x }\n',
  'pipelines/bad.yaml': 'pipeline: bad\nsteps:\n  a: { needs: [b], run: x }\n',
}
for (const [path, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

async function run(target: string, format?: NonNullable<PlanOptions['format']>) {
  const io = memoryIo({ cwd: root })
  const exit = await plan(format === undefined ? { target } : { target, format }, io)
  return { exit, ...io.out }
}

describe('opsflow plan', () => {
  test('says how many of its needs are enough for a step', async () => {
    const { stdout } = await run('some')
    expect(stdout).toMatch(/ c .* after 1 of a, b\n/)
    expect(stdout).toMatch(/ d .* after 80% of a, b\n/)
    const { steps } = JSON.parse((await run('some', 'json')).stdout).pipelines[0]
    expect(steps.map((step: { quorum: string | null }) => step.quorum)).toEqual([null, null, '1', '80%'])
  })

  test('says for a person what runs when, what it may change and how long it can take', async () => {
    const { exit, stdout } = await run('ship')
    expect(exit).toBe(0)
    expect(stdout.replace(/plan [0-9a-f]{12}/, 'plan HASH')).toBe(
      `ship  Builds and ships.
pipelines/ship.yaml · 4 steps · 1 gate · inputs to, note? · plan HASH

  wave 1  lint     npm run lint              workspace  30s
          build    builder: make             workspace  1m · 2 attempts
  gate    quality  100 % of 2 steps · build must pass; holds go (mandatory)
  wave 2  go       approval by maintainers   none       1h · after lint, build · behind gate quality
  wave 3  push     deploy -- \${{ inputs.to }}  external   2m · after go
  finally tidy     rm -rf tmp                workspace  10s

  critical path   build → go → push
  worst case      9m 16s of work, 1h 9m with waiting
  at once         8 steps
  changes files   lint, build, tidy
  reaches outside push
  waits for       go (approval by maintainers)
  may not         Bash(git push --force:*)
  writes only     build: dist/**
  people          maintainers: alice
  gives           Build
`
        .replace('npm run lint              ', 'npm run lint                ')
        .replace('builder: make             ', 'builder: make               ')
        .replace('approval by maintainers   ', 'approval by maintainers     ')
        .replace('rm -rf tmp                ', 'rm -rf tmp                  '),
    )
  })

  test('a file and its name give the same plan', async () => {
    expect((await run('pipelines/ship.yaml')).stdout).toBe((await run('ship')).stdout)
  })

  test('what has no limit says why', async () => {
    const { stdout } = await run('open')
    expect(stdout).toContain('no limit')
    expect(stdout).toContain('`each` runs once for each item of a list made at run time')
    expect(stdout).toContain('`wait` waits for `OPS:GO` without a timeout')
  })

  test('json is the outline', async () => {
    const { stdout } = await run('ship', 'json')
    const { pipelines, root: name } = JSON.parse(stdout)
    expect(name).toBe('ship')
    expect(pipelines[0]).toMatchObject({
      waves: [['lint', 'build'], ['go'], ['push']],
      criticalPath: ['build', 'go', 'push'],
      // 5 min of finally, 2 attempts of a minute with 2 s grace and 10 s between, 2 min and 2 s
      worstCase: { work: { ms: 300_000 + 2 * 62_000 + 10_000 + 122_000, limited: true } },
      effects: 'external',
    })
  })

  test('mermaid and dot draw steps, gates and edges', async () => {
    const { stdout: mermaid } = await run('ship', 'mermaid')
    expect(mermaid).toContain('flowchart LR')
    expect(mermaid).toMatch(/p0n\d\{"quality"\}/)
    expect(mermaid.match(/-->/g)).toHaveLength(6)
    const { stdout: dot } = await run('ship', 'dot')
    expect(dot).toContain('"0.gate:quality" -> "0.step:go"')
    expect(dot.match(/ -> /g)).toHaveLength(6)
  })

  test('faults of the files go to stderr, exit 1', async () => {
    const { exit, stderr, stdout } = await run('bad')
    expect([exit, stdout]).toEqual([1, ''])
    expect(stderr).toContain('there is no step `b`')
    expect(stderr).toContain('[plan/unknown-step]')
  })

  test('a pipeline that is not there is wrong usage, with the nearest name', async () => {
    await expect(run('shpi')).rejects.toMatchObject({ name: 'UsageError', hint: 'did you mean `ship`?' })
  })
})
