import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

/** Resolves when the wall clock is past a moment. */
function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(1, ms - Date.now() + 5)))
}

const CONFIG = 'people: { maintainers: [alice, bob] }\n'
const approval = (more = '') => ({
  'opsflow.config.yaml': CONFIG,
  'p.yaml': `pipeline: p
steps:
  build: { run: echo built >> order }
  approve: { needs: [build], approval: { prompt: "Ship it?", show: "the notes"${more} } }
  ship: { needs: [approve], run: echo shipped >> order }
`,
})

test('promise 19b: a run without a terminal parks at an approval, exits 4, and says how to go on', async () => {
  const it = project(approval())
  const ran = await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  expect(ran).toMatchObject({ exit: 4, stderr: '' })
  expect(ran.stdout).toContain('Ship it?')
  expect(ran.stdout).toContain('the notes')
  expect(ran.stdout).toContain(`opsflow approve ${run} approve`)
  expect(ran.stdout).toContain(`opsflow resume ${run}`)
  expect((await it.opsflow('runs')).stdout).toMatch(/ parked /)
})

test('promises 16d, 19d: an approval is recorded at once and counts at resume', async () => {
  const it = project(approval())
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  const given = await it.as('alice').opsflow('approve', run, 'approve', '--comment', 'looks good')
  expect(given).toMatchObject({ exit: 0, stderr: '' })
  expect(given.stdout).toContain(`opsflow resume ${run}`)
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(it.lines('order')).toEqual(['built', 'shipped'])
  expect(it.state().steps.get('approve')?.wait?.decision).toMatchObject({
    verdict: 'approved',
    by: { name: 'alice' },
    comment: 'looks good',
  })
})

test('promise 19d: `approve --resume` records and goes on here', async () => {
  const it = project(approval())
  await it.opsflow('run', 'p.yaml')
  expect(await it.opsflow('approve', await it.run(), 'approve', '--resume')).toMatchObject({ exit: 0, stderr: '' })
  expect(it.lines('order')).toEqual(['built', 'shipped'])
})

test('a rejection fails the step by name and skips what stands behind it', async () => {
  const it = project(approval())
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  expect((await it.opsflow('reject', run, 'approve', '--comment', 'not today', '--resume')).exit).toBe(1)
  expect(it.state().steps.get('approve')).toMatchObject({ status: 'failed', reason: 'rejected' })
  expect(it.state().steps.get('ship')?.status).toBe('skipped')
  const shown = await it.opsflow('show', run)
  expect(shown.stdout).toContain('not today')
})

test('promise 20c: the second decision is told that it is too late, and by whom it was decided', async () => {
  const it = project(approval())
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  expect((await it.as('alice').opsflow('reject', run, 'approve')).exit).toBe(0)
  const second = await it.as('bob').opsflow('approve', run, 'approve')
  expect(second.exit).toBe(1)
  expect(second.stderr).toContain('alice')
  expect((await it.opsflow('resume', run)).exit).toBe(1)
})

