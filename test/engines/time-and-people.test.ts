import { describe, expect, test } from 'vitest'
import { NEW, world } from '../support/engine-world.ts'
import { ALICE, BOB } from '../support/store.ts'
import { settled } from './port.contract.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const CAROL = { name: 'carol', uid: 1002 }
const RESUME = { type: 'resume', by: BOB } as const
const config = 'people: { maintainers: [alice, bob] }\n'

/** What somebody said, and how many hours after the question was asked. */
interface Word {
  readonly by: typeof ALICE
  readonly kind: string
  readonly atHours: number
  readonly data?: { readonly [name: string]: string }
}

const says = (by: typeof ALICE, kind: string, atHours: number, data = {}): Word => ({ by, kind, atHours, data })

/** alice starts; bob is a maintainer, too; carol is not. The question is open for ten hours. */
const DECISIONS: readonly (readonly [string, readonly Word[], object])[] = [
  ['nobody says anything', [], { status: 'timed-out' }],
  ['who may says yes in time', [says(BOB, 'approve', 2)], { status: 'succeeded' }],
  ['at the last instant', [says(BOB, 'approve', 10)], { status: 'succeeded' }],
  ['early: before it was asked', [says(BOB, 'approve', -1)], { status: 'timed-out' }],
  ['early, and again in time', [says(BOB, 'approve', -1), says(BOB, 'reject', 3)], { reason: 'rejected' }],
  ['late', [says(BOB, 'approve', 11)], { status: 'timed-out' }],
  ['double: no, then yes', [says(BOB, 'reject', 2), says(BOB, 'approve', 3)], { reason: 'rejected' }],
  ['double: yes, then no', [says(BOB, 'approve', 2), says(BOB, 'reject', 3)], { status: 'succeeded' }],
  ['the wrong person', [says(CAROL, 'approve', 2)], { status: 'timed-out' }],
  [
    'the wrong person, then the right one',
    [says(CAROL, 'reject', 2), says(BOB, 'approve', 3)],
    { status: 'succeeded' },
  ],
  ['who started the run', [says(ALICE, 'approve', 2)], { status: 'timed-out' }],
  ['who started the run says no, too', [says(ALICE, 'reject', 2), says(BOB, 'approve', 3)], { status: 'succeeded' }],
  ['who started it, by another name', [says({ ...ALICE, name: 'bob' }, 'approve', 2)], { status: 'timed-out' }],
  ['a word of another kind', [says(BOB, 'answer', 2), says(BOB, 'rerun', 2)], { status: 'timed-out' }],
]

const FOUR_EYES = `pipeline: p
steps:
  build: { run: "true" }
  go: { needs: [build], approval: { prompt: "Go?", from: [maintainers], self: false }, timeout: 10h, allow_failure: true }
`

/** A run up to its question; early words have been said by then. */
async function asked(words: readonly Word[], park: boolean) {
  const it = await world(FOUR_EYES, { config })
  const say = ({ by, kind, data = {} }: Word): void =>
    void it.store.put('r1', { by, kind: kind as 'approve', target: 'go', data })
  const handle = await it.begin(NEW, park)
  await settled()
  for (const word of words) if (word.atHours < 0) say(word)
  it.clock.advance(1000)
  it.end('build#1')
  await settled()
  return { ...it, say, handle }
}

describe('promises 19c, 20b, 21b: a decision', () => {
  test.each(DECISIONS)('that is made while the run is parked: %s', async (_, words, ended) => {
    const { clock, begin, release, say, handle } = await asked(words, true)
    expect((await handle.result).end).toBe('parked')
    release()
    let hours = 0
    for (const word of words) {
      if (word.atHours < 0) continue
      clock.advance((word.atHours - hours) * HOUR)
      hours = word.atHours
      say(word)
    }
    clock.advance(20 * DAY)
    const { end, state } = await (await begin(RESUME, true)).result
    expect(end).toBe('ended')
    expect(state.steps.get('go')).toMatchObject(ended)
  })

  test.each(DECISIONS)('that is made while somebody owns the run: %s', async (_, words, ended) => {
    const { clock, say, handle } = await asked(words, false)
    let hours = 0
    for (const word of words) {
      if (word.atHours < 0) continue
      clock.setWall((word.atHours - hours) * HOUR)
      hours = word.atHours
      say(word)
      clock.advance(200)
      await settled()
    }
    clock.setWall(11 * HOUR)
    clock.advance(2000)
    const { end, state } = await handle.result
    expect(end).toBe('ended')
    expect(state.steps.get('go')).toMatchObject(ended)
  })
})

const HELD = `pipeline: p
steps:
  build: { run: "true", allow_failure: true }
  slow: { wait: 30d }
  ship: { needs: [slow], run: "true" }
gates:
  safe: { of: [build], must_pass: [build], before: [ship], bypass: { by: [maintainers] } }
`

