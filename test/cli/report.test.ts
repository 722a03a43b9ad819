import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import Ajv2020 from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { OverviewOutput, ReportOutput } from '../../src/model/generated/outputs.types.ts'
import { runFolder } from '../../src/store/folders.ts'
import { allSchemas } from '../schema/schemas.ts'
import { CANARY, formsIn, leaksBelow } from '../security/canary.ts'
import { plain, project } from '../support/project.ts'

const SHIP = `pipeline: ship
description: Build and ship.
agents: { builder: { description: Builds, tasks: { compile: { run: 'echo made=app.tar >> $OPSFLOW_OUTPUT', outputs: { made: { type: string } } } } } }
inputs: { to: { type: string, default: staging } }
outputs:
  file: { value: "\${{ steps.build.outputs.made }}", deliverable: Package }
  late: { value: "\${{ steps.ship.outputs.url }}", deliverable: Address }
next_steps: ["Announce \`app\`"]
steps:
  build: { agent: builder, task: compile }
  broken: { needs: [build], when: inputs.to == "nowhere", run: 'echo "no such place"; exit 3' }
  ship: { needs: [broken], run: 'echo url=https://example.org/1 >> $OPSFLOW_OUTPUT', outputs: { url: { type: string } } }
gates: { quality: { of: [build], must_pass: [build], before: [ship] } }
`

/** What is wrong with a value by one of the schemas of our JSON outputs. */
function faults(file: string, value: unknown): unknown {
  const ajv = new Ajv2020.default({ allErrors: true, strictTypes: false, allowUnionTypes: true })
  const { schema } = allSchemas().find((candidate) => candidate.file === file)!
  const validate = ajv.compile(schema)
  return validate(value) ? [] : validate.errors
}

