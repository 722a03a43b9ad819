import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

/*
 * `resume --with-plan`: the files changed while the run was parked.
 *
 *   make --> approve --> ship
 */
const FILE = `pipeline: p
inputs: { who: { type: string, default: you } }
steps:
  make: { run: "echo made >> made.txt", timeout: 1m }
  other: { run: "echo other >> other.txt", timeout: 1m }
  approve: { needs: [make, other], approval: { prompt: "Go?" }, timeout: 1h }
  ship: { needs: [approve], run: "echo first > shipped.txt", timeout: 1m }
`

async function parked(files: { readonly [path: string]: string } = { 'p.yaml': FILE }) {
  const it = project(files)
  const { exit, stdout } = await it.opsflow('run', 'p.yaml')
  expect(exit).toBe(4)
  return { it, id: /run (\S+)/.exec(stdout)![1]! }
}

test('promise 3d: a finished step whose definition is equal stays, an approval over the old plan is asked again, the new plan is run', async () => {
  const { it, id } = await parked()
  expect((await it.opsflow('approve', id, 'approve')).exit).toBe(0)
  it.write({ 'p.yaml': FILE.replace('echo first', 'echo second') })
  const again = await it.opsflow('resume', id, '--with-plan')
  expect(again.exit).toBe(4)
  expect(again.stdout).toMatch(/plan changed by .*; again: approve/)
  expect((await it.opsflow('approve', id, 'approve')).exit).toBe(0)
  expect((await it.opsflow('resume', id)).exit).toBe(0)
  expect(it.read('shipped.txt')).toBe('second\n')
  expect(it.read('made.txt')).toBe('made\n')
})

test('a step whose definition changed runs again, and what follows it; one beside it stays', async () => {
  const { it, id } = await parked()
  it.write({ 'p.yaml': FILE.replace('echo made', 'echo made again') })
  const { exit, stdout } = await it.opsflow('resume', id, '--with-plan')
  expect(exit).toBe(4)
  expect(stdout).toContain('✓ make')
  expect(stdout).not.toContain('✓ other')
  expect(it.read('made.txt')).toBe('made\nmade again\n')
  expect(it.read('other.txt')).toBe('other\n')
})

test('a step that is gone is forgotten, one that is new runs', async () => {
  const { it, id } = await parked()
  it.write({
    'p.yaml': FILE.replace(/ {2}other: .*\n/, '  newer: { run: "echo newer > newer.txt", timeout: 1m }\n').replace(
      '[make, other]',
      '[make, newer]',
    ),
  })
  const { stdout } = await it.opsflow('resume', id, '--with-plan')
  expect(stdout).toContain('gone: other')
  expect(it.read('newer.txt')).toBe('newer\n')
  const shown = await it.opsflow('show', id)
  expect(shown.stdout).not.toMatch(/✓ other/)
  expect(it.read('made.txt')).toBe('made\n')
})

test('files that did not change go on as they were, and keep the approval', async () => {
  const { it, id } = await parked()
  await it.opsflow('approve', id, 'approve')
  const { exit, stdout } = await it.opsflow('resume', id, '--with-plan')
  expect(stdout).toContain('the files say what the run follows already')
  expect(exit).toBe(0)
})

test('promise 3a: without the flag the run follows the plan that it began with', async () => {
  const { it, id } = await parked()
  it.write({ 'p.yaml': FILE.replace('echo first', 'echo second') })
  await it.opsflow('approve', id, 'approve')
  expect((await it.opsflow('resume', id)).exit).toBe(0)
  expect(it.read('shipped.txt')).toBe('first\n')
})

test('faulty files are shown and the run stays as it was', async () => {
  const { it, id } = await parked()
  it.write({ 'p.yaml': FILE.replace('needs: [approve]', 'needs: [aprove]') })
  const { exit, stderr } = await it.opsflow('resume', id, '--with-plan')
  expect(exit).toBe(1)
  expect(stderr).toContain('did you mean `approve`?')
  expect((await it.opsflow('show', id)).stdout).toContain('parked')
})

test('an input that the new plan requires and the run never got is refused, with what to do', async () => {
  const { it, id } = await parked()
  it.write({ 'p.yaml': FILE.replace('{ who:', '{ more: { type: string }, who:') })
  const { exit, stderr } = await it.opsflow('resume', id, '--with-plan')
  expect(exit).toBe(2)
  expect(stderr).toContain('`more`')
})

test('a step that was cut off inside of one that changed is not forgotten: the new plan is refused, and says what to do', async () => {
  const inner =
    'pipeline: inner\nsteps:\n  pay: { effects: external, run: "echo pay >> order; until test -f go; do sleep 0.02; done", timeout: 1m }\n'
  const it = project({ 'p.yaml': 'pipeline: p\nsteps: { sub: { pipeline: inner } }\n', 'pipelines/inner.yaml': inner })
  const runner = it.spawn('run', 'p.yaml')
  await it.file('order')
  runner.kill('SIGKILL')
  const id = await it.run()
  it.write({ 'pipelines/inner.yaml': `${inner}  more: { run: "true", timeout: 1m }\n` })
  const refused = await it.opsflow('resume', id, '--with-plan')
  expect(refused.exit).toBe(1)
  expect(refused.stderr).toContain('may have had effects: `sub/pay`')
  expect(refused.stderr).toContain(`opsflow resume ${id}`)
  expect(it.lines('order')).toEqual(['pay'])
})