test('promise 20c: who comes second while the run goes on is told what was decided, by whom, or that it is too late', async () => {
  const it = project({
    'opsflow.config.yaml': CONFIG,
    'p.yaml': `pipeline: p
steps:
  build: { run: exit 1, allow_failure: true }
  ship: { needs: { build: completed }, run: "true" }
  approve: { approval: { prompt: "Ship it?" } }
  short: { approval: { prompt: "Now?" }, timeout: 1ms, allow_failure: true }
  open: { approval: { prompt: "Last?" } }
gates:
  safe: { of: [build], must_pass: [build], before: [ship], bypass: { by: [maintainers] } }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  expect((await it.as('alice').opsflow('approve', run, 'approve')).exit).toBe(0)
  const bypass = ['bypass', run, 'safe', '--reason', 'known', '--expires', '1h']
  expect((await it.as('alice').opsflow(...bypass)).exit).toBe(0)
  expect((await it.opsflow('resume', run)).exit).toBe(4)
  for (const [words, said] of [
    [['approve', run, 'approve'], '`approve`: it was approved before by alice'],
    [bypass, 'gate `safe`: it was bypassed before by alice'],
    [['reject', run, 'gate:safe'], 'gate `safe`: it was bypassed before by alice'],
    [['approve', run, 'short'], '`short`: it is too late: the deadline was '],
  ] as const) {
    const second = await it.as('bob').opsflow(...words)
    expect([second.exit, second.stderr]).toEqual([1, expect.stringContaining(said)])
  }
})

test('promise 21b: only who `from` names may decide, and the starter may not where `self` is false', async () => {
  const it = project(approval(', from: [maintainers], self: false'))
  const ran = await it.as('alice').opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(4)
  const run = await it.run()
  const stranger = await it.as('carol').opsflow('approve', run, 'approve')
  expect(stranger.exit).toBe(1)
  expect(stranger.stderr).toContain('`carol` may not decide this; it takes maintainers: alice, bob')
  const self = await it.as('alice').opsflow('approve', run, 'approve')
  expect(self.exit).toBe(1)
  expect(self.stderr).toContain('`alice` started this run, and another person must decide')
  expect((await it.as('bob').opsflow('approve', run, 'approve')).exit).toBe(0)
})

test('--approve gives an approval beforehand, and not where another person must decide', async () => {
  const own = project(approval())
  expect(await own.opsflow('run', 'p.yaml', '--approve', 'approve')).toMatchObject({ exit: 0, stderr: '' })
  expect(own.lines('order')).toEqual(['built', 'shipped'])
  const four = project(approval(', self: false'))
  const refused = await four.opsflow('run', 'p.yaml', '--approve', 'approve')
  expect(refused.exit).not.toBe(0)
  expect(four.lines('order')).not.toContain('shipped')
})

test('promise 19c: an approval whose deadline passed while the run was parked has failed when it goes on, and a late word is told so', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  approve: { approval: { prompt: "Ship it?" }, timeout: 300ms, on_timeout: fail }
  ship: { needs: [approve], run: touch shipped }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  const deadline = it.state().steps.get('approve')!.wait!.spec.deadlineMs!
  await passed(deadline)
  const late = await it.opsflow('approve', run, 'approve')
  expect(late.exit).toBe(1)
  expect(late.stderr).toMatch(/too late/)
  expect((await it.opsflow('resume', run)).exit).toBe(1)
  expect(it.state().steps.get('approve')?.status).toBe('timed-out')
  expect(it.has('shipped')).toBe(false)
})

test('promise 19c: a decision from before the deadline counts, also when the run is resumed after it', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  approve: { approval: { prompt: "Ship it?" }, timeout: 2s }\n',
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  const deadline = it.state().steps.get('approve')!.wait!.spec.deadlineMs!
  expect((await it.opsflow('approve', run, 'approve')).exit).toBe(0)
  await passed(deadline)
  expect((await it.opsflow('resume', run)).exit).toBe(0)
})

test('a question is answered field by field, each checked, and the answers are outputs', async () => {
  const it = project({
    'p.yaml': `pipeline: p
outputs: { where: { value: "\${{ steps.ask.outputs.region }}" } }
steps:
  ask: { ask: { prompt: "Where to?", answer: { region: { enum: [eu, us] }, count: { type: integer } } } }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  const wrong = await it.opsflow('answer', run, 'ask', 'region=mars', 'count=1')
  expect(wrong.exit).toBe(2)
  expect(wrong.stderr).toContain('region')
  const unknown = await it.opsflow('answer', run, 'ask', 'reigon=eu')
  expect(unknown).toMatchObject({ exit: 2 })
  expect(unknown.stderr).toContain('there is no field `reigon` (did you mean `region`?)')
  const partly = await it.opsflow('answer', run, 'ask', 'region=eu')
  expect(partly.exit).toBe(2)
  expect(partly.stderr).toContain('`count`')
  expect(await it.opsflow('answer', run, 'ask', 'region=eu', 'count=3', '--resume')).toMatchObject({
    exit: 0,
    stderr: '',
  })
  expect(it.state().outputs).toEqual({ where: 'eu' })
  expect(it.state().steps.get('ask')?.outputs).toEqual({ region: 'eu', count: 3 })
})

test('promise 19b: a run waits on a timer, and a long one parks it', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  short: { wait: 200ms }\n  after: { needs: [short], run: touch after }\n',
    'long.yaml': 'pipeline: long\nsteps:\n  long: { wait: 2h }\n',
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
  const { startedAt, endedAt } = it.state().steps.get('short')!
  expect(endedAt! - (startedAt ?? it.state().createdAt)).toBeGreaterThanOrEqual(200)
  const ran = await it.opsflow('run', 'long.yaml')
  expect(ran.exit).toBe(4)
  expect(ran.stdout).toMatch(/waiting until .* \(in (2h|1h59m.*)\)/)
})

test('a signal from another command wakes what waits for it, with its payload as outputs', async () => {
  const it = project({
    'opsflow.config.yaml': CONFIG,
    'pipelines/p.yaml': `pipeline: p
signals: { accepts: [OPS:GO] }
outputs: { who: { value: "\${{ steps.hear.outputs.who }}" }, n: { value: "\${{ steps.hear.outputs.n }}" } }
steps:
  hear: { wait: { signal: OPS:GO, when: payload.n != null && payload.n > 3 }, outputs: { who: { type: string }, n: { type: integer } } }
`,
  })
  const ran = await it.opsflow('run', 'p')
  expect(ran).toMatchObject({ exit: 4, stderr: '' })
  const run = await it.run()
  const other = await it.opsflow('signal', 'OPS:GO', '--payload', 'who=me', '--payload', 'n=3')
  expect(other.exit).toBe(1)
  expect(other.stdout).toContain(
    `not for ${run}: hear waits for OPS:GO, but \`payload.n != null && payload.n > 3\` does not hold`,
  )
  const told = await it.opsflow('signal', 'OPS:GO', '--payload', 'who=me', '--payload', 'n=4')
  expect(told).toMatchObject({ exit: 0, stderr: '' })
  expect(told.stdout).toContain(`told ${run}`)
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(it.state().outputs).toEqual({ who: 'me', n: 4 })
})

test('a signal from another command is judged by what the run knows, and by the same after a resume', async () => {
  const it = project({
    'opsflow.config.yaml': CONFIG,
    'pipelines/p.yaml': `pipeline: p
signals: { accepts: [OPS:DEPLOYED] }
inputs: { of: { type: string } }
vars: { version: "\${{ steps.build.outputs.version }}" }
steps:
  build: { run: 'echo version=v3 >> "$OPSFLOW_OUTPUT"', outputs: { version: { type: string } } }
  hear:
    needs: [build]
    wait: { signal: OPS:DEPLOYED, when: payload.version == vars.version && payload.of == inputs.of }
    outputs: { version: { type: string }, of: { type: string } }
`,
  })
  expect(await it.opsflow('run', 'p', '--input', 'of=api')).toMatchObject({ exit: 4, stderr: '' })
  const run = await it.run()
  const send = (version: string) =>
    it.opsflow('signal', 'OPS:DEPLOYED', '--payload', `version=${version}`, '--payload', 'of=api')
  expect((await send('v2')).stdout).toContain(`not for ${run}`)
  expect((await it.opsflow('resume', run)).exit).toBe(4)
  expect((await send('v3')).stdout).toContain(`told ${run}`)
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(it.state().steps.get('hear')).toMatchObject({ status: 'succeeded', outputs: { version: 'v3', of: 'api' } })
})

test('a signal that a step sends is heard by another step of the same run', async () => {
  const it = project({
    'p.yaml': `pipeline: p
signals: { emits: [BUILD:DONE] }
steps:
  hear: { wait: { signal: BUILD:DONE }, outputs: { id: { type: integer } } }
  tell: { signal: BUILD:DONE, with: { id: 7 } }
  use: { needs: [hear], env: { ID: "\${{ steps.hear.outputs.id }}" }, run: echo "$ID" > got }
`,
  })
  expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 0, stderr: '' })
  expect(it.lines('got')).toEqual(['7'])
})

