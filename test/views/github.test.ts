import { describe, expect, test, vi } from 'vitest'
import type { RunEvent } from '../../src/events/events.ts'
import { emptyState, reduce } from '../../src/events/reduce.ts'
import { githubView } from '../../src/views/terminal/github.ts'
import { makeStyle } from '../../src/views/terminal/style.ts'
import { unheard } from '../../src/views/terminal/unheard.ts'
import { gate, planOf } from '../support/plans.ts'
import { commandsIn } from '../support/workflow.ts'
import { ended, eventsOf, started } from './rig.ts'

const PLAN = planOf(
  {
    steps: {
      build: { at: 'p.yaml:7' },
      soft: { at: 'p.yaml:9', allowFailure: true },
      part: { action: { kind: 'pipeline', pipeline: 'child' } },
    },
    gates: [gate('quality', { of: ['build'] })],
  },
  { child: { steps: { one: { at: 'child.yaml:3' } } } },
)

/** What a workflow's log gets to read. */
function printed(events: readonly RunEvent[], logs: { readonly [path: string]: string } = {}, colour = false): string {
  let text = ''
  const view = githubView(
    {
      write: (piece) => {
        text += piece
      },
    },
    { style: makeStyle(colour), plan: PLAN, log: (path, attempt) => logs[`${path}#${attempt}`] ?? '' },
  )
  let state = emptyState()
  for (const [i, event] of events.entries()) {
    state = reduce(state, event)
    view.event(event, state, events[i + 1])
  }
  return text.split('\n').slice(1).join('\n')
}

test('what an attempt printed is a group, whose title is what it came to', () => {
  const events = eventsOf([0, started('build')], [3, ended('build')])
  expect(printed(events, { 'build#1': 'one\ntwo\n' })).toBe(`  ▸ build
::group::✓ build  3s
one
two
::endgroup::
`)
})

test('an attempt that printed nothing is a line', () => {
  expect(printed(eventsOf([0, started('build')], [3, ended('build')]))).toBe('  ▸ build\n  ✓ build  3s\n')
})

test('each attempt has its own group', () => {
  const events = eventsOf(
    [0, started('build')],
    [1, { type: 'retry-scheduled', path: 'build', attempt: 2, delayMs: 1000, untilMs: 0, failure: 'exit' }],
    [2, started('build', 2)],
    [3, ended('build')],
  )
  const text = printed(events, { 'build#1': 'first', 'build#2': 'second' })
  expect(text).toMatch(/::group::↻ build .*attempt 2 in 1s\nfirst\n::endgroup::\n/)
  expect(text).toMatch(/::group::✓ build .*\nsecond\n::endgroup::\n/)
})

describe('a failure is an annotation', () => {
  const bad = { status: 'failed', reason: 'exit', message: 'exit code 1' } as const

  test('at the place of its step, with its hint', () => {
    const text = printed(eventsOf([0, started('build')], [1, ended('build', { ...bad, hint: 'read it,\n100%: all' })]))
    expect(text.split('\n').at(-2)).toBe(
      '::error file=p.yaml,line=7,title=step build::failed: exit code 1%0Ahint: read it,%0A100%25: all',
    )
  })

  test('a warning where the step may fail', () => {
    const text = printed(eventsOf([0, started('soft')], [1, ended('soft', bad)]))
    expect(text).toContain('::warning file=p.yaml,line=9,title=step soft::')
  })

  test('of the step that failed, not of what holds it', () => {
    const text = printed(
      eventsOf(
        [0, { type: 'pipeline-started', path: 'part', pipeline: 'child', inputs: {} }, started('part/one')],
        [1, ended('part/one', bad), ended('part', bad)],
      ),
    )
    expect(text.match(/::error .*/g)).toEqual([
      '::error file=child.yaml,line=3,title=step part/one::failed: exit code 1',
    ])
  })

  test('of an item of a sub-pipeline, not of the item nor of the list', () => {
    const text = printed(
      eventsOf(
        [0, { type: 'foreach-expanded', path: 'part', items: [{ key: 'k', item: 'k', needs: [] }] }],
        [0, { type: 'pipeline-started', path: 'part[k]', pipeline: 'child', inputs: {} }, started('part[k]/one')],
        [1, ended('part[k]/one', bad), ended('part[k]', bad), ended('part', bad)],
      ),
    )
    expect(text.match(/::error .*/g)).toEqual([
      '::error file=child.yaml,line=3,title=step part[k]/one::failed: exit code 1',
    ])
  })

  test('for which the steps of the run are not looked over each time: there may be thousands', () => {
    const looks = (failing: number): number => {
      const state = emptyState()
      const values = vi.spyOn(state.steps, 'values')
      const names = Array.from({ length: failing }, (_, i) => `s${i}`)
      const view = githubView({ write: () => true }, { style: makeStyle(false), plan: PLAN, log: () => '' })
      for (const event of eventsOf([0, ...names.map((name) => ended(name, bad))]))
        view.event(event, reduce(state, event), undefined)
      expect(state.steps.size).toBe(failing)
      return values.mock.calls.length
    }
    expect(looks(20)).toBe(looks(2))
  })

  test('and so is a gate that did not pass', () => {
    const judged = (level: 'mandatory' | 'advisory') =>
      printed(
        eventsOf([0, { type: 'gate-judged', path: '', gate: 'quality', status: 'failed', level, failing: ['build'] }]),
      )
    expect(judged('mandatory')).toContain('::error title=gate quality failed::build\n')
    expect(judged('advisory')).toContain('::warning title=gate quality failed::build\n')
  })
})

describe('nothing that others wrote is a command', () => {
  const EVIL = [
    '::error::no',
    '  ::add-path::/evil',
    '\t::set-env name=PATH::/evil',
    'x ##[add-mask]y',
    'p\r::warning::q',
    '::endgroup::',
    '\u00a0::debug::x',
    '\ufeff::notice::x',
  ]

  test.each(EVIL)('%j', (evil) => {
    const events = eventsOf(
      [0, started('build')],
      [
        1,
        ended('build', { status: 'failed', message: `${evil}\n${evil}`, hint: evil }),
        { type: 'noted', by: { name: evil }, text: `x\n${evil}` },
        { type: 'run-ended', outcome: 'failed', outputs: { made: `${evil}` }, nextSteps: [`a\n${evil}`] },
      ],
    )
    for (const colour of [false, true]) {
      const text = printed(events, { 'build#1': `${evil}\nlast` }, colour)
      expect(commandsIn(text)).toEqual(['group', 'endgroup', 'error'])
    }
  })

  test('nor can it end the silence: the word that does is new each time', () => {
    const first = unheard('::error::x\n')
    const [, token] = /^::stop-commands::(.*)$/m.exec(first)!
    expect(commandsIn(unheard(`::${token}::\n::error::x\n`))).toEqual([])
    expect(unheard('a: b :: c\n')).toBe('a: b :: c\n')
  })
})