test('a step runs again whose environment reads a var that is another now', async () => {
  const file = `pipeline: p
vars: { version: "1" }
env: { VERSION: "\${{ vars.version }}" }
steps:
  make: { run: 'echo "made $VERSION" >> made.txt', timeout: 1m }
  approve: { needs: [make], approval: { prompt: "Go?" }, timeout: 1h }
`
  const { it, id } = await parked({ 'p.yaml': file })
  it.write({ 'p.yaml': file.replace('version: "1"', 'version: "2"') })
  expect((await it.opsflow('resume', id, '--with-plan')).exit).toBe(4)
  expect(it.lines('made.txt')).toEqual(['made 1', 'made 2'])
})

test('a gate that passed is judged again where a var that it reads is another now', async () => {
  const file = `pipeline: p
vars: { min: 1 }
steps:
  make: { run: "echo made >> made.txt", timeout: 1m }
  approve: { needs: [make], approval: { prompt: "Go?" }, timeout: 1h }
  ship: { needs: [approve], run: "touch shipped.txt", timeout: 1m }
gates:
  enough: { of: [make], before: [ship], bypass: never, checks: [{ id: least, require: vars.min == 1 }] }
`
  const { it, id } = await parked({ 'p.yaml': file })
  expect(it.state(id).gates.get('enough')?.status).toBe('passed')
  it.write({ 'p.yaml': file.replace('min: 1', 'min: 2') })
  await it.opsflow('resume', id, '--with-plan')
  expect(it.state(id).gates.get('enough')?.status).toBe('failed')
  expect((await it.opsflow('approve', id, 'approve')).exit).toBe(0)
  expect((await it.opsflow('resume', id)).exit).toBe(1)
  expect([it.lines('made.txt'), it.has('shipped.txt')]).toEqual([['made'], false])
})

test('a step runs again where the module that checks it is another now', async () => {
  const module = (note: string) =>
    `export const [inputs, outputs, effects] = [{}, {}, 'none']\nexport const run = async () => ({}) // ${note}\n`
  const file = `pipeline: p
steps:
  make: { run: "echo made >> made.txt", timeout: 1m, checks: [{ uses: ./look.mjs }] }
  other: { run: "echo other >> other.txt", timeout: 1m }
  approve: { needs: [make, other], approval: { prompt: "Go?" }, timeout: 1h }
`
  const { it, id } = await parked({ 'p.yaml': file, 'look.mjs': module('first') })
  it.write({ 'look.mjs': module('second') })
  expect((await it.opsflow('resume', id, '--with-plan')).exit).toBe(4)
  expect([it.lines('made.txt'), it.lines('other.txt')]).toEqual([['made', 'made'], ['other']])
})

test('failures in another order are another plan', async () => {
  const file = (failures: string) => `pipeline: p
steps:
  make: { run: "echo made >> made.txt", timeout: 1m, failures: { ${failures} } }
  approve: { needs: [make], approval: { prompt: "Go?" }, timeout: 1h }
`
  const { it, id } = await parked({ 'p.yaml': file('a: { match: foo }, b: { match: fo }') })
  it.write({ 'p.yaml': file('b: { match: fo }, a: { match: foo }') })
  expect((await it.opsflow('resume', id, '--with-plan')).exit).toBe(4)
  expect(it.lines('made.txt')).toEqual(['made', 'made'])
})

test('a step runs again that reads an input which nobody gave and which has a default now', async () => {
  const file = `pipeline: p
inputs: { name: { type: string, optional: true } }
steps:
  make: { env: { NAME: "\${{ inputs.name }}" }, run: 'echo "made $NAME" >> made.txt', timeout: 1m }
  approve: { needs: [make], approval: { prompt: "Go?" }, timeout: 1h }
`
  const { it, id } = await parked({ 'p.yaml': file })
  it.write({ 'p.yaml': file.replace('optional: true', 'default: ann') })
  expect((await it.opsflow('resume', id, '--with-plan')).exit).toBe(4)
  expect(it.lines('made.txt')).toEqual(['made ', 'made ann'])
})