test('promise 23a: a decision that nothing waits for says why: another step, no step, not yet, another kind, an ended run', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  build: { run: "true" }
  first: { needs: [build], approval: { prompt: "One?" } }
  second: { needs: [first], approval: { prompt: "Two?" } }
`,
  })
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  const says = async (words: string, exit: number, stderr: string) =>
    expect(await it.opsflow(...words.split(' '))).toEqual({ exit, stdout: '', stderr: `opsflow: ${stderr}\n` })
  const seeShow = `hint: see \`opsflow show ${run}\``
  await says(`approve ${run} build`, 1, `\`build\` waits for no decision: it is succeeded\n  ${seeShow}`)
  await says(`approve ${run} second`, 1, `\`second\` asks nothing, or nothing yet\n  ${seeShow}`)
  await says(
    `approve ${run} frist`,
    2,
    `there is no step or gate \`frist\` in run \`${run}\`\n  hint: did you mean \`first\`?`,
  )
  await says(
    `answer ${run} first n=1`,
    1,
    `\`first\` waits for an approval\n  hint: opsflow approve ${run} first | opsflow reject ${run} first`,
  )
  await it.opsflow('reject', run, 'first', '--resume')
  await says(`approve ${run} first`, 1, `run \`${run}\` has ended: failed\n  ${seeShow}`)
})
