import { describe, expect, test } from 'vitest'
import { readAct } from '../../src/server/acts.ts'
import type { ReportPicture } from '../../src/server/api.ts'
import { openedUi, pageOf } from '../support/page-server.ts'
import { project } from '../support/project.ts'

const OPS = {
  'pipelines/deploy.yaml': `pipeline: deploy
inputs: { target: { type: string, enum: [staging, production] }, count: { type: integer, default: 1 } }
steps:
  build: { run: 'echo begun >> begun; while ! test -e go; do sleep 0.02; done' }
  ship: { needs: [build], run: echo shipped }
finally:
  tidy: { run: echo tidy >> tidied }
outputs: { where: { value: '\${{ inputs.target }}', deliverable: Where it is } }
`,
  'pipelines/ops.yaml': `coordinator: COORD_OPS
signals:
  OPS:DEPLOY: { payload: { why: { type: string } }, pipeline: deploy }
`,
}

describe('what the page sends is an act of a person, or is refused before anything is done', () => {
  test.for<readonly [body: unknown, why: string]>([
    [undefined, 'what is to be done is no object'],
    [['resume'], 'what is to be done is no object'],
    [{ run: 'r' }, '`verb` is none of approve,'],
    [{ verb: 'prune', run: 'r' }, '`verb` is none of approve,'],
    ...['approve', 'reject', 'answer', 'bypass', 'note', 'resume', 'retry', 'cancel'].flatMap((verb) =>
      [undefined, '', 1, '--take-over', '-h'].map((run) => [{ verb, run, path: 'a' }, '`run` is missing'] as const),
    ),
    [{ verb: 'approve', run: 'r' }, '`path` is missing'],
    [{ verb: 'approve', run: 'r', path: 'a', comment: 1 }, '`comment` is no text'],
    [{ verb: 'answer', run: 'r', path: 'a', values: { n: 1 } }, '`values` is no object of texts'],
    [{ verb: 'bypass', run: 'r', path: 'a', expires: '1h' }, 'a bypass wants a reason'],
    [{ verb: 'bypass', run: 'r', path: 'a', reason: 'so' }, 'a bypass wants a duration'],
    [{ verb: 'note', run: 'r' }, '`text` is missing'],
    [{ verb: 'retry', run: 'r', step: ['a'] }, '`step` is no step'],
    [{ verb: 'signal', values: {} }, '`name` is missing'],
    [{ verb: 'signal', name: '--json', values: {} }, '`name` is missing'],
    ...['/tmp/x.yaml', 'x.yml', '../p', 'a\\b'].map(
      (name) => [{ verb: 'run', name, values: {} }, '`name` is no name of a pipeline'] as const,
    ),
    [{ verb: 'run', name: 'p' }, '`values` is no object of texts'],
    [{ verb: 'run', name: 'p', values: ['a'] }, '`values` is no object of texts'],
  ])('%j: %s', ([body, why]) => {
    expect(readAct(body)).toContain(why)
  })

  test('nothing that was not asked for goes with it', () => {
    expect(readAct({ verb: 'cancel', run: 'r', reason: ' ', kill: 'yes', takeOver: true })).toEqual({
      verb: 'cancel',
      run: 'r',
      reason: undefined,
      kill: false,
    })
  })
})

describe('a run that the page has begin or go on', () => {
  test('is of a process of its own: the server that started it is killed, and the run comes to its end', async () => {
    const it = project({
      'p.yaml': `pipeline: p
steps:
  ok: { approval: { prompt: "Sure?" } }
  build: { needs: [ok], run: 'echo begun >> begun; while ! test -e go; do sleep 0.02; done' }
  ship: { needs: [build], run: echo shipped }
`,
    })
    expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 4 })
    const run = await it.run()
    await it.opsflow('approve', run, 'ok')
    const ui = it.spawn('ui')
    const page = await pageOf(ui)
    expect(await page.act({ verb: 'resume', run })).toMatchObject({ status: 200, ok: true, run })
    await it.file('begun')
    ui.kill('SIGKILL')
    await ui.ended
    it.write({ go: '' })
    const state = await it.until(({ phase }, liveness) => phase === 'ended' && liveness === 'free')
    expect(state).toMatchObject({ outcome: 'succeeded' })
    expect(it.lines('begun')).toHaveLength(1)
  })

  test('begins with what was typed, is cancelled, and refused in the words of the command', async () => {
    const it = project(OPS)
    const page = await openedUi(it)
    const values = { target: 'staging', count: 'x' }
    const wrong = await page.act({ verb: 'run', name: 'deploy', values })
    const typed = await it.opsflow('run', 'deploy', '--input', 'target=staging', '--input', 'count=x')
    expect(wrong).toMatchObject({ status: 409, ok: false, message: expect.stringContaining('`x` is no whole number') })
    // A form has a field for each, where nobody types `--input name=value`.
    expect(typed.stderr).toContain(`opsflow: ${wrong.message}\n  hint: give inputs as \`--input `)
    expect(wrong).not.toHaveProperty('hint')
    const unknown = await page.act({ verb: 'run', name: 'deplo', values: {} })
    expect(unknown).toMatchObject({ ok: false, hint: 'did you mean `deploy`?' })
    const begun = await page.act({ verb: 'run', name: 'deploy', values: { ...values, count: '3' } })
    const run = await it.run()
    expect(begun).toMatchObject({ status: 200, ok: true, run })
    await it.file('begun')
    expect(it.state(run)).toMatchObject({ inputs: { target: 'staging', count: 3 } })
    const ended = await page.act({ verb: 'cancel', run, reason: '--kill', kill: false })
    expect(ended).toMatchObject({ status: 200, ok: true, message: expect.stringContaining(`cancelled ${run}`) })
    const state = await it.until(({ phase }, liveness) => phase === 'ended' && liveness === 'free')
    expect(state).toMatchObject({ outcome: 'cancelled', cancel: { reason: '--kill' } })
    expect(it.lines('tidied')).toEqual(['tidy'])
  })
})