test('promise 21b: who brought the plan is refused as the starter is, where another person must decide; a third decides', async () => {
  const file = FILE.replace('prompt: "Go?"', 'prompt: "Go?", self: false')
  const it = project({ 'p.yaml': file })
  const alice = it.as('alice')
  expect((await alice.opsflow('run', 'p.yaml')).exit).toBe(4)
  const id = await it.run()
  expect((await it.as('bob').opsflow('approve', id, 'approve')).exit).toBe(0)
  it.write({ 'p.yaml': file.replace('echo first', 'echo second') })
  expect((await it.as('bob').opsflow('resume', id, '--with-plan')).exit).toBe(4)
  const own = await it.as('bob').opsflow('approve', id, 'approve')
  expect(own.exit).toBe(1)
  expect(own.stderr).toContain('`approve`: `bob` brought a plan of this run, and another person must decide')
  expect((await alice.opsflow('approve', id, 'approve')).stderr).toContain('`alice` started this run')
  it.write({ 'p.yaml': file.replace('echo first', 'echo third') })
  expect((await it.as('carol').opsflow('resume', id, '--with-plan')).exit).toBe(4)
  for (const person of ['alice', 'bob', 'carol'])
    expect((await it.as(person).opsflow('approve', id, 'approve')).exit).toBe(1)
  expect((await it.opsflow('show', id)).stdout).toContain('plans brought by bob, carol')
  expect((await it.as('dan').opsflow('approve', id, 'approve')).exit).toBe(0)
  expect((await alice.opsflow('resume', id)).exit).toBe(0)
  expect(it.read('shipped.txt')).toBe('third\n')
})

test('who brought the plan may decide what anybody may', async () => {
  const { it, id } = await parked()
  it.write({ 'p.yaml': FILE.replace('echo first', 'echo second') })
  expect((await it.as('bob').opsflow('resume', id, '--with-plan')).exit).toBe(4)
  expect((await it.as('bob').opsflow('approve', id, 'approve', '--resume')).exit).toBe(0)
  expect(it.read('shipped.txt')).toBe('second\n')
})

test('promise 3a: a run that goes on by its plan though the files make another one says so, and how to go by the new one', async () => {
  const { it, id } = await parked()
  const silent = await it.opsflow('resume', id)
  expect(silent).toMatchObject({ exit: 4, stderr: '' })
  it.write({ 'p.yaml': `# told better\n${FILE}`, 'pipelines/q.yaml': 'pipeline: q\nsteps: { a: { run: "true" } }\n' })
  expect(await it.opsflow('resume', id)).toMatchObject({ exit: 4, stderr: '' })
  it.write({ 'p.yaml': FILE.replace('echo first', 'echo second') })
  const goesOn = `run \`${id}\` goes on by the plan on record`
  const newOne = `opsflow: \`p.yaml\` has changed since; ${goesOn}; by the new one: opsflow`
  expect((await it.opsflow('resume', id)).stderr).toBe(`${newOne} resume ${id} --with-plan\n`)
  it.write({ 'p.yaml': FILE.replace('[approve]', '[aprove]') })
  expect((await it.opsflow('resume', id)).stderr).toBe(
    `opsflow: \`p.yaml\` has faults now: see \`opsflow lint\`; ${goesOn}\n`,
  )
  rmSync(join(it.folder, 'p.yaml'))
  expect(await it.opsflow('resume', id)).toMatchObject({ exit: 4, stderr: '' })
  it.write({ 'p.yaml': FILE.replace('echo first', 'echo second') })
  expect((await it.opsflow('cancel', id)).stderr).toBe('')
})

test('a run that failed and whose files were mended: retry, and resume --with-plan, say how the new ones are started', async () => {
  const file = (text: string) => `pipeline: p\nsteps:\n  a: { run: "${text}" }\n`
  for (const [path, named] of [
    ['pipelines/p.yaml', 'p'],
    ['p.yaml', 'p.yaml'],
  ] as const) {
    const it = project({ [path]: file('false') })
    await it.opsflow('run', named)
    const id = await it.run()
    it.write({ [path]: file('true') })
    expect(await it.opsflow('retry', id)).toMatchObject({
      exit: 1,
      stderr: `opsflow: \`${path}\` has changed since; run \`${id}\` goes on by the plan on record; by the new one: opsflow run ${named}\n`,
    })
    expect((await it.opsflow('resume', id, '--with-plan')).stderr).toBe(
      `opsflow: run \`${id}\` has ended: failed\n  hint: run its failed steps again: opsflow retry ${id} (it goes on by the plan on record), or start the files as they are now: opsflow run ${named}\n`,
    )
    expect((await it.opsflow('run', named)).exit).toBe(0)
  }
})

test('what changed besides the pipeline is named by its own file', async () => {
  const agents = (run: string) => `agents:\n  a: { description: does, tasks: { do: { run: ${run} } } }\n`
  const { it, id } = await parked({
    'p.yaml': 'pipeline: p\nsteps:\n  go: { approval: { prompt: "Go?" } }\n  do: { needs: [go], agent: a, task: do }\n',
    'agents.yaml': agents('echo one'),
  })
  it.write({ 'agents.yaml': agents('echo two') })
  expect((await it.opsflow('resume', id)).stderr).toContain('opsflow: `agents.yaml` has changed since; run ')
})
