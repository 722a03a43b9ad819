import { expect, test } from 'vitest'
import { project } from '../support/project.ts'
import { commandsIn } from '../support/workflow.ts'

const EVIL = '::error::no\\n  ::add-path::/evil\\nx ##[add-mask]y\\np\\r::warning::q\\n'
const FILES = {
  'p.yaml': `pipeline: p
description: "::error::d ##[error]x"
outputs: { said: { value: "\${{ steps.a.outputs.said }}" } }
steps:
  a: { run: "printf '${EVIL}'; echo 'said=##[add-mask]x' >> $OPSFLOW_OUTPUT", outputs: { said: { type: string } } }
  b:
    needs: [a]
    run: "printf '${EVIL}'; exit 1"
    failures: { evil: { match: "error", hint: "::error::hint ##[error]x" } }
`,
}

const ASKING = {
  'pipelines/q.yaml': 'pipeline: q\nsteps: { "::error::x ##[error]y": { run: "true" } }\n',
  'pipelines/ops.yaml': `coordinator: COORD_OPS
signals: { OPS:GO: { description: "::error::d ##[error]x", pipeline: ok } }
`,
  'pipelines/ok.yaml': 'pipeline: ok\nsteps: { a: { run: "true" } }\n',
}

test('in a GitHub workflow each attempt is a group, and the failure an annotation in its file', async () => {
  const it = project(FILES, { env: { GITHUB_ACTIONS: 'true', CI: 'true' } })
  const { stdout, exit } = await it.opsflow('run', 'p.yaml')
  expect(exit).toBe(1)
  expect(commandsIn(stdout)).toEqual(['group', 'endgroup', 'group', 'endgroup', 'error'])
  expect(stdout).toMatch(/^::group::✓ a /m)
  expect(stdout).toMatch(/^::error file=p\.yaml,line=6,title=step b::/m)
  expect(stdout).toContain('x ##[add-mask]y\n')
})

test('nothing that steps and people wrote is a command to GitHub, whatever is printed of it', async () => {
  const it = project({ ...FILES, ...ASKING }, { env: { GITHUB_ACTIONS: 'true', CI: 'true' } })
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  await it.opsflow('note', run, 'see\n::error::noted ##[error]x')
  for (const words of [
    ['show', run],
    ['show', run, '--json'],
    ['report', run],
    ['report', run, '--json'],
    ['report', run, '--format', 'html'],
    ['report', '--since', '1h', '--json'],
    ['report', '--since', '1h', '--format', 'html'],
    ['runs', '--json'],
    ['plan', 'p.yaml'],
    ['plan', 'p.yaml', '--format', 'json'],
    ['plan', 'p.yaml', '--format', 'mermaid'],
    ['plan', 'p.yaml', '--format', 'dot'],
    ['lint', 'pipelines/q.yaml', '--format', 'text'],
    ['lint', 'pipelines/q.yaml', '--format', 'json'],
    ['lint', 'pipelines/q.yaml', '--format', 'sarif'],
    ['signals'],
    ['signals', '--json'],
    ['doctor'],
    ['doctor', '--json'],
    ['logs', run],
    ['logs', run, 'b'],
    ['show', '::error::x'],
    ['run', '##[error]x'],
    ['approve', run, 'x\n::error::y'],
  ]) {
    const { stdout, stderr } = await it.opsflow(...words)
    expect(`${stdout}${stderr}`).not.toBe('')
    expect(commandsIn(stdout), words.join(' ')).toEqual([])
    expect(commandsIn(stderr), words.join(' ')).toEqual([])
  }
  expect(JSON.parse((await it.opsflow('show', run, '--json')).stdout)).toMatchObject({
    outputs: { said: '##[add-mask]x' },
  })
  expect(commandsIn((await it.opsflow('watch', run)).stdout)).toEqual([
    'group',
    'endgroup',
    'group',
    'endgroup',
    'error',
  ])
})

test('of a long output the group has the end, and says where all of it is', async () => {
  const it = project(
    { 'p.yaml': 'pipeline: p\nsteps: { a: { run: "seq 1 20000" } }\n' },
    { env: { GITHUB_ACTIONS: 'true' } },
  )
  const { stdout } = await it.opsflow('run', 'p.yaml')
  const [title, about, first, ...more] = stdout.slice(stdout.indexOf('::group::')).split('\n')
  expect(title).toMatch(/^::group::✓ a /)
  expect(about).toBe(`(its last 64 KiB; all of it: opsflow logs ${await it.run()} a)`)
  expect(Number(first)).toBeGreaterThan(7000)
  expect(more.slice(0, 2).map(Number)).toEqual([Number(first) + 1, Number(first) + 2])
  expect(stdout).toContain('\n20000\n::endgroup::\n')
})

test('elsewhere logs are printed byte by byte, and lines are plain', async () => {
  const it = project(FILES)
  expect((await it.opsflow('run', 'p.yaml')).stdout).not.toContain('::group')
  expect((await it.opsflow('logs', await it.run(), 'b')).stdout).toBe(
    '::error::no\n  ::add-path::/evil\nx ##[add-mask]y\np\r::warning::q\n',
  )
})
