import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CoordinatorPicture, FilePicture, FileRow, LogInfo, RunChange, RunList } from '../../src/server/api.ts'
import type { Json } from '../../src/util/json.ts'
import { followed, openedUi } from '../support/page-server.ts'
import { project } from '../support/project.ts'
import { temporaryFolder } from '../support/repository.ts'

const TWO = {
  'pipelines/one.yaml':
    'pipeline: one\nsteps:\n  a: { run: "echo \\"<b>hi</b>\\"" }\n  b: { needs: [a], run: exit 3 }\n',
  'pipelines/two.yaml': 'pipeline: two\nsteps:\n  sub: { pipeline: three }\n',
  'pipelines/three.yaml': 'pipeline: three\nsteps:\n  x: { run: echo x }\n',
}
const ASKING = {
  'opsflow.config.yaml': 'people: { maintainers: [tester], others: [somebody] }\n',
  'p.yaml': `pipeline: p
steps:
  ship: { approval: { prompt: "Ship it?", show: "the notes", from: [maintainers] } }
  pay: { approval: { prompt: "Pay?", from: [others] } }
  which:
    ask: { prompt: "Which?", answer: { channel: { type: string, enum: [stable, beta] }, count: { type: integer, default: 1 } } }
`,
}

async function first(changes: AsyncGenerator<RunChange>): Promise<RunChange> {
  const { value } = await changes.next()
  await changes.return(undefined)
  return value as RunChange
}

describe('the runs', () => {
  test('are those that `opsflow runs` lists, newest first, and can be filtered', async () => {
    const it = project(TWO)
    await it.opsflow('run', 'one')
    await it.opsflow('run', 'two')
    const page = await openedUi(it)
    const all = await page.json<RunList>('/api/runs')
    expect(all).toMatchObject({
      total: 2,
      pipelines: ['one', 'two'],
      statuses: ['failed', 'succeeded'],
      runs: [
        { pipeline: 'two', status: 'succeeded', by: 'tester' },
        { pipeline: 'one', status: 'failed', by: 'tester' },
      ],
    })
    const listed = JSON.parse((await it.opsflow('runs', '--json')).stdout) as { runs: { run: string }[] }
    expect(all.runs.map(({ run }) => run)).toEqual(listed.runs.map(({ run }) => run))
    const names = async (query: string) =>
      (await page.json<RunList>(`/api/runs?${query}`)).runs.map(({ pipeline }) => pipeline)
    expect(await names('pipeline=one')).toEqual(['one'])
    expect(await names('status=succeeded')).toEqual(['two'])
    expect(await names('text=TEST')).toEqual(['two', 'one'])
    expect(await names(`text=${all.runs[1]!.run.slice(-5)}`)).toEqual(['one'])
    expect(await names('text=nobody')).toEqual([])
    expect(await page.json<RunList>('/api/runs?limit=1')).toMatchObject({ total: 2, runs: [{ pipeline: 'two' }] })
    expect(await names('limit=x')).toEqual(['two', 'one'])
  })

  test('of a project without any are none, and nothing is made by looking', async () => {
    const it = project({})
    const page = await openedUi(it)
    expect(await page.json('/api/runs')).toEqual({ runs: [], total: 0, pipelines: [], statuses: [] })
    expect(it.has('.opsflow')).toBe(false)
  })
})

