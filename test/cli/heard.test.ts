import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { project } from '../support/project.ts'
import { gone } from '../support/waiting.ts'

/** One coordinator's work, and another that hears how it ended. */
const FILES = {
  'pipelines/ops.yaml': 'coordinator: COORD_OPS\nsignals: { OPS:GO: { pipeline: go } }\n',
  'pipelines/aar.yaml': `coordinator: COORD_AAR
signals:
  COORD_OPS:COMPLETE: { pipeline: learn, from: [COORD_OPS] }
  COORD_OPS:FAILURE: { pipeline: learn, from: [COORD_CORE] }
`,
  'pipelines/go.yaml':
    'pipeline: go\ninputs: { exit: { type: integer, default: 0 } }\nsteps: { a: { env: { E: "${{ inputs.exit }}" }, run: echo a >> did; exit $E } }\n',
  'pipelines/learn.yaml': `pipeline: learn
inputs: { run: { type: string }, outcome: { type: string }, source: { type: string } }
steps: { note: { env: { SAID: "\${{ inputs.source }} \${{ inputs.outcome }} \${{ inputs.run }}" }, run: echo "$SAID" >> learnt } }
`,
}
const mark = (folder: string, run: string): string => join(folder, 'runs', run, 'undelivered')

test('the end of a run is heard by another coordinator, which answers with a run of its own, once', async () => {
  const it = project(FILES)
  const sent = await it.opsflow('signal', 'OPS:GO')
  expect(sent).toMatchObject({ exit: 0, stderr: '' })
  const [first = '', second = ''] = await it.runs(2)
  expect(sent.stdout).toContain(`COORD_AAR hears COORD_OPS:COMPLETE of ${first}: \`learn\`\n`)
  expect(it.lines('learnt')).toEqual([`COORD_OPS succeeded ${first}`])
  expect(it.state(second).cause).toMatchObject({ coordinator: 'COORD_AAR', signal: 'COORD_OPS:COMPLETE', depth: 1 })
  expect(it.state(second).cause?.id.startsWith(`${first}:`)).toBe(true)

  // As if the owner had died when it had delivered and before it knew: delivered again, nothing happens twice.
  writeFileSync(mark(it.stateDir, first), '')
  expect((await it.opsflow('resume', first)).exit).toBe(0)
  expect(await it.runs()).toHaveLength(2)
  expect(it.lines('learnt')).toHaveLength(1)
  expect((await it.opsflow('resume', first)).exit).toBe(1)
})

test('who does not take a signal from that sender does not hear it, and a run without a coordinator tells nobody', async () => {
  const it = project(FILES)
  expect((await it.opsflow('signal', 'OPS:GO', '--payload', 'exit=3')).exit).toBe(1)
  expect((await it.opsflow('run', 'go')).exit).toBe(0)
  expect(await it.runs()).toHaveLength(2)
  expect(it.has('learnt')).toBe(false)
})

test('an answer that lacks what it must carry is said, and changes nothing of the run that sent it', async () => {
  const it = project({
    ...FILES,
    'pipelines/learn.yaml': FILES['pipelines/learn.yaml'].replace(
      'outcome: {',
      'reviewer: { type: string }, outcome: {',
    ),
  })
  const sent = await it.opsflow('signal', 'OPS:GO')
  const run = await it.run()
  expect(sent.exit).toBe(0)
  expect(sent.stderr).toContain(`COORD_AAR does not answer COORD_OPS:COMPLETE of ${run}`)
  expect(sent.stderr).toContain('missing: reviewer')
})

test('what files with faults keep from being delivered is said, with the place, and `resume` delivers it once they are mended', async () => {
  const faulty = FILES['pipelines/learn.yaml'].replace('run: echo', 'needs: [nothing], run: echo')
  const it = project({
    ...FILES,
    faulty,
    'pipelines/go.yaml': 'pipeline: go\nsteps: { a: { run: cp faulty pipelines/learn.yaml } }\n',
  })
  const sent = await it.opsflow('signal', 'OPS:GO')
  const run = await it.run()
  expect(sent.exit).toBe(0)
  const said = (what: string, place: string) =>
    new RegExp(
      `^opsflow: what ${run} sent is not delivered yet\nopsflow: ${what}, the first in \`${place}\`: .*\n  hint: mend what \`opsflow lint\` says, then: opsflow resume ${run}\n$`,
    )
  expect(sent.stderr).toMatch(said('the coordinators of the project have faults', 'pipelines/learn.yaml:3'))
  const again = await it.opsflow('resume', run)
  expect(again.exit).toBe(1)
  expect(again.stderr).toBe(sent.stderr)

  it.write({ ...FILES, 'agents.yaml': 'agents:\n  builder: { harnes: claude }\n' })
  const other = await it.opsflow('resume', run)
  expect(other.exit).toBe(1)
  expect(other.stderr).toMatch(said('`learn` has faults', 'agents.yaml:2'))

  it.write({ 'agents.yaml': 'agents: {}\n' })
  expect(await it.opsflow('resume', run)).toMatchObject({ exit: 0, stderr: '' })
  expect(it.lines('learnt')).toEqual([`COORD_OPS succeeded ${run}`])
})

