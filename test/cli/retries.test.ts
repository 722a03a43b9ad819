import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

test('a retried step runs again under the same key, counts its attempts, and says when the next one comes', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  flaky:
    retry: { attempts: 3, backoff: 50ms, jitter: 0% }
    run: echo "$OPSFLOW_ATTEMPT $OPSFLOW_IDEMPOTENCY_KEY" >> tries; test "$OPSFLOW_ATTEMPT" = 3
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 0, stderr: '' })
  const tries = it.lines('tries').map((line) => line.split(' '))
  expect(tries.map(([attempt]) => attempt)).toEqual(['1', '2', '3'])
  expect(new Set(tries.map(([, key]) => key)).size).toBe(1)
  expect(ran.stdout).toContain('↻ flaky')
  expect(ran.stdout).toMatch(/exit code 1; attempt 2 in 50ms/)
})

test('when all attempts failed the step failed, and it says how often it was tried', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  bad: { retry: { attempts: 2, backoff: 10ms }, run: echo x >> tries; exit 7 }\n',
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect(it.lines('tries')).toHaveLength(2)
  expect(it.state().steps.get('bad')).toMatchObject({ status: 'failed', attempts: 2 })
  expect((await it.opsflow('show', await it.run())).stdout).toContain('attempt 2')
})

test('`only` retries the failures that it names and no others', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  known: { failures: { busy: { exit: 75 } }, retry: { attempts: 2, only: [busy], backoff: 10ms }, run: echo x >> known; exit 75 }
  other: { failures: { busy: { exit: 75 } }, retry: { attempts: 2, only: [busy], backoff: 10ms }, run: echo x >> other; exit 1 }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect([it.lines('known').length, it.lines('other').length]).toEqual([2, 1])
})

test('a named failure prints its hint, and its repair runs before the next attempt', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  push:
    failures:
      stale: { match: "fetch first", hint: Someone pushed meanwhile., recover: { run: touch fetched } }
    retry: { attempts: 2, backoff: 10ms }
    run: test -f fetched || { echo "rejected (fetch first)"; exit 1; }
  hopeless:
    failures: { locked: { match: "is locked", hint: Unlock it first. } }
    run: echo the state is locked; exit 1
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(1)
  expect(it.has('fetched')).toBe(true)
  expect(it.state().steps.get('push')?.status).toBe('succeeded')
  expect(ran.stdout).toContain('repairing `stale`')
  expect(ran.stdout).toContain('hint: Unlock it first.')
})

test('repeat runs a step again until it holds, and its outputs are those of the last pass', async () => {
  const it = project({
    'p.yaml': `pipeline: p
outputs: { n: { value: "\${{ steps.grow.outputs.n }}" } }
steps:
  grow:
    outputs: { n: { type: integer } }
    repeat: { until: outputs.n >= 3, max: 5 }
    run: echo x >> passes; echo "n=$(wc -l < passes | tr -d ' ')" >> "$OPSFLOW_OUTPUT"
`,
  })
  expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 0, stderr: '' })
  expect(it.state().outputs).toEqual({ n: 3 })
})

test('a repeat that never holds fails at its last pass, or stops where it says so', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  fails: { repeat: { until: "false", max: 2 }, run: echo x >> fails }
  stops: { repeat: { until: "false", max: 2, on_max: stop }, run: echo x >> stops }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect([it.lines('fails').length, it.lines('stops').length]).toEqual([2, 2])
  const { steps } = it.state()
  expect([steps.get('fails')?.status, steps.get('stops')?.status]).toEqual(['failed', 'succeeded'])
})