describe('promise 21a: a bypass that ends', () => {
  const bypass = (expires: number) =>
    ({ by: BOB, kind: 'bypass', target: 'gate:safe', data: { reason: 'known', expires } }) as const

  /** The gate is held, its step waits for 30 days more, and nobody owns the run. */
  async function held() {
    const it = await world(HELD, { config })
    const handle = await it.begin(NEW, true)
    await settled()
    it.end('build#1', { status: 'failed', reason: 'exit', durationMs: 1 })
    const { end, state } = await handle.result
    expect([end, state.gates.get('safe')?.status]).toEqual(['parked', 'held'])
    it.release()
    const resume = async () => {
      const opened = await it.begin(RESUME, true)
      await settled()
      if (it.starts.at(-1) === 'ship#1') it.end('ship#1')
      const result = await opened.result
      it.release()
      return result
    }
    return { ...it, resume }
  }

  test('after the run went on counts; the step that it was for starts', async () => {
    const { clock, store, resume, events } = await held()
    store.put('r1', bypass(clock.wallMs() + 60 * DAY))
    const { state } = await resume()
    expect(state.gates.get('safe')).toMatchObject({ status: 'bypassed', bypassedUntil: expect.any(Number) })
    clock.advance(31 * DAY)
    expect((await resume()).end).toBe('ended')
    expect(events).toContainEqual(expect.objectContaining({ type: 'gate-decided', by: BOB, reason: 'known' }))
  })

  test('while the run is parked counts for nothing: the gate is held, and asked about again', async () => {
    const { clock, store, starts, resume } = await held()
    store.put('r1', bypass(clock.wallMs() + DAY))
    clock.advance(31 * DAY)
    const first = await resume()
    expect([first.end, first.state.gates.get('safe')?.status]).toEqual(['parked', 'held'])
    expect(starts).toEqual(['build#1'])
    store.put('r1', bypass(clock.wallMs() + DAY))
    const second = await resume()
    expect([second.end, second.state.gates.get('safe')?.status]).toEqual(['ended', 'bypassed'])
  })

  test('before its step could start is over: who was asked is asked again', async () => {
    const { clock, store, starts, resume } = await held()
    store.put('r1', bypass(clock.wallMs() + DAY))
    expect((await resume()).state.gates.get('safe')?.status).toBe('bypassed')
    clock.advance(31 * DAY)
    const late = await resume()
    expect([late.end, late.state.gates.get('safe')?.status, starts]).toEqual(['parked', 'held', ['build#1']])
    store.put('r1', bypass(clock.wallMs() + DAY))
    expect((await resume()).end).toBe('ended')
    expect(starts).toEqual(['build#1', 'ship#1'])
  })
})

describe('promise 14b: what is due in 60 days, longer than any timer can hold', () => {
  const STEPS = {
    'a wait': ['wait: 60d', 'succeeded'],
    'an approval': ['approval: { prompt: "Go?" }, timeout: 60d', 'timed-out'],
    'a question': ['ask: { prompt: "Where?", answer: { region: { type: string } } }, timeout: 60d', 'timed-out'],
    'a wait for a signal': [
      'wait: { signal: OPS:GO, when: payload.n != null && payload.n > 3 }, timeout: 60d',
      'timed-out',
    ],
  } as const
  const text = (step: string) => `pipeline: p\nsignals: { accepts: [OPS:GO] }\nsteps:\n  long: { ${step} }\n`

  test.each(Object.entries(STEPS))(
    '%s is open until then, whoever looks meanwhile, and over at that instant',
    async (_, [step, status]) => {
      const { clock, begin, release, events } = await world(text(step))
      expect((await (await begin(NEW, true)).result).end).toBe('parked')
      release()
      for (const days of [1, 24, 26, 8]) {
        clock.advance(days * DAY)
        const { end, state } = await (await begin(RESUME, true)).result
        expect([end, state.steps.get('long')?.status]).toEqual(['parked', 'waiting'])
        release()
      }
      clock.advance(DAY)
      const { state } = await (await begin(RESUME, true)).result
      expect(state.steps.get('long')?.status).toBe(status)
      expect(events.filter(({ type }) => type === 'step-ended')).toHaveLength(1)
      expect(clock.longestMs).toBeLessThanOrEqual(HOUR)
    },
  )

  test('an approval that is escalated then, a step that is late then', async () => {
    const { clock, begin, release } = await world(
      'pipeline: p\nsteps:\n  long: { approval: { prompt: "Go?" }, due: 40d, timeout: 60d, on_timeout: escalate }\n',
    )
    await (await begin(NEW, true)).result
    release()
    clock.advance(50 * DAY)
    const middle = (await (await begin(RESUME, true)).result).state
    expect(middle.steps.get('long')).toMatchObject({ status: 'waiting', late: true })
    release()
    clock.advance(50 * DAY)
    expect((await (await begin(RESUME, true)).result).state.outcome).toBe('escalated')
  })

  test('the next attempt of a step', async () => {
    const { clock, begin, release, end, starts } = await world(
      'pipeline: p\nsteps:\n  a: { run: "true", retry: { attempts: 2, backoff: 60d, max: 90d, jitter: 0% } }\n',
    )
    const handle = await begin(NEW, true)
    await settled()
    end('a#1', { status: 'failed', reason: 'exit', durationMs: 1 })
    expect((await handle.result).end).toBe('parked')
    release()
    clock.advance(59 * DAY)
    expect((await (await begin(RESUME, true)).result).end).toBe('parked')
    expect(starts).toEqual(['a#1'])
    release()
    clock.advance(DAY)
    const again = await begin(RESUME, true)
    await settled()
    end('a#2')
    expect((await again.result).state.outcome).toBe('succeeded')
  })

  test('somebody stays at the run: the timers are of an hour at most, and the instant is kept', async () => {
    const { clock, begin, events } = await world(text('wait: 60d'))
    const handle = await begin(NEW, false)
    await settled()
    clock.setWall(60 * DAY - 2000)
    clock.advance(1900)
    await settled()
    expect(events.some(({ type }) => type === 'step-ended')).toBe(false)
    clock.advance(200)
    expect((await handle.result).state.outcome).toBe('succeeded')
    expect(clock.longestMs).toBeLessThanOrEqual(HOUR)
  })
})