test('two coordinators that answer each other end after four answers', async () => {
  const it = project({
    'pipelines/a.yaml': 'coordinator: A\nsignals: { A:GO: { pipeline: p }, B:COMPLETE: { pipeline: p } }\n',
    'pipelines/b.yaml': 'coordinator: B\nsignals: { A:COMPLETE: { pipeline: p } }\n',
    'pipelines/p.yaml': 'pipeline: p\nsteps: { s: { run: echo s >> did } }\n',
  })
  const sent = await it.opsflow('signal', 'A:GO')
  expect(it.lines('did')).toHaveLength(5)
  expect(sent.stderr).toContain('4 answers led to it')
})

test('a step of another run that waits hears what a step sends, at once and once', async () => {
  const it = project({
    'pipelines/hear.yaml': `pipeline: hear
signals: { accepts: [BUILD:DONE] }
steps:
  one: { wait: { signal: BUILD:DONE, when: payload.n != null && payload.n > 2 }, outputs: { n: { type: integer } } }
  two: { needs: [one], wait: { signal: BUILD:DONE, when: payload.n != null && payload.n > 2 }, timeout: 1h }
`,
    'pipelines/tell.yaml':
      'pipeline: tell\nsignals: { emits: [BUILD:DONE] }\nsteps: { say: { signal: BUILD:DONE, with: { n: 7 } } }\n',
  })
  expect((await it.opsflow('run', 'hear')).exit).toBe(4)
  const hearing = await it.run()
  expect((await it.opsflow('run', 'tell')).exit).toBe(0)
  expect((await it.opsflow('resume', hearing)).exit).toBe(4)
  expect(it.state(hearing).steps.get('one')).toMatchObject({ status: 'succeeded', outputs: { n: 7 } })
  expect(it.state(hearing).steps.get('two')?.status).toBe('waiting')
  // Delivered again after `two` began to wait: it did not wait when this was sent.
  const telling = (await it.runs()).find((run) => run !== hearing)!
  writeFileSync(mark(it.stateDir, telling), '')
  expect((await it.opsflow('resume', telling)).exit).toBe(0)
  expect((await it.opsflow('resume', hearing)).exit).toBe(4)
})

test('a kill after the end of a run and before its signals are delivered loses none and doubles none', async () => {
  const it = project({
    ...FILES,
    'pipelines/go.yaml': 'pipeline: go\nsteps: { a: { run: touch hold } }\n',
    // Whoever compiles the coordinators loads this: that is not done while `hold` is there.
    'actions/slow.mjs': `import { existsSync, writeFileSync } from 'node:fs'
if (existsSync('hold')) {
  writeFileSync('held', process.pid + '\\n')
  while (existsSync('hold')) await new Promise((resolve) => setTimeout(resolve, 20))
}
export const description = 'x'
export const inputs = {}
export const outputs = {}
export const effects = 'none'
export const run = async () => ({})
`,
    'pipelines/slow.yaml': 'pipeline: slow\nsteps: { s: { uses: ./actions/slow.mjs } }\n',
  })
  const sending = it.spawn('signal', 'OPS:GO')
  const [host] = await it.file('held', 1)
  const first = await it.run()
  expect(it.state(first).outcome).toBe('succeeded')
  sending.kill('SIGKILL')
  await sending.ended
  expect(await it.runs()).toEqual([first])
  rmSync(join(it.folder, 'hold'))
  // Whom it would answer is dead: it ends all the same.
  await gone(Number(host))
  expect((await it.opsflow('resume', first)).exit).toBe(0)
  expect(it.lines('learnt')).toEqual([`COORD_OPS succeeded ${first}`])
  expect(await it.runs()).toHaveLength(2)
})
