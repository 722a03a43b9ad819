import { describe, expect, it } from 'vitest'
import { ALICE, type ControlledOptions, type ControlledRun, controlled, statuses } from '../support/controlled-port.ts'
import { gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

const BOB = { name: 'bob', uid: 1001 }
const BAD = '${{ inputs.list[3] }}'
const inputs = { list: { type: 'array' as const } }
const given: ControlledOptions = { inputs: { list: [] } }
const step = (run: ControlledRun, path: string) => run.state().steps.get(path)
const approval = (more: object = {}, rest: StepDraft = {}): StepDraft => ({
  action: { kind: 'approval', prompt: 'Go?', from: [], show: undefined, self: true, ...more },
  ...rest,
})
const sub: StepDraft = { action: { kind: 'pipeline', pipeline: 'inner' } }
const foreach = (items: unknown, more: object = {}): StepDraft => ({
  foreach: { items: items as never, key: '${{ item }}', needs: undefined, maxParallel: undefined, ...more },
})

describe('a question', () => {
  const asked = (run: ControlledRun) =>
    run.events.flatMap((event) => (event.type === 'wait-opened' ? [event.wait] : []))

  it('says what it asks, of whom, what is shown, and until when', async () => {
    const plan = planOf({
      inputs,
      steps: {
        go: approval(
          { prompt: 'Ship ${{ run.id }}?', show: 'n=${{ size(inputs.list) }}', from: ['ARCHITECT'], self: false },
          { timeoutMs: 5000 },
        ),
      },
    })
    expect(asked(await controlled(plan, given))).toStrictEqual([
      {
        kind: 'approval',
        prompt: 'Ship run-1?',
        show: 'n=0',
        from: ['ARCHITECT'],
        persons: ['bob'],
        self: false,
        startedBy: ALICE,
        deadlineMs: 6000,
      },
    ])
    expect(asked(await controlled(planOf({ steps: { go: approval() } })))).toStrictEqual([
      { kind: 'approval', prompt: 'Go?', from: [], persons: [], self: true, startedBy: ALICE },
    ])
    const answer = { name: { type: 'string' } } as const
    expect(
      asked(
        await controlled(planOf({ steps: { who: { action: { kind: 'ask', prompt: 'Who?', from: [], answer } } } })),
      ),
    ).toStrictEqual([{ kind: 'answer', prompt: 'Who?', answer, from: [], persons: [], self: true, startedBy: ALICE }])
    const wait = { kind: 'wait', signal: 'OPS:GO', when: 'payload.n == size(inputs.list)' } as const
    expect(asked(await controlled(planOf({ inputs, steps: { wait: { action: wait } } }), given))).toStrictEqual([
      {
        kind: 'signal',
        prompt: 'OPS:GO',
        signal: 'OPS:GO',
        from: [],
        persons: [],
        self: true,
        startedBy: ALICE,
        when: wait.when,
        given: expect.anything(),
      },
    ])
  })

  it.each<[string, StepDraft]>([
    ['prompt', approval({ prompt: BAD })],
    ['show', approval({ show: BAD })],
    ['timeout', approval({}, { timeoutMs: BAD })],
    ['wait', { action: { kind: 'wait', forMs: BAD } }],
    ['payload', { action: { kind: 'signal', signal: 'OPS:GO' }, with: { n: BAD } }],
  ])('whose %s cannot be read fails', async (_, a) => {
    const run = await controlled(planOf({ inputs, steps: { a } }), given)
    expect((await run.result).state.steps.get('a')).toMatchObject({
      status: 'failed',
      reason: 'expression',
      message: expect.stringMatching(/./),
    })
    expect(run.events.map(({ type }) => type)).not.toContain('wait-opened')
  })

  it('that was rejected says by whom and why', async () => {
    for (const [data, message] of [
      [{ comment: 'too late' }, 'bob rejected it: too late'],
      [{}, 'bob rejected it'],
    ] as const) {
      const run = await controlled(planOf({ steps: { go: approval() } }))
      await run.row('reject', 'go', data, BOB)
      expect(step(run, 'go')).toMatchObject({ status: 'failed', reason: 'rejected', message })
    }
  })

  it.each([
    ['fail', 'timed-out', 'timeout', 'failed'],
    ['reject', 'failed', 'rejected', 'failed'],
    ['escalate', 'timed-out', 'escalated', 'escalated'],
  ] as const)(
    'that nobody answered in time, with `on_timeout: %s`, is %s: %s',
    async (onTimeout, status, reason, outcome) => {
      const run = await controlled(planOf({ steps: { go: approval({}, { timeoutMs: 1000, onTimeout }) } }))
      await run.advance(1000)
      const { state } = await run.result
      expect(state.steps.get('go')).toMatchObject({ status, reason, message: 'nobody decided in time' })
      expect(state.outcome).toBe(outcome)
      const told = run.events.filter((event) => event.type === 'signal-sent')
      if (onTimeout !== 'escalate') expect(told).toEqual([])
      else
        expect(told).toMatchObject([
          {
            path: 'go',
            target: 'human',
            source: 'main',
            signal: 'main:ESCALATE',
            payload: { run: 'run-1', step: 'go', issue: 'nobody decided in time' },
          },
        ])
    },
  )

  it('about a step that was cut off: says so, and rejected it stays cut off', async () => {
    const plan = planOf({ steps: { a: { interrupted: 'ask' } } })
    const first = await controlled(plan)
    first.crash()
    const run = await controlled(plan, { start: { type: 'resume', events: first.events, by: ALICE } })
    await run.advance(0)
    expect(asked(run)).toMatchObject([
      {
        kind: 'interrupted',
        prompt: '`a` was interrupted and may have had effects; run it again?',
        from: [],
        persons: [],
        self: true,
      },
    ])
    await run.row('reject', 'a', {}, BOB)
    expect((await run.result).state.steps.get('a')).toMatchObject({
      status: 'interrupted',
      reason: 'interrupted',
      message: 'bob rejected it',
    })
  })

  it('that was approved beforehand is on record with that, by its path or its name', async () => {
    for (const approve of [['sub/go'], ['go']]) {
      const run = await controlled(planOf({ steps: { sub } }, { inner: { steps: { go: approval() } } }), { approve })
      expect(step(run, 'sub/go')?.wait?.decision).toMatchObject({
        verdict: 'approved',
        by: ALICE,
        comment: 'approved when the run was started',
      })
      expect(run.awaited()).toEqual([])
    }
    const other = await controlled(planOf({ steps: { sub } }, { inner: { steps: { go: approval() } } }), {
      approve: ['other'],
    })
    expect(step(other, 'sub/go')?.status).toBe('waiting')
  })
})

describe('promise 3c: a list that is no graph fails its step, and says why', () => {
  it.each<[unknown, object, RegExp]>([
    ['${{ size(inputs.list) }}', {}, /^`items` gave 0, not a list$/],
    [Array.from({ length: 1001 }, (_, n) => n), {}, /^1001 items are more than the 1000 that a foreach may have$/],
    [['x'], { key: BAD }, /^the key of item 1: ./],
    [['x', null], {}, /^the key of item 2 is null, not a text$/],
    [['x', ''], {}, /^the key of item 2 is empty$/],
    [['x', 'y', 'x'], {}, /^items 1 and 3 have the same key `x`$/],
    [['x'], { needs: '${{ 7 }}' }, /^the needs of item `x`: 7 is not a list of keys$/],
    [['x'], { needs: '${{ [true] }}' }, /^the needs of item `x`: \[true\] is not a list of keys$/],
    [['x'], { needs: '${{ ["y"] }}' }, /^item `x` needs `y`, which is no item$/],
    [
      ['x', 'y', 'z'],
      { needs: '${{ item == "x" ? ["z"] : item == "y" ? ["x"] : ["y"] }}' },
      /^items need each other in a circle: `x` -> `z` -> `y` -> `x`$/,
    ],
    [
      ['x', 'y', 'z'],
      { needs: '${{ item == "z" ? [] : item == "y" ? ["x", "z"] : ["y"] }}' },
      /^items need each other in a circle: `x` -> `y` -> `x`$/,
    ],
  ])('%.60j %j', async (items, more, message) => {
    const run = await controlled(planOf({ inputs, steps: { a: foreach(items, more) } }), given)
    const { state } = await run.result
    expect(state.steps.get('a')).toMatchObject({
      status: 'failed',
      reason: 'foreach',
      message: expect.stringMatching(message),
    })
    expect(run.events.map(({ type }) => type)).not.toContain('foreach-expanded')
  })

  it('numbers are keys, and no needs are none', async () => {
    const run = await controlled(
      planOf({ steps: { a: foreach([1, 2], { needs: '${{ item == 1 ? null : [1, 1] }}' }) } }),
    )
    expect(run.running()).toEqual(['a[1]'])
    await (await run.started('a[1]')).succeed()
    expect(run.running()).toEqual(['a[2]'])
  })

  it('the items that failed are named, the first three of them', async () => {
    const run = await controlled(planOf({ steps: { a: foreach(['v', 'w', 'x', 'y', 'z']) } }))
    for (const key of ['v', 'w', 'x', 'y']) await (await run.started(`a[${key}]`)).fail()
    expect(step(run, 'a')?.status).toBe('running')
    await (await run.started('a[z]')).succeed()
    expect(step(run, 'a')).toMatchObject({
      status: 'failed',
      reason: 'items',
      message: '4 of 5 failed: `v`, `w`, `x` and 1 more',
    })
    const three = await controlled(planOf({ steps: { a: foreach(['v', 'w', 'x']) } }))
    for (const key of ['v', 'w', 'x']) await (await three.started(`a[${key}]`)).fail()
    expect(step(three, 'a')?.message).toBe('3 of 3 failed: `v`, `w`, `x`')
  })

  it('items that were stopped make a stopped step, timed out where its time was over', async () => {
    for (const more of [{}, { timeoutMs: 1000 }]) {
      const run = await controlled(planOf({ ...more, steps: { a: foreach(['x', 'y'], { maxParallel: 1 }) } }))
      const x = await run.started('a[x]')
      if ('timeoutMs' in more) await run.advance(1000)
      else await run.cancel()
      expect(run.aborted('a[x]')).toBe('soft')
      await x.fail({ status: 'cancelled' })
      const { state } = await run.result
      expect(state.steps.get('a')).toMatchObject(
        'timeoutMs' in more ? { status: 'timed-out', reason: 'timeout' } : { status: 'cancelled', reason: 'cancel' },
      )
      expect(state.steps.get('a[y]')).toMatchObject({ status: 'cancelled' })
      expect(state).toMatchObject(
        'timeoutMs' in more
          ? { outcome: 'failed', reason: 'its time is over' }
          : { outcome: 'cancelled', reason: 'asked to' },
      )
    }
  })
})

describe('a repeat', () => {
  const repeat = (more: object): StepDraft => ({
    repeat: { until: 'false', max: 2, delayMs: 0, onMax: 'fail', ...more } as never,
    outputs: { n: { type: 'integer' } },
  })
  it.each<[string, object, object]>([
    [
      'that never holds',
      {},
      { status: 'failed', reason: 'repeat', message: '`false` did not hold after 1 passes', max: 1 },
    ],
    ['whose condition cannot be told', { until: 'inputs.list[3] == 1' }, { status: 'failed', reason: 'expression' }],
    ['whose number of passes cannot be read', { max: BAD }, { status: 'failed', reason: 'expression' }],
    ['that reads what the pass gave', { until: 'outputs.n == 7' }, { status: 'succeeded', outputs: { n: 7 } }],
    ['that reads how often the pass was tried', { until: 'attempt == 1' }, { status: 'succeeded', outputs: { n: 7 } }],
  ])('%s', async (_, more, { max, ...expected }: { max?: number }) => {
    const run = await controlled(planOf({ inputs, steps: { a: repeat({ ...more, ...(max && { max }) }) } }), given)
    await (await run.started('a@1')).succeed({ n: 7 })
    expect(step(run, 'a')).toMatchObject(expected)
  })

  it('whose pass failed has failed as the pass did; one that is stopped begins no other pass', async () => {
    const run = await controlled(planOf({ steps: { a: repeat({}) } }))
    await (await run.started('a@1')).fail({ reason: 'spawn', message: 'no such program' })
    expect(step(run, 'a')).toMatchObject({ status: 'failed', reason: 'spawn', message: 'no such program' })
    const other = await controlled(planOf({ steps: { a: repeat({}) } }))
    const pass = await other.started('a@1')
    await other.cancel()
    await pass.succeed()
    expect((await other.result).state.steps.get('a')).toMatchObject({ status: 'cancelled', reason: 'cancel' })
  })

  it('has its delay between the end of a pass and the next, and is ended in it at once', async () => {
    const run = await controlled(planOf({ steps: { a: repeat({ delayMs: 1000 }) } }))
    await run.advance(300)
    await (await run.started('a@1')).succeed()
    expect(step(run, 'a')).toMatchObject({ status: 'waiting', waitingFor: { kind: 'timer', untilMs: 2300 } })
    await run.cancel()
    expect((await run.result).state.steps.get('a')).toMatchObject({ status: 'cancelled' })
    expect(run.awaited()).toEqual([])
  })
})

describe('the end of a run', () => {
  it('has its outputs with their names for people, and what comes next', async () => {
    const root: PipelineDraft = {
      steps: { a: {} },
      outputs: {
        tag: { value: 'v${{ size(run.id) }}', deliverable: 'Tag' },
        plain: { value: 7, deliverable: undefined },
      },
      nextSteps: ['see ${{ run.id }}', BAD],
    }
    const run = await controlled(planOf({ inputs, ...root }), given)
    await (await run.started('a')).succeed()
    await run.result
    expect(run.events.at(-1)).toMatchObject({
      type: 'run-ended',
      outcome: 'succeeded',
      outputs: { tag: 'v5', plain: 7 },
      labels: { tag: 'Tag' },
      nextSteps: ['see run-1'],
    })
    expect(run.events.at(-1)).not.toHaveProperty('reason')
    const bare = await controlled(planOf({ steps: { a: {} } }))
    await (await bare.started('a')).succeed()
    await bare.result
    expect(bare.events.at(-1)).not.toHaveProperty('labels')
  })

  it('that was good is spoiled by an output that cannot be read, and says which; a bad one stays as it was', async () => {
    const root: PipelineDraft = {
      inputs,
      steps: { a: {} },
      outputs: { first: { value: 1, deliverable: undefined }, bad: { value: BAD, deliverable: undefined } },
    }
    for (const end of ['succeed', 'fail'] as const) {
      const run = await controlled(planOf(root), given)
      await (await run.started('a'))[end]()
      const { state } = await run.result
      expect(state).toMatchObject({ outcome: 'failed', outputs: { first: 1, bad: null } })
      expect(state.reason).toEqual(end === 'succeed' ? expect.stringMatching(/^output `bad`: ./) : undefined)
    }
  })

  it('is told to the coordinator that asked for it', async () => {
    const cause = { coordinator: 'COORD_OPS', signal: 'OPS:GO', id: 's1' }
    for (const [end, name, outcome] of [
      ['succeed', 'COMPLETE', 'succeeded'],
      ['fail', 'FAILURE', 'failed'],
      ['cancel', 'ABORT', 'cancelled'],
    ] as const) {
      const run = await controlled(planOf({ steps: { a: {} } }), { cause })
      const a = await run.started('a')
      if (end === 'cancel') {
        await run.cancel()
        await a.fail({ status: 'cancelled' })
      } else await a[end]()
      await run.result
      const told = run.events.filter((event) => event.type === 'signal-sent')
      expect(told).toMatchObject([
        {
          path: '',
          source: 'COORD_OPS',
          target: 'main',
          signal: 'COORD_OPS:SPAWN',
          payload: { pipeline: 'main', inputs: {}, cause: 's1' },
        },
        {
          path: '',
          source: 'COORD_OPS',
          target: 'human',
          signal: `COORD_OPS:${name}`,
          payload: { outcome, outputs: {}, cause: 's1' },
        },
      ])
    }
  })
})

describe('promise 11b: the end of a called pipeline is the end of its step', () => {
  const called = async (inner: PipelineDraft, more: StepDraft = {}, options: ControlledOptions = {}) =>
    controlled(
      planOf(
        { inputs, steps: { sub: { ...sub, ...more }, last: { needs: [{ step: 'sub', on: 'completed' }] } } },
        { inner },
      ),
      { ...given, ...options },
    )

  it('failed, with the names of what failed in it', async () => {
    const run = await called({ steps: { a: {}, b: {}, c: {}, d: {}, e: { allowFailure: true } } })
    for (const id of ['a', 'b', 'c', 'd', 'e']) await (await run.started(`sub/${id}`)).fail()
    expect(step(run, 'sub')).toMatchObject({
      status: 'failed',
      reason: 'pipeline',
      message: '`sub/a`, `sub/b`, `sub/c` failed',
      outcome: 'failed',
    })
    const gated = await called({
      steps: { a: { agent: 'x', allowFailure: true } },
      gates: [gate('g', { of: ['a'], success: 1 })],
    })
    await (await gated.started('sub/a')).fail()
    expect(step(gated, 'sub')).toMatchObject({ message: 'gate `sub/g` failed' })
  })

  it('partial and with failures are fine, and said', async () => {
    const run = await called({
      steps: { a: { agent: 'x' }, b: { agent: 'x' } },
      gates: [gate('g', { of: ['a', 'b'], success: 0.5 })],
      outputs: { o: { value: 1, deliverable: undefined } },
    })
    await (await run.started('sub/a')).fail()
    await (await run.started('sub/b')).succeed()
    expect(step(run, 'sub')).toMatchObject({ status: 'succeeded', outcome: 'partial', outputs: { o: 1 } })
  })

  it('timed out, where its working time was over', async () => {
    const run = await called({ timeoutMs: 1000, steps: { a: {} } })
    await run.advance(1000)
    await (await run.started('sub/a')).fail({ status: 'cancelled' })
    expect(step(run, 'sub')).toMatchObject({
      status: 'timed-out',
      reason: 'timeout',
      message: 'its working time is over',
    })
  })

  it('escalated, up to the run, unless it may fail', async () => {
    for (const [allowFailure, outcome] of [
      [false, 'escalated'],
      [true, 'succeeded-with-failures'],
    ] as const) {
      const run = await called(
        { steps: { go: approval({}, { timeoutMs: 1000, onTimeout: 'escalate' }) } },
        { allowFailure },
      )
      await run.advance(1000)
      expect(step(run, 'sub')).toMatchObject({
        status: 'failed',
        reason: 'escalated',
        message: 'nobody answered its escalation',
      })
      await (await run.started('last')).succeed()
      expect((await run.result).state.outcome).toBe(outcome)
    }
  })

  it('spoiled by an output that cannot be read', async () => {
    const run = await called(
      { inputs, steps: { a: {} }, outputs: { bad: { value: BAD, deliverable: undefined } } },
      { with: { list: [] } },
    )
    await (await run.started('sub/a')).succeed()
    expect(step(run, 'sub')).toMatchObject({
      status: 'failed',
      reason: 'pipeline',
      message: expect.stringMatching(/^output `bad`: ./),
    })
  })

  it('cancelled while it waits for its own lock, with the question for it taken back', async () => {
    const run = await called({ mutex: 'inside', steps: { a: {} } }, {}, { elsewhere: ['inside'] })
    await run.cancel()
    expect((await run.result).state.steps.get('sub')).toMatchObject({ status: 'cancelled', reason: 'cancel' })
    await run.freeElsewhere('inside')
    expect(run.locks()).toEqual({})
  })
})

describe('promise 22a: what waits ends at once', () => {
  it.each<[string, PipelineDraft, ControlledOptions]>([
    ['for the lock of the run', { mutex: 'whole', steps: { a: {} }, finally: { last: {} } }, { elsewhere: ['whole'] }],
    ['for the lock of a step', { steps: { a: { mutex: 'repo' } }, finally: { last: {} } }, { elsewhere: ['repo'] }],
    ['for a person', { steps: { a: approval() }, finally: { last: {} } }, {}],
    ['for a time', { steps: { a: { action: { kind: 'wait', forMs: 9000 } } }, finally: { last: {} } }, {}],
  ])('%s', async (_, root, options) => {
    const run = await controlled(planOf(root), options)
    expect(run.running()).toEqual([])
    await run.cancel()
    expect(step(run, 'a')).toMatchObject({ status: 'cancelled', reason: 'cancel' })
    expect(run.running()).toEqual(['last'])
    for (const key of options.elsewhere ?? []) await run.freeElsewhere(key)
    expect(run.locks()).toEqual({})
    await (await run.started('last')).succeed()
    expect(statuses((await run.result).state)).toEqual({ a: 'cancelled', last: 'succeeded' })
    expect((await run.result).state).toMatchObject({ outcome: 'cancelled', reason: 'asked to' })
  })
})

describe('what is handed to whoever starts it', () => {
  const request = async (a: StepDraft, root: Partial<PipelineDraft> = {}, options: ControlledOptions = {}) =>
    (
      await (
        await controlled(planOf({ inputs, ...root, steps: { a } }), { inputs: { list: ['x', 7, null] }, ...options })
      ).started('a')
    ).request

  it('is all that the step says', async () => {
    const a: StepDraft = {
      env: { A: '${{ inputs.list[0] }}', E: '${{ env.HOST }}' },
      cwd: 'docs',
      timeoutMs: 5000,
      graceMs: 7,
      stall: { idleMs: 9, nudge: 0 } as never,
      owns: ['docs/**'],
      outputs: { o: { type: 'string' } },
    }
    expect(await request(a, { env: { HOST: 'h', A: 'over' } })).toMatchObject({
      run: 'run-1',
      path: 'a',
      attempt: 1,
      idempotencyKey: 'run-1/a',
      timeoutMs: 5000,
      graceMs: 7,
      stall: { idleMs: 9, nudge: 0 },
      env: { HOST: 'h', A: 'x', E: 'h' },
      cwd: 'docs',
      owns: ['docs/**'],
      outputs: { o: { type: 'string' } },
      isolation: undefined,
      body: { kind: 'shell', script: 'a', shell: 'sh' },
      permissions: { allow: [], deny: [], ask: {} },
      failures: {},
    })
  })

  it('is each argument as a text, a list as many', async () => {
    const argv = [
      'echo',
      '${{ inputs.list }}',
      '${{ inputs.list[1] }}',
      'n=${{ inputs.list[1] }}',
      '${{ inputs.list[2] }}',
      '${{ {"a": 1} }}',
    ]
    expect((await request({ action: { kind: 'run', argv } })).body).toEqual({
      kind: 'shell',
      argv: ['echo', 'x', '7', '', '7', 'n=7', '', '{"a":1}'],
    })
  })

  it('is an action with its values, and a request with its parts', async () => {
    expect(
      (await request({ action: { kind: 'action', uses: 'git/x' }, with: { l: '${{ inputs.list }}' } })).body,
    ).toEqual({ kind: 'action', uses: 'git/x', with: { l: ['x', 7, null] } })
    const http = {
      kind: 'http',
      method: 'POST',
      url: 'https://h/${{ inputs.list[0] }}',
      headers: { X: '${{ inputs.list[1] }}' },
      body: { a: '${{ inputs.list[1] }}' },
      expect: [200],
    } as never
    expect((await request({ action: http })).body).toEqual({
      kind: 'http',
      method: 'POST',
      url: 'https://h/x',
      headers: { X: '7' },
      body: { a: 7 },
      expect: [200],
    })
    expect((await request({ action: { ...(http as object), body: undefined } as never })).body).toMatchObject({
      body: undefined,
    })
  })

  it.each<[string, StepDraft]>([
    ['argument', { action: { kind: 'run', argv: ['x', BAD] } }],
    [
      'address',
      { action: { kind: 'http', method: 'GET', url: BAD, headers: {}, body: undefined, expect: [] } as never },
    ],
    [
      'header',
      {
        action: {
          kind: 'http',
          method: 'GET',
          url: 'https://h',
          headers: { X: BAD },
          body: undefined,
          expect: [],
        } as never,
      },
    ],
    [
      'body',
      { action: { kind: 'http', method: 'GET', url: 'https://h', headers: {}, body: { a: BAD }, expect: [] } as never },
    ],
  ])('an %s that cannot be read fails the step', async (_, a) => {
    const run = await controlled(planOf({ inputs, steps: { a } }), given)
    expect((await run.result).state.steps.get('a')).toMatchObject({
      status: 'failed',
      reason: 'expression',
      message: expect.stringMatching(/./),
    })
  })

  it('promise 29c: a folder that comes with data stays in the project; what the author wrote is theirs', async () => {
    for (const [cwd, ok] of [
      ['${{ inputs.list[0] }}', true],
      ['${{ "../" + inputs.list[0] }}', false],
      ['${{ "/etc" }}', false],
      ['../beside', true],
    ] as const) {
      const run = await controlled(planOf({ inputs, steps: { a: { cwd } } }), { inputs: { list: ['x'] } })
      if (ok) expect(run.running()).toEqual(['a'])
      else
        expect(step(run, 'a')).toMatchObject({
          status: 'failed',
          reason: 'expression',
          message: expect.stringMatching(/^`cwd` leads out of the project: `/),
        })
    }
  })

  it('has the worktree of the step, of its pipeline, or of who calls that', async () => {
    expect(await request({ isolation: 'worktree' })).toMatchObject({ isolation: 'worktree' })
    expect(await request({ isolation: 'worktree' })).not.toHaveProperty('worktree')
    expect(await request({}, { isolation: 'worktree' })).toMatchObject({ isolation: 'worktree', worktree: '' })
    const run = await controlled(
      planOf({ steps: { sub: { ...sub, isolation: 'worktree' } } }, { inner: { steps: { a: {} } } }),
    )
    expect((await run.started('sub/a')).request).toMatchObject({ isolation: 'worktree', worktree: 'sub' })
  })
})