test('of several faults each keeps its remedy', async () => {
  const it = project({ 'pipelines/p.yaml': 'pipeline: p\nsteps:\n  a: { rum: x }\n  b: { run: x, tiemout: 1m }\n' })
  const page = await openedUi(it)
  const refused = await page.act({ verb: 'run', name: 'p', values: {} })
  expect(refused).toMatchObject({ status: 409, ok: false })
  expect(refused.message).toMatch(/`rum`[\s\S]*hint: .*`run`[\s\S]*`tiemout`[\s\S]*hint: .*`timeout`/)
  expect(refused.hint).toBeUndefined()
})

test('what no program can be handed is said, and begins nothing', async () => {
  const it = project(OPS)
  const page = await openedUi(it)
  expect(await page.act({ verb: 'signal', name: 'OPS:DEPLOY', values: { why: 'a\0b' } })).toMatchObject({
    status: 409,
    ok: false,
    message: expect.stringContaining('`opsflow signal` cannot be started: '),
  })
  expect(await it.runs()).toEqual([])
})

describe('reports', () => {
  test('are those of `opsflow report`, as blocks to show and as files to keep', async () => {
    const it = project({ ...OPS, go: '' })
    await it.opsflow('run', 'deploy', '--input', 'target=staging')
    const run = await it.run()
    const page = await openedUi(it)
    const shown = await page.json<ReportPicture>(`/api/report?run=${run}`)
    expect(shown).toMatchObject({ page: { title: `deploy ${run}`, badge: { badge: 'succeeded' } } })
    expect(shown).not.toHaveProperty('fault')
    expect(JSON.stringify(shown.page.blocks)).toContain('Where it is')
    for (const format of ['markdown', 'json', 'html']) {
      const { body, headers, status } = await page.get(`/api/report?run=${run}&format=${format}`)
      expect({ format, status, body }).toEqual({
        format,
        status: 200,
        body: (await it.opsflow('report', run, '--format', format)).stdout,
      })
      // No browser makes a page of this origin of it.
      expect(headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment',
      })
    }
    const many = await page.json<ReportPicture>('/api/report?since=7d&pipeline=')
    expect(many.page).toMatchObject({ title: 'Runs', badge: { badge: '1 of 1 succeeded' } })
    expect((await page.json<ReportPicture>('/api/report?since=7d&pipeline=deploy')).page.title).toBe('Runs of deploy')
  })

  test('that cannot be made, or lack something, say why', async () => {
    const it = project({ ...OPS, go: '' })
    await it.opsflow('run', 'deploy', '--input', 'target=staging')
    it.write({ 'pipelines/bad.yaml': 'coordinator: COORD_BAD\nsignals: 3\n' })
    const page = await openedUi(it)
    const asked = async (query: string) => {
      const { body, status } = await page.get(`/api/report?${query}`)
      return { status, body: JSON.parse(body) as unknown }
    }
    expect(await asked('run=nothing')).toMatchObject({ status: 404 })
    expect(await asked('since=x')).toMatchObject({ status: 400, body: { ok: false, hint: expect.any(String) } })
    expect(await asked('since=7d&pipeline=deplo')).toMatchObject({
      status: 400,
      body: { hint: 'did you mean `deploy`?' },
    })
    expect(await asked('since=7d')).toMatchObject({
      status: 200,
      body: { fault: expect.stringContaining('`pipelines/bad.yaml` are not judged') },
    })
  })
})
