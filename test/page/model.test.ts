import { describe, expect, test } from 'vitest'
import { criticalPath } from '../../page/src/critical-path.ts'
import { boxesOf, drawingOf, pipelineOf } from '../../page/src/graph-model.ts'
import { boundsOf, NODE_HEIGHT, NODE_WIDTH, type Places, placesOf } from '../../page/src/layout.ts'
import { createLogText } from '../../page/src/log-text.ts'
import { holds } from '../../page/src/told.ts'
import { textsOf } from '../../page/src/typed.ts'
import { compile } from '../../src/plan/compile.ts'
import type { RunHead, StepPicture } from '../../src/server/api.ts'
import { planPicture } from '../../src/server/picture.ts'
import { projectOf } from '../support/project-of.ts'

function planOf(text: string, ...more: readonly string[]) {
  const files = Object.fromEntries([text, ...more].map((one, at) => [`f${at}.yaml`, one]))
  const compiled = compile(projectOf(files), /^pipeline: (\w+)/.exec(text)![1]!)
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ message }) => message).join('\n'))
  return planPicture(compiled.value)
}

/** Steps by path, each with its start and end. */
function ran(times: { readonly [path: string]: readonly [from: number, to?: number] }): Map<string, StepPicture> {
  return new Map(
    Object.entries(times).map(([path, [startedAt, endedAt]]) => [
      path,
      { path, status: endedAt === undefined ? 'running' : 'succeeded', attempts: 1, startedAt, endedAt } as StepPicture,
    ]),
  )
}

function headOf(pipeline: string, scopes: { readonly [path: string]: string } = {}): RunHead {
  const all = [['', pipeline], ...Object.entries(scopes)].map(([path, name]) => ({ path: path!, pipeline: name! }))
  return { pipeline, scopes: all, gates: [] } as unknown as RunHead
}

describe('the critical path of a run', () => {
  const DIAMOND =
    'pipeline: p\nsteps:\n  a: { run: x }\n  b: { needs: [a], run: x }\n  c: { needs: [a], run: x }\n  d: { needs: [b, c], run: x }\n  alone: { run: x }\n'

  test('goes back from what ended last, each time to the need that ended last', () => {
    const steps = ran({ a: [0, 10], b: [10, 20], c: [10, 40], d: [40, 50], alone: [0, 45] })
    expect([...criticalPath(planOf(DIAMOND), headOf('p'), steps)]).toEqual(['d', 'c', 'a'])
  })

  test('of a run that goes on leads to what still runs', () => {
    const steps = ran({ a: [0, 10], b: [10, 90], c: [10], alone: [0, 95] })
    expect([...criticalPath(planOf(DIAMOND), headOf('p'), steps)]).toEqual(['c', 'a'])
  })

  test('goes into pipelines, items and passes', () => {
    const plan = planOf(
      'pipeline: p\nsteps:\n  each: { foreach: { items: [1, 2] }, pipeline: q }\n  end: { needs: [each], run: x }\n',
      'pipeline: q\nsteps:\n  m: { run: x }\n  n: { needs: [m], run: x }\n',
    )
    const steps = ran({
      ...{ each: [0, 30], 'each[1]': [0, 10], 'each[1]/m': [0, 5], 'each[1]/n': [5, 10] },
      ...{ 'each[2]': [0, 30], 'each[2]/m': [0, 15], 'each[2]/n': [15, 30], end: [30, 31] },
    })
    const head = headOf('p', { 'each[1]': 'q', 'each[2]': 'q' })
    expect(new Set(criticalPath(plan, head, steps))).toEqual(
      new Set(['end', 'each', 'each[2]', 'each[2]/n', 'each[2]/m']),
    )
  })

  test('passes a gate to what it judged', () => {
    const plan = planOf(
      'pipeline: p\nsteps:\n  a: { run: x }\n  b: { run: x }\ngates:\n  g: { of: [a], checks: [{ run: x }], before: [b] }\n',
    )
    expect([...criticalPath(plan, headOf('p'), ran({ a: [0, 10], b: [10, 20] }))]).toEqual(['b', 'a'])
  })

  test('of a run in which nothing started is empty', () => {
    expect([...criticalPath(planOf(DIAMOND), headOf('p'), new Map())]).toEqual([])
  })
})

describe('the boxes of a graph', () => {
  test('say how many items are done, which pass it is, and where one may go in', () => {
    const plan = planOf(
      `pipeline: p
steps:
  each: { foreach: { items: [1, 2, 3] }, run: x }
  again: { repeat: { until: "false", max: 5 }, run: x }
  sub: { pipeline: q }
finally:
  tidy: { run: x }
`,
      'pipeline: q\nsteps: { m: { run: x } }\n',
    )
    const steps = ran({
      each: [0],
      'each[1]': [0, 1],
      'each[2]': [0, 1],
      'each[3]': [0],
      again: [0],
      'again@1': [0, 1],
      'again@2': [1],
      sub: [0],
    })
    steps.set('each', { ...steps.get('each')!, items: 3 })
    const head = headOf('p', { sub: 'q' })
    const boxes = boxesOf(plan, head.scopes[0]!, { head, steps, critical: new Set(['sub']) })
    expect(
      boxes.map(({ critical, extra, kind, name, opens, status }) => [name, kind, status, extra, critical, opens]),
    ).toEqual([
      ['each', 'step', 'running', '2 of 3', false, []],
      ['again', 'step', 'running', 'pass 2', false, []],
      ['sub', 'step', 'running', '', true, [{ path: 'sub', pipeline: 'q' }]],
      ['tidy', 'finally', 'pending', '', false, []],
    ])
    const planned = boxesOf(plan, head.scopes[0]!, { head: undefined, steps: new Map(), critical: new Set() })
    expect(planned.map(({ extra, status }) => [status, extra])).toEqual([
      ['', 'each item'],
      ['', 'repeats'],
      ['', ''],
      ['', ''],
    ])
  })
})