describe('a run', () => {
  test('promise 1e: is told whole at first: its plan, its steps, and why they ended as they did', async () => {
    const it = project(TWO)
    await it.opsflow('run', 'one')
    const page = await openedUi(it)
    const { fresh, head, plan, steps } = await first(followed(page.port, await it.run(), page.cookie))
    expect(fresh).toBe(true)
    expect(head).toMatchObject({
      status: 'failed',
      startedBy: 'tester',
      goOn: 'retry',
    })
    expect(plan!.outline.pipelines[0]!.steps.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(steps).toMatchObject([
      { path: 'a', status: 'succeeded' },
      { path: 'b', status: 'failed', message: expect.stringContaining('3') },
    ])
  })

  test('that was ended without its `finally` goes on with that', async () => {
    const it = project({
      'p.yaml': 'pipeline: p\nsteps: { a: { approval: { prompt: Go? } } }\nfinally: { last: { run: ":" } }\n',
    })
    expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
    await it.opsflow('cancel', await it.run(), '--kill')
    const page = await openedUi(it)
    const { head } = await first(followed(page.port, await it.run(), page.cookie))
    expect(head).toMatchObject({ phase: 'ended', status: 'cancelled', goOn: 'resume' })
  })

  test('says which of its steps are pipelines, and where these ran', async () => {
    const it = project(TWO)
    await it.opsflow('run', 'two')
    const page = await openedUi(it)
    const { head, plan } = await first(followed(page.port, await it.run(), page.cookie))
    expect(plan!.calls).toEqual({ two: { sub: 'three' }, three: {} })
    expect(head.scopes).toEqual([
      { path: '', pipeline: 'two' },
      { path: 'sub', pipeline: 'three' },
    ])
  })

  test('is followed while it goes on: of what changes only what changed', async () => {
    const it = project({
      'p.yaml': `pipeline: p
steps:
  a: { run: echo begun }
  b: { needs: [a], run: while ! test -e go; do sleep 0.02; done }
  c: { needs: [b], run: echo c }
`,
    })
    const running = it.start('run', 'p.yaml')
    await it.until((state) => state.steps.get('b')?.status === 'running')
    const page = await openedUi(it)
    const changes: RunChange[] = []
    for await (const change of followed(page.port, await it.run(), page.cookie)) {
      if (changes.length === 0) it.write({ go: '' })
      changes.push(change)
      if (change.head.phase === 'ended' && change.head.liveness === 'free') break
    }
    await running.ended
    expect(changes[0]).toMatchObject({ fresh: true, head: { status: 'live' } })
    const later = changes.slice(1)
    expect(later.every(({ fresh, plan }) => !fresh && plan === undefined)).toBe(true)
    const told = new Set(later.flatMap(({ steps }) => steps.map(({ path }) => path)))
    expect([...told].sort()).toEqual(['b', 'c'])
    expect(later.at(-1)!.head.outcome).toBe('succeeded')
  })

  test('that is not there is answered as that', async () => {
    const page = await openedUi(project(TWO))
    for (const path of ['follow', 'logs?path=a', 'log?path=a&attempt=1']) {
      for (const run of ['nothing', '..', '%2e%2e%2f%2e%2e', '%00'])
        expect({ path, status: (await page.get(`/api/runs/${run}/${path}`)).status }).toEqual({ path, status: 404 })
    }
  })
})

describe('logs', () => {
  test('come as they are, from where one asks, and say how much there is', async () => {
    const it = project(TWO)
    await it.opsflow('run', 'one')
    const page = await openedUi(it)
    const base = `/api/runs/${await it.run()}`
    expect(await page.json<LogInfo[]>(`${base}/logs?path=a`)).toEqual([
      { path: 'a', attempt: 1, delivery: 1, bytes: 10 },
    ])
    const whole = await page.get(`${base}/log?path=a&attempt=1`)
    expect(whole).toMatchObject({
      status: 200,
      body: '<b>hi</b>\n',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'x-log-from': '0', 'x-log-size': '10' },
    })
    expect(await page.get(`${base}/log?path=a&attempt=1&from=-4`)).toMatchObject({
      body: '/b>\n'.slice(-4),
      headers: { 'x-log-from': '6' },
    })
    expect(await page.get(`${base}/log?path=a&attempt=1&from=99`)).toMatchObject({
      body: '',
      headers: { 'x-log-from': '10' },
    })
  })

  test('are only those of attempts: no other path, and no link that was put in the place of one', async () => {
    const it = project({ ...TWO, secret: 'nobody reads this\n' })
    await it.opsflow('run', 'one')
    const run = await it.run()
    const page = await openedUi(it)
    for (const path of ['../ledger.db', '../../../../project/secret', '/etc/passwd', 'a/../../ledger', 'nothing', '']) {
      const asked = new URLSearchParams({ path, attempt: '1' })
      expect({ path, status: (await page.get(`/api/runs/${run}/log?${asked}`)).status }).toEqual({ path, status: 404 })
    }
    expect((await page.get(`/api/runs/${run}/log?path=a&attempt=2`)).status).toBe(404)
    mkdirSync(join(it.stateDir, 'runs', run, 'logs'), { recursive: true })
    symlinkSync(join(it.folder, 'secret'), join(it.stateDir, 'runs', run, 'logs', 'z.1.log'))
    expect((await page.get(`/api/runs/${run}/log?path=z&attempt=1`)).body).not.toContain('nobody')
  })
})