describe('opsflow report RUN', () => {
  test('says status, durations, gates, deliverables, contributions and next steps, as markdown', async () => {
    const it = project({ 'ship.yaml': SHIP })
    await it.opsflow('run', 'ship.yaml')
    const { exit, stdout, stderr } = await it.opsflow('report', await it.run())
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const hash = it.state().planHash.slice(0, 12)
    expect(plain(stdout, it).replace(hash, 'HASH')).toBe(`# ship RUN: succeeded

Build and ship.

- **Status:** succeeded
- **Duration:** SPAN, at work for SPAN
- **Gates:** 1/1 passed
- **Steps:** 2 succeeded, 1 skipped
- **Issues:** none
- **Started:** TIME by tester
- **Ended:** TIME
- **Plan:** \`HASH\`, opsflow 0.0.0
- **Input to:** staging

## Gates 1/1

| Gate | Verdict | Level | Succeeded | What was found |
| --- | --- | --- | ---: | --- |
| \`quality\` | passed | mandatory |  |  |

## Deliverables

- **Package:** app.tar
- **Address:** <https://example.org/1>

## Contributions

### Agents

| Agent | Steps | Succeeded | Failed | Worked | Retries | Timeouts |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| \`builder\` | 1 | 1 | 0 | SPAN | 0 | 0 |

### People

- **tester** started the run, TIME

### Steps

| Step | Status | By | Attempts | Took |
| --- | --- | --- | ---: | ---: |
| \`build\` | succeeded | builder, compile | 1 | SPAN |
| \`broken\` | skipped | run |  |  |
| \`ship\` | succeeded | run | 1 | SPAN |

## Next steps

- Announce \`app\`
`)
  })

  test('of a failed run says what failed, what was not done and how to go on, in every form', async () => {
    const it = project({ 'ship.yaml': SHIP })
    await it.opsflow('run', 'ship.yaml', '-i', 'to=nowhere')
    const run = await it.run()
    const { exit, stdout } = await it.opsflow('report', run, '--json')
    const data = JSON.parse(stdout) as ReportOutput
    expect(exit).toBe(0)
    expect(faults('report.output.schema.json', data)).toEqual([])
    expect(data).toMatchObject({
      status: 'failed',
      issues: [{ severity: 'error', path: 'broken', message: 'exit code 3', tail: 'no such place' }],
      undone: [{ path: 'broken' }, { path: 'ship', status: 'skipped', why: '`broken` did not succeed' }],
      deliverables: [
        { label: 'Package', value: 'app.tar' },
        { label: 'Address', value: null },
      ],
      nextSteps: [{ command: `opsflow logs ${run} broken` }, { command: `opsflow retry ${run}` }],
    })
    expect(await it.opsflow('report', run, '--format', 'json')).toMatchObject({ stdout })
    const text = (await it.opsflow('report', run)).stdout
    const page = (await it.opsflow('report', run, '--format', 'html')).stdout
    expect(page).toMatch(/^<!doctype html>\n/)
    for (const said of ['exit code 3', 'no such place', 'Not delivered: Address', `opsflow retry ${run}`]) {
      expect(text).toContain(said)
      expect(page).toContain(said)
    }
  })

  test('of a parked run asks what is open; of a run that another user went on with says how it stood', async () => {
    const it = project({
      'p.yaml':
        'pipeline: p\nsteps:\n  a: { run: "true" }\n  go: { needs: [a], approval: { prompt: Go? }, timeout: 1h }\n',
    })
    await it.opsflow('run', 'p.yaml')
    const run = await it.run()
    const parked = (await it.opsflow('report', run)).stdout
    expect(parked).toContain(': parked\n')
    expect(parked).toContain(
      `- approve \`go\` (Go?): \`opsflow approve ${run} go\`\n- or reject it: \`opsflow reject ${run} go\``,
    )
    expect(await it.as('bob').opsflow('approve', run, 'go', '--resume', '--comment', 'fine')).toMatchObject({ exit: 0 })
    const data = JSON.parse((await it.opsflow('report', run, '--json')).stdout) as ReportOutput
    expect(faults('report.output.schema.json', data)).toEqual([])
    expect(data.handoffs).toMatchObject([
      { kind: 'people', from: 'tester', to: 'bob', state: 'parked', done: ['a'], remaining: ['go'] },
    ])
    expect(data.contributions.people.map(({ by, did }) => [by, did]).toSorted()).toEqual([
      ['bob', 'approved'],
      ['bob', 'resumed'],
      ['tester', 'started'],
    ])
  })

  test('of a damaged record tells what stands before the damage, and says so', async () => {
    const it = project({ 'ship.yaml': SHIP })
    await it.opsflow('run', 'ship.yaml')
    const run = await it.run()
    const db = new DatabaseSync(runFolder(it.stateDir, run).ledger)
    db.exec("UPDATE events SET body = replace(body, 'app.tar', 'bad.tar') WHERE body LIKE '%app.tar%'")
    db.close()
    const { exit, stdout, stderr } = await it.opsflow('report', run)
    expect(exit).toBe(1)
    expect(stderr).toMatch(/; the report is of what stands before it\n$/)
    expect(stdout).toContain(`# ship ${run}: interrupted`)
    expect(stdout).toMatch(/## Issues\n\n- error event \d+ /)
    expect(stdout).toContain('## Next steps\n\n- look at what its steps have done, before anything is started anew\n')
    expect(stdout).not.toContain('opsflow resume')
    const many = await it.opsflow('report', '--since', '1d')
    expect(many).toMatchObject({ exit: 1, stderr: `opsflow: 1 run cannot be read and is not counted: \`${run}\`\n` })
    expect(many.stdout).toContain('## Not counted')
  })

  test('that has lost its end is not counted among many', async () => {
    const it = project({ 'ship.yaml': SHIP })
    await it.opsflow('run', 'ship.yaml')
    const run = await it.run()
    writeFileSync(join(runFolder(it.stateDir, run).logs, 'unknown.1.log'), '')
    const many = await it.opsflow('report', '--since', '1d')
    expect(many).toMatchObject({ exit: 1, stderr: `opsflow: 1 run cannot be read and is not counted: \`${run}\`\n` })
  })
})

describe('opsflow report --since', () => {
  test('counts the runs of the time, by pipeline and agent, in every form', async () => {
    const it = project({ 'ship.yaml': SHIP, 'other.yaml': 'pipeline: other\nsteps: { a: { run: "true" } }\n' })
    for (const words of [['ship.yaml'], ['ship.yaml', '-i', 'to=nowhere'], ['other.yaml']])
      await it.opsflow('run', ...words)
    const { exit, stdout } = await it.opsflow('report', '--since', '1d', '--json')
    const data = JSON.parse(stdout) as OverviewOutput
    expect(exit).toBe(0)
    expect(faults('overview.output.schema.json', data)).toEqual([])
    expect(data.total).toMatchObject({
      runs: 3,
      outcomes: { succeeded: 2, failed: 1 },
      gates: { passed: 2, passRate: 1 },
    })
    expect(data.pipelines.map(({ pipeline, measures }) => [pipeline, measures.runs])).toEqual([
      ['other', 1],
      ['ship', 2],
    ])
    expect(data.agents).toMatchObject([{ agent: 'builder', steps: 2, succeeded: 2 }])
    expect(data.failures).toMatchObject([{ pipeline: 'ship', step: 'broken', count: 1, message: 'exit code 3' }])
    const text = (await it.opsflow('report', '--since', '1d')).stdout
    expect(text).toContain('# Runs: 2 of 3 succeeded\n')
    expect(text).toMatch(/\| `ship` \| 2 \| 1 \|/)
    expect((await it.opsflow('report', '--since', '1d', '--format', 'html')).stdout).toContain('>2 of 3 succeeded<')
  })

  test('takes only runs that began in the time, and of the pipeline that is named', async () => {
    const it = project({ 'ship.yaml': SHIP, 'other.yaml': 'pipeline: other\nsteps: { a: { run: "true" } }\n' })
    await it.opsflow('run', 'ship.yaml')
    await it.opsflow('run', 'other.yaml')
    const [first, second] = (await it.runs()).map((run) => it.state(run).createdAt)
    const runs = async (...words: readonly string[]) =>
      (JSON.parse((await it.opsflow('report', '--json', ...words)).stdout) as OverviewOutput).total.runs
    const at = (ms: number) => new Date(ms).toISOString()
    expect(await runs('--since', at(first!))).toBe(2)
    expect(await runs('--since', at(first! + 1))).toBe(first === second ? 0 : 1)
    expect(await runs('--until', at(second!))).toBe(first === second ? 0 : 1)
    expect(await runs('--until', at(second! + 1))).toBe(2)
    expect(await runs('--since', '1d', '--pipeline', 'other')).toBe(1)
    expect(await runs('--until', '1d')).toBe(0)
  })

  test('where nothing ran says so', async () => {
    expect(await project({}).opsflow('report', '--since', '7d')).toMatchObject({
      ...{ exit: 0, stderr: '' },
      stdout: expect.stringMatching(/^# Runs: 0 of 0 succeeded\n\nNo run began in this time: /) as string,
    })
  })
})

/** The texts of a summary, each as it was appended. */
function readSummary(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split(/\n(?=# )/)
}

const OPS = `coordinator: OPS
signals: { "OPS:SHIP": { pipeline: ship }, "OPS:IDLE": { pipeline: ship } }
report: { targets: { gate_pass_rate: ">= 95%", retries: "0", OPS:SHIP.duration.max: 1ms, OPS:IDLE.timeouts: "0" } }
`

describe('the targets of a coordinator', () => {
  const files = { 'pipelines/ops.yaml': OPS, 'pipelines/ship.yaml': SHIP }

  test('are judged over the runs that it answered with, and over those of one signal', async () => {
    const it = project(files)
    expect(await it.opsflow('signal', 'OPS:SHIP', '-p', 'to=staging')).toMatchObject({ exit: 0 })
    await it.opsflow('run', 'ship')
    const { exit, stdout } = await it.opsflow('report', '--since', '1d', '--json')
    const data = JSON.parse(stdout) as OverviewOutput
    expect(exit).toBe(0)
    expect(faults('overview.output.schema.json', data)).toEqual([])
    expect(data.signals).toMatchObject([{ signal: 'OPS:SHIP', measures: { runs: 1 } }])
    expect(data.targets.map(({ measure, actual, verdict }) => [measure, actual, verdict])).toEqual([
      ['gate_pass_rate', 1, 'met'],
      ['retries', 0, 'met'],
      ['OPS:SHIP.duration.max', data.signals[0]!.measures.duration.max, 'missed'],
      ['OPS:IDLE.timeouts', null, 'unmeasured'],
    ])
    const text = (await it.opsflow('report', '--since', '1d')).stdout
    expect(text).toContain('## Targets: 2 of 4 met\n')
    expect(text).toContain('| `gate_pass_rate` | OPS | >= 95% | 100 % | met |')
    expect(text).toContain('| `OPS:IDLE.timeouts` | OPS | 0 |  | not measured |')
    expect((await it.opsflow('report', '--pipeline', 'ship', '--json')).stdout).toContain('"targets": []')
  })

  test('that cannot be read are named, and the rest of the report is there', async () => {
    const it = project({
      ...files,
      'pipelines/ops.yaml': OPS.replace('95%', '95'),
      'pipelines/bad.yaml': 'coordinator: x\n',
    })
    const { exit, stdout, stderr } = await it.opsflow('report', '--since', '1d')
    expect(exit).toBe(0)
    expect(stdout).toContain('## Targets: 0 of 3 met\n')
    for (const file of ['ops', 'bad'])
      expect(stderr).toContain(
        `opsflow: targets in \`pipelines/${file}.yaml\` are not judged: it has faults, see \`opsflow lint\`\n`,
      )
    const found = await it.opsflow('lint', 'pipelines/ops.yaml')
    expect(found.stdout).toContain('error: `>= 95` is no target for `gate_pass_rate` [plan/target]')
    it.write({ 'pipelines/ops.yaml': OPS.replace('OPS:IDLE.t', 'OPS:IDEL.t') })
    const slipped = await it.opsflow('lint', 'pipelines/ops.yaml')
    expect(slipped.stdout).toContain('error: the coordinator does not answer `OPS:IDEL` [plan/target]')
    expect(slipped.stdout).toContain('hint: did you mean `OPS:IDLE`?')
  })
})

describe('the sections that a coordinator asks for', () => {
  const headings = (text: string) => text.match(/^## .*$/gm)
  const ops = OPS.replace('report: {', 'report: { sections: [next_steps, gates],')
  const files = { 'pipelines/ops.yaml': ops, 'pipelines/ship.yaml': SHIP }

  test('are all that the report of its runs shows, in its order, and what was not done; the data has everything', async () => {
    const summary = join(project({}).folder, 'summary.md')
    const it = project(files, { env: { GITHUB_STEP_SUMMARY: summary } })
    expect((await it.opsflow('signal', 'OPS:SHIP', '-p', 'to=nowhere')).exit).toBe(1)
    const run = await it.run()
    const { stdout } = await it.opsflow('report', run)
    expect(stdout).toMatch(/^# ship \S+: failed\n\n## Next steps\n/)
    expect(headings(stdout)).toEqual(['## Next steps', '## Gates 1/1', '## Not done'])
    expect(readFileSync(summary, 'utf8')).toBe(stdout)
    const page = (await it.opsflow('report', run, '--format', 'html')).stdout
    expect(page.match(/<h2[^>]*>[^<]*/g)?.map((tag) => tag.replace(/<.*>/, '## '))).toEqual(headings(stdout))
    const data = JSON.parse((await it.opsflow('report', run, '--json')).stdout) as ReportOutput
    expect(faults('report.output.schema.json', data)).toEqual([])
    expect(data).toMatchObject({
      sections: ['next_steps', 'gates'],
      deliverables: [{ name: 'file' }, { name: 'late' }],
    })
    expect(data.issues).not.toEqual([])

    it.write({ 'pipelines/ops.yaml': OPS })
    expect((await it.opsflow('report', run)).stdout).toBe(stdout)
  })

  test('are those of the coordinator that starts it: not of a run that a person starts, and all where it says nothing', async () => {
    const it = project(files)
    await it.opsflow('run', 'ship', '-i', 'to=nowhere')
    const all = headings((await it.opsflow('report', await it.run())).stdout)
    expect(all).toEqual([
      ...['## Gates 1/1', '## Deliverables', '## Contributions', '## Issues', '## Not done', '## Next steps'],
    ])
    it.write({ 'pipelines/ops.yaml': OPS })
    await it.opsflow('signal', 'OPS:SHIP', '-p', 'to=nowhere')
    expect(headings((await it.opsflow('report', await it.run())).stdout)).toEqual(all)
  })
})

describe('where a report goes', () => {
  test('--output writes one whole file in the form that its ending names, and leaves nothing beside it', async () => {
    const it = project({ 'ship.yaml': SHIP })
    await it.opsflow('run', 'ship.yaml')
    const run = await it.run()
    it.write({ 'out/r.html': 'old', 'out/r.md': 'old' })
    for (const name of ['r.html', 'r.json', 'r.md', 'r'])
      expect(await it.opsflow('report', run, '--output', `out/${name}`)).toEqual({ exit: 0, stdout: '', stderr: '' })
    expect(readdirSync(join(it.folder, 'out')).toSorted()).toEqual(['r', 'r.html', 'r.json', 'r.md'])
    expect(it.read('out/r.html')).toMatch(/^<!doctype html>/)
    expect(JSON.parse(it.read('out/r.json'))).toMatchObject({ run })
    expect(it.read('out/r.md')).toBe((await it.opsflow('report', run)).stdout)
    expect(it.read('out/r')).toBe(it.read('out/r.md'))
    await it.opsflow('report', run, '--format', 'html', '-o', 'out/r.md')
    expect(it.read('out/r.md')).toBe(it.read('out/r.html'))
  })

  test('run and resume append the report to GITHUB_STEP_SUMMARY', async () => {
    const files = {
      'p.yaml':
        'pipeline: p\nsteps:\n  a: { run: "true" }\n  go: { needs: [a], approval: { prompt: Go? }, timeout: 1h }\n',
    }
    const file = join(project({}).folder, 'summary.md')
    writeFileSync(file, 'before\n')
    const it = project(files, { env: { GITHUB_STEP_SUMMARY: file } })
    expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 4, stderr: '' })
    const run = await it.run()
    await it.opsflow('approve', run, 'go')
    expect(await it.opsflow('resume', run, '--json')).toMatchObject({ exit: 0, stderr: '' })
    const ended = (await it.opsflow('report', run)).stdout
    const parts = readSummary(file)
    expect(parts[0]).toBe('before\n')
    expect(parts[1]).toContain(`# p ${run}: parked\n`)
    expect(parts[2]).toBe(ended)
  })

  test('a summary that cannot be written is said and changes nothing', async () => {
    const it = project(
      { 'p.yaml': 'pipeline: p\nsteps: { a: { run: "true" } }\n' },
      { env: { GITHUB_STEP_SUMMARY: '/nowhere/at/all.md' } },
    )
    const { exit, stderr } = await it.opsflow('run', 'p.yaml')
    expect(exit).toBe(0)
    expect(stderr).toMatch(/^opsflow: the report cannot be added to GITHUB_STEP_SUMMARY: ENOENT.*\n$/)
  })

  test('a summary that GitHub would drop whole for its length is left as it is', async () => {
    const file = join(project({}).folder, 'summary.md')
    writeFileSync(file, 'x'.repeat(1024 * 1024 - 100))
    const it = project(
      { 'p.yaml': 'pipeline: p\nsteps: { a: { run: "true" } }\n' },
      { env: { GITHUB_STEP_SUMMARY: file } },
    )
    const { exit, stderr } = await it.opsflow('run', 'p.yaml')
    expect(exit).toBe(0)
    expect(stderr).toContain('it would be over 1 MiB; see `opsflow report ')
    expect(readFileSync(file).length).toBe(1024 * 1024 - 100)
  })

  test('promise 26a: a secret is in no form of it', async () => {
    const it = project({
      'opsflow.config.yaml': 'secrets: [{ file: .secrets }]\n',
      '.secrets': `T=${CANARY}\n`,
      'p.yaml': `pipeline: p
secrets: [T]
outputs: { made: { value: "\${{ steps.tells.outputs.k }}", deliverable: Made } }
steps:
  tells: { run: 'echo "k=$T" >> $OPSFLOW_OUTPUT', env: { T: "\${{ secrets.T }}" }, outputs: { k: { type: string } } }
  fails: { run: 'echo "it is $T"; exit 1', env: { T: "\${{ secrets.T }}" }, retry: { attempts: 2, backoff: 10ms } }
`,
    })
    await it.opsflow('run', 'p.yaml')
    const run = await it.run()
    let said = ''
    for (const words of [
      [run],
      [run, '--json'],
      [run, '--format', 'html'],
      ['--since', '1d'],
      ['--since', '1d', '--json'],
    ])
      said += (await it.opsflow('report', ...words)).stdout
    await it.opsflow('report', run, '-o', 'report.html')
    expect(said).toContain('it is ***')
    expect(said).toContain('**Made:** \\*\\*\\*')
    expect(formsIn(said + it.read('report.html'))).toEqual([])
    expect(leaksBelow(it.stateDir)).toEqual([])
  })
})

const WRONG: readonly (readonly [words: string, says: string, hint: string])[] = [
  ['', 'say which run, or since when: `opsflow report RUN` or `opsflow report --since 7d`', 'no run is recorded yet'],
  [
    'x --since 7d',
    '`--since`, `--until` and `--pipeline` choose among many runs, and one is named',
    'leave out the run, or them',
  ],
  ['--since 7', '`--since 7` is no moment', 'with a unit: `--since 7d` or `--since 7h`'],
  [
    '--until 2026-02-31',
    '`--until 2026-02-31` is no moment',
    'a duration back from now such as 7d or 12h, a day such as 2026-11-01, or 2026-11-01T08:00',
  ],
  [
    '--since 1d --until 7d',
    '`--since` is not before `--until`',
    'both are moments, or durations back from now: 7d is before 1d',
  ],
  ['--pipeline ship', 'no run of a pipeline `ship` is recorded', 'no run is recorded at all'],
  ['x --json --format html', '`--json` and `--format html` ask for two forms', 'leave out one of them'],
  ['x --output .', '`--output .` names no file', 'give a file, such as report.html'],
]

test.for(WRONG)('promise 23a: `opsflow report %s` is wrong usage and says why', async ([words, says, hint]) => {
  const asked = words.split(' ').filter((word) => word !== '')
  expect(await project({}).opsflow('report', ...asked)).toEqual({
    ...{ exit: 2, stdout: '' },
    stderr: `opsflow: ${says}\n  hint: ${hint}\n`,
  })
})

test('promise 23a: a folder that is not there, and a pipeline that never ran, are named with what to do', async () => {
  const it = project({ 'ship.yaml': SHIP })
  await it.opsflow('run', 'ship.yaml')
  const run = await it.run()
  expect((await it.opsflow('report', run, '-o', 'no/r.md')).stderr).toBe(
    `opsflow: the folder of \`--output no/r.md\` is not there\n  hint: make it first: mkdir -p ${join(it.folder, 'no')}\n`,
  )
  expect((await it.opsflow('report', '--pipeline', 'shp')).stderr).toContain('hint: did you mean `ship`?')
})