describe('the layout', () => {
  const overlaps = (places: Places): readonly string[] => {
    const all = Object.entries(places)
    return all.flatMap(([a, [x, y]], at) =>
      all
        .slice(at + 1)
        .flatMap(([b, [u, v]]) =>
          Math.abs(x - u) < NODE_WIDTH && Math.abs(y - v) < NODE_HEIGHT ? [`${a} over ${b}`] : [],
        ),
    )
  }
  const chain = (count: number, needs: (at: number) => readonly number[]) =>
    pipelineOf(
      planOf(
        `pipeline: p\nsteps:\n${Array.from({ length: count }, (_, at) => `  s${at}: { run: x, needs: [${needs(at).map((one) => `s${one}`)}] }`).join('\n')}\nfinally:\n  tidy: { run: x }\n`,
      ),
      'p',
    )!

  test.for<readonly [string, number, (at: number) => readonly number[]]>([
    ['a few', 12, (at) => (at === 0 ? [] : [Math.floor(at / 2)].filter((one) => one < at))],
    ['two hundred', 200, (at) => (at < 5 ? [] : [...new Set([at - 5, Math.floor(at / 3)])])],
    ['three hundred side by side', 300, () => []],
    ['a chain of four hundred', 400, (at) => (at === 0 ? [] : [at - 1])],
  ])('of %s: no box lies over another, each stands behind what it needs, `finally` behind all', ([, count, needs]) => {
    const drawing = drawingOf(chain(count, needs), false)
    const places = placesOf(drawing)
    expect(Object.keys(places)).toHaveLength(count + 1)
    expect(overlaps(places)).toEqual([])
    const backwards = drawing.edges.filter(([from, to]) => places[from]![0] >= places[to]![0])
    expect(backwards).toEqual([])
    const others = Object.fromEntries(Object.entries(places).filter(([id]) => id !== 'tidy'))
    expect(places.tidy![0]).toBeGreaterThan(boundsOf(others)[2])
  })

  test('on a narrow screen goes down', () => {
    const places = placesOf(
      drawingOf(
        chain(6, (at) => (at === 0 ? [] : [at - 1])),
        true,
      ),
    )
    const rows = [0, 1, 2, 3, 4, 5].map((at) => places[`s${at}`]![1])
    expect(rows).toEqual(rows.toSorted((a, b) => a - b))
    expect(places.tidy![1]).toBeGreaterThan(rows.at(-1)!)
  })

  test('keeps names that all objects have', () => {
    const drawing = {
      nodes: ['constructor', '__proto__', 'toString'],
      edges: [['constructor', 'toString']],
      late: [],
      down: false,
    } as const
    expect(placesOf(drawing).toString).toEqual([expect.any(Number), expect.any(Number)])
  })
})

describe('what is typed into a form', () => {
  const schemas = { name: { type: 'string', default: 'x' }, count: { type: 'integer' } } as const
  const typed = (name: string, count: string) => {
    const form = new FormData()
    form.set('field:name', name)
    form.set('field:count', count)
    return textsOf(form, schemas)
  }
  test('is given where it is another than what stood there, also where a default was cleared', () => {
    expect(typed('x', '')).toEqual({})
    expect(typed('y', '3')).toEqual({ name: 'y', count: '3' })
    expect(typed('', '')).toEqual({ name: '' })
  })
})

describe('the text of a log', () => {
  const textOf = (...pieces: readonly (string | Uint8Array)[]) => {
    const log = createLogText()
    for (const piece of pieces) log.add(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)
    return log.text()
  }
  test('has no escapes, also where one lies across two pieces', () => {
    expect(textOf('\x1b[31mred\x1b[0m \x1b]0;ti', 'tle\x07plain\x1b', '[2Jend\u202e!\n')).toBe('red plainend!\n')
  })
  test('has of a line that was drawn again its last state', () => {
    expect(textOf('10%\r50%\r100%\nwindows\r\nnext\r')).toBe('100%\nwindows\nnext')
  })
  test('keeps letters that lie across two pieces', () => {
    const bytes = new TextEncoder().encode('grün')
    expect(textOf(bytes.slice(0, 3), bytes.slice(3))).toBe('grün')
  })
  test('forgets the beginning of what is very long, by whole lines', () => {
    const text = textOf(...Array.from({ length: 60 }, (_, at) => `line ${at} ${'x'.repeat(10_000)}\n`))
    expect(text.length).toBeLessThan(410_000)
    expect(text.startsWith('line ')).toBe(true)
    expect(text).toContain('line 59 ')
  })
})

describe('what was told of a run', () => {
  const LIVE = { status: 'live', phase: 'running' } as const
  const PARKED = { status: 'parked', phase: 'parked' } as const
  const ENDED = { status: 'cancelled', phase: 'ended' } as const

  test.for([
    ['that a process runs it', { ok: true, message: 'begun', run: 'r' }, [true, false, false]],
    ['that it was decided', { ok: true, message: 'approved' }, [true, true, false]],
    ['that it was refused', { ok: false, message: 'no' }, [true, true, true]],
  ] as const)('%s is shown for as long as it is so', ([, told, shown]) => {
    expect([LIVE, PARKED, ENDED].map((head) => holds(told, head))).toEqual(shown)
  })
})
