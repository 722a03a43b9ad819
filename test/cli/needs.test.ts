import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

/** Paths and how they ended, of the newest run. */
function ends(it: ReturnType<typeof project>): Record<string, string> {
  return Object.fromEntries([...it.state().steps.values()].map(({ path, status }) => [path, status]))
}

test('a step starts when what it needs has ended well, and what needs nothing runs at once', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  a: { run: echo a >> order }
  b: { needs: [a], run: echo b >> order }
  c: { needs: [b], run: echo c >> order }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
  expect(it.lines('order')).toEqual(['a', 'b', 'c'])
})

test('needs in the form of a map start a reactor when what it names failed, and skip it when that succeeded', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  bad: { run: exit 3 }
  good: { run: "true" }
  mourn: { needs: { bad: failed }, run: echo mourn >> out }
  idle: { needs: { good: failed }, run: echo idle >> out }
  both: { needs: { bad: completed, good: completed }, run: echo both >> out }
  never: { needs: [bad], run: echo never >> out }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect([...it.lines('out')].sort()).toEqual(['both', 'mourn'])
  expect(ends(it)).toEqual({
    bad: 'failed',
    good: 'succeeded',
    mourn: 'succeeded',
    idle: 'skipped',
    both: 'succeeded',
    never: 'skipped',
  })
  expect(it.state().outcome).toBe('failed')
})

test('promise 11c: a quorum starts its step as soon as enough succeeded, and says which are missing', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  a: { run: "true" }
  b: { run: "true" }
  c: { run: touch running; until test -f missing; do sleep 0.02; done }
  sum:
    needs: [a, b, c]
    quorum: 2
    env: { MISSING: "\${{ missing.join(',') }}" }
    run: echo "$MISSING" > missing
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 0, stderr: '' })
  expect(it.lines('missing')).toEqual(['c'])
})

test('promise 7b: a step whose `when` is false is skipped, what needs it runs, and its outputs are null', async () => {
  const it = project({
    'p.yaml': `pipeline: p
inputs: { deploy: { type: boolean, default: false } }
steps:
  build: { when: inputs.deploy, outputs: { id: { type: string } }, run: echo id=1 >> "$OPSFLOW_OUTPUT" }
  after:
    needs: [build]
    env: { ID: "\${{ steps.build.outputs.id == null ? 'nothing' : steps.build.outputs.id }}" }
    run: echo "$ID" > got
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
  expect(it.lines('got')).toEqual(['nothing'])
  expect(ends(it)).toEqual({ build: 'skipped', after: 'succeeded' })
  expect((await it.opsflow('run', 'p.yaml', '--input', 'deploy=true')).exit).toBe(0)
  expect(it.lines('got')).toEqual(['1'])
})

test('promise 8b: fail_fast ends what still runs at the first failure', async () => {
  const it = project({
    'p.yaml': `pipeline: p
fail_fast: true
steps:
  slow: { run: exec sleep 30 }
  bad: { run: exit 1 }
`,
  })
  const began = performance.now()
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(ends(it)).toEqual({ slow: 'cancelled', bad: 'failed' })
})

test('promise 5c: an allowed failure lets the run go on, exit 0, and exit 1 under --strict', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  flaky: { run: exit 1, allow_failure: true }
  after: { needs: [flaky], run: "true" }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(0)
  expect(ran.stdout).toContain('succeeded-with-failures')
  expect((await it.opsflow('run', 'p.yaml', '--strict')).exit).toBe(1)
})

test('promise 24a: no more than max_parallel steps run at once', async () => {
  const it = project({
    'p.yaml': `pipeline: p
max_parallel: 2
steps:
${['a', 'b', 'c', 'd', 'e'].map((id) => `  ${id}: { run: "mkdir -p now && touch now/${id} && ls now | wc -l >> counts && sleep 0.1 && rm now/${id}" }\n`).join('')}`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
  const counts = it.lines('counts').map(Number)
  expect(counts).toHaveLength(5)
  expect(Math.max(...counts)).toBeLessThanOrEqual(2)
})

test('promise 12a: finally runs after a failure, knows the outcome and what failed, and changes nothing', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  bad: { run: exit 1 }
finally:
  tell:
    env: { OUTCOME: "\${{ run.outcome }}", FAILED: "\${{ run.failed.join(',') }}" }
    run: echo "$OUTCOME $FAILED" > told
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect(it.lines('told')).toEqual(['failed bad'])
  expect(ends(it)).toEqual({ bad: 'failed', tell: 'succeeded' })
})

test('promise 12b: a failing finally step turns succeeded into succeeded-with-failures', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  good: { run: "true" }\nfinally:\n  clean: { run: exit 1 }\n',
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
  expect(it.state().outcome).toBe('succeeded-with-failures')
})