describe('decisions', () => {
  test('go where those of `opsflow approve` go, by the user of the page, with the comment', async () => {
    const it = project(ASKING)
    await it.opsflow('run', 'p.yaml')
    const run = await it.run()
    const page = await openedUi(it)
    const { head } = await first(followed(page.port, run, page.cookie))
    expect(head.questions).toMatchObject([
      {
        path: 'ship',
        kind: 'approval',
        prompt: 'Ship it?',
        show: 'the notes',
        command: `opsflow approve ${run} ship | opsflow reject ${run} ship`,
      },
      { path: 'pay', refused: expect.stringContaining('others') },
      { path: 'which', kind: 'answer', answer: { channel: { enum: ['stable', 'beta'] } } },
    ])
    expect(head.questions[0]).not.toHaveProperty('refused')
    expect(await page.act({ run, verb: 'approve', path: 'ship', comment: 'looks good' })).toMatchObject({
      status: 200,
      ok: true,
      message: expect.stringContaining('approved: ship'),
    })
    expect(
      await page.act({ run, verb: 'answer', path: 'which', values: { channel: 'beta', count: '3' } }),
    ).toMatchObject({
      ok: true,
    })
    expect(await page.act({ run, verb: 'note', text: 'seen on the page' })).toMatchObject({ ok: true })
    expect((await it.opsflow('resume', run)).exit).toBe(4)
    const { notes, steps } = it.state()
    expect(steps.get('ship')?.wait?.decision).toMatchObject({
      verdict: 'approved',
      by: { name: 'tester', uid: 1000 },
      comment: 'looks good',
    })
    expect(steps.get('which')?.wait?.decision).toMatchObject({ values: { channel: 'beta', count: 3 } })
    expect(notes).toMatchObject([{ by: { name: 'tester' }, text: 'seen on the page' }])
  })

  test('that may not be, come late or make no sense are refused in the words of the command', async () => {
    const it = project(ASKING)
    await it.opsflow('run', 'p.yaml')
    const run = await it.run()
    const page = await openedUi(it)
    const refused = async (word: { readonly [name: string]: Json }, words: readonly string[]) => {
      const said = await page.act({ run, ...word })
      const { stderr } = await it.opsflow(...words)
      expect(said).toMatchObject({ status: 409, ok: false })
      expect(stderr).toContain(said.message)
      return said
    }
    const pay = await refused({ verb: 'approve', path: 'pay' }, ['approve', run, 'pay'])
    expect(pay.message).toContain('others')
    const near = await refused({ verb: 'approve', path: 'shp' }, ['approve', run, 'shp'])
    expect(near.hint).toBe('did you mean `ship`?')
    const wrong = { verb: 'answer', path: 'which', values: { channel: 'x' } }
    expect(await refused(wrong, ['answer', run, 'which', 'channel=x'])).not.toHaveProperty('hint')
    await refused({ verb: 'bypass', path: 'ship', reason: 'r', expires: '1h' }, [
      ...['bypass', run, 'ship'],
      ...['--reason', 'r', '--expires', '1h'],
    ])
    await refused({ verb: 'note', text: ' ' }, ['note', run, ' '])
    await it.opsflow('approve', run, 'ship')
    const late = await refused({ verb: 'reject', path: 'ship' }, ['reject', run, 'ship'])
    expect(late).toMatchObject({
      message: expect.stringContaining('before by tester'),
      hint: `see \`opsflow show ${run}\``,
    })
    expect(await page.act({ run: 'nothing', verb: 'approve', path: 'a' })).toMatchObject({ status: 409, ok: false })
  })

  test('on a held gate: a bypass goes on record with its reason', async () => {
    const it = project({
      'opsflow.config.yaml': 'people: { boss: [tester] }\n',
      'p.yaml': `pipeline: p
steps:
  a: { run: exit 1, allow_failure: true }
  b: { needs: { a: completed }, run: echo b > made }
gates:
  safe: { of: [a], checks: [{ run: exit 1 }], before: [b], bypass: { by: [boss] } }
`,
    })
    const ran = await it.opsflow('run', 'p.yaml')
    expect(ran).toMatchObject({ exit: 4, stderr: '' })
    const run = await it.run()
    const page = await openedUi(it)
    const { head } = await first(followed(page.port, run, page.cookie))
    expect(head).toMatchObject({
      gates: [{ gate: 'safe', status: 'held' }],
      questions: [{ path: 'gate:safe', kind: 'bypass' }],
    })
    expect(
      await page.act({ run, verb: 'bypass', path: 'gate:safe', reason: 'known false alarm', expires: '1h' }),
    ).toMatchObject({ ok: true })
    await it.opsflow('resume', run)
    expect(it.state().gates.get('safe')).toMatchObject({
      status: 'bypassed',
      decided: { by: { name: 'tester' }, reason: 'known false alarm' },
    })
  })

  test('that hold a secret of the run are refused', async () => {
    const it = project(
      {
        'p.yaml':
          'pipeline: p\nsecrets: [TOKEN]\nsteps:\n  ship: { approval: { prompt: "Ship it?" } }\n  use: { needs: [ship], run: echo, env: { TOKEN: "${{ secrets.TOKEN }}" } }\n',
      },
      { env: { TOKEN: 'hunter2-hunter2' } },
    )
    await it.opsflow('run', 'p.yaml')
    const run = await it.run()
    const page = await openedUi(it)
    const said = await page.act({ run, verb: 'approve', path: 'ship', comment: 'use hunter2-hunter2' })
    expect(said).toMatchObject({ status: 409, ok: false, message: expect.stringContaining('`TOKEN`') })
    expect(JSON.stringify(said)).not.toContain('hunter2')
  })
})

describe('files and signals', () => {
  test('a file is shown with its plan and its findings, a faulty one with its faults', async () => {
    const it = project({ ...TWO, 'pipelines/bad.yaml': 'pipeline: bad\nsteps:\n  a: { run: x, neds: [b] }\n' })
    const page = await openedUi(it)
    const rows = await page.json<FileRow[]>('/api/files')
    expect(rows.map(({ errors, kind, name, path }) => [path, kind, name, errors])).toEqual([
      ['pipelines/bad.yaml', 'faulty', undefined, 1],
      ['pipelines/one.yaml', 'pipeline', 'one', 0],
      ['pipelines/three.yaml', 'pipeline', 'three', 0],
      ['pipelines/two.yaml', 'pipeline', 'two', 0],
    ])
    const bad = await page.json<FilePicture>('/api/file?path=pipelines/bad.yaml')
    expect(bad).toMatchObject({
      text: it.read('pipelines/bad.yaml'),
      findings: [{ code: 'schema/unknown-key', severity: 'error', line: 3, column: 16, hint: 'did you mean `needs`?' }],
    })
    expect(bad).not.toHaveProperty('plan')
    const good = await page.json<FilePicture>('/api/file?path=pipelines/two.yaml')
    expect(good.plan!.outline.pipelines.map(({ name }) => name)).toEqual(['two', 'three'])
  })

  test('what is no file of the project is not shown, whatever the path', async () => {
    const it = project({ ...TWO, 'secret.txt': 'x' })
    const page = await openedUi(it)
    for (const path of ['', 'secret.txt', '../state', '/etc/passwd', 'pipelines/../secret.txt', 'nothing.yaml'])
      expect({ path, status: (await page.get(`/api/file?${new URLSearchParams({ path })}`)).status }).toEqual({
        path,
        status: 404,
      })
  })

  test('of each coordinator the page knows who answers what', async () => {
    const it = project({
      ...TWO,
      'pipelines/ops.yaml': `coordinator: COORD_OPS
description: Answers
signals:
  OPS:ONE: { pipeline: one, payload: { why: { type: string, optional: true } } }
`,
    })
    const page = await openedUi(it)
    expect(await page.json<CoordinatorPicture[]>('/api/signals')).toMatchObject([
      {
        name: 'COORD_OPS',
        description: 'Answers',
        signals: [{ signal: 'OPS:ONE', from: [], routes: [{ pipeline: 'one' }] }],
      },
    ])
  })
})

describe('`opsflow ui`', () => {
  test('prints one address for one browser, the next when it was used, and ends at Ctrl-C with 0', async () => {
    const page = await openedUi(project({}))
    expect(page.started.out.stdout).toMatch(
      /^opsflow of \S+\nhttp:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\nopens once, .*\nopened; for another browser: http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/,
    )
    const index = await page.get('/')
    expect(index.body).toContain('<div id="page">')
    for (const [, path] of index.body.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      expect((await page.get(path!)).status).toBe(200)
    expect(index.body).not.toMatch(/<script(?![^>]*\bsrc=)/)
    page.started.signal('SIGINT')
    expect(await page.started.ended).toMatchObject({ exit: 0, stderr: '' })
  })

  test('says that a port is taken, and what to do', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => taken.close(() => resolve())))
    const { port } = taken.address() as { port: number }
    const it = project({})
    expect(await it.opsflow('ui', '--port', String(port))).toEqual({
      exit: 1,
      stdout: '',
      stderr: `opsflow: port ${port} is taken\n  hint: name another with \`--port\`, or none to get one that is free\n`,
    })
    expect(await it.opsflow('ui', '--port', '70000')).toMatchObject({ exit: 2, stdout: '' })
    expect(await it.opsflow('ui', '--port', 'x')).toMatchObject({ exit: 2, stdout: '' })
  })

  test('--open where no browser can be opened says so, and goes on to serve', async () => {
    const it = project({}, { env: { TMPDIR: import.meta.filename } })
    const { get, started } = await openedUi(it, '--open')
    expect((await get('/api/project')).status).toBe(200)
    expect(started.out.stderr).toMatch(
      /^opsflow: no browser was opened \(ENOTDIR: .*\): open the address above yourself\n$/,
    )
    started.signal('SIGINT')
    expect((await started.ended).exit).toBe(0)
  })

  test.runIf(process.platform === 'linux')(
    'promise 29e: --open gives the token to the browser by a file that only this user can read',
    async () => {
      const bin = temporaryFolder()
      writeFileSync(
        join(bin, 'xdg-open'),
        '#!/bin/sh\nls -l "$1" > seen.new\nprintf "%s\\n" "$*" >> seen.new\ncat "$1" >> seen.new\nmv seen.new seen\n',
        { mode: 0o755 },
      )
      const it = project({}, { env: { PATH: `${bin}:${process.env.PATH}` } })
      const { address, started } = await openedUi(it, '--open')
      const [mode, words, text] = await it.file('seen', 3)
      expect(mode).toMatch(/^-rw-------/)
      expect(words).not.toContain('token')
      expect(text).toContain(`url=${address}`)
      started.signal('SIGINT')
      expect(await started.ended).toMatchObject({ exit: 0, stderr: '' })
      expect(existsSync(words!)).toBe(false)
    },
  )
})
