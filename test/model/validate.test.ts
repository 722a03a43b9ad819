import { describe, expect, test } from 'vitest'
import { readDocument } from '../../src/document/read.ts'
import { validate } from '../../src/model/validate.ts'

/** Each fault as `line:column [place] code: message (hint)`. */
function faults(text: string, path = 'x.yaml'): string[] {
  const { document, diagnostics } = readDocument({ path, text })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const result = validate(document!)
  if (result.ok) return []
  return result.diagnostics.map(({ at, code, message, hint }) => {
    const before = text.slice(0, at.span.start).split('\n')
    const place = `${before.length}:${before.at(-1)!.length + 1} [${text.slice(at.span.start, at.span.end)}]`
    return `${place} ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`
  })
}

const step = (yaml: string) => faults(`pipeline: p\nsteps:\n  a: ${yaml}\n`)

describe('a valid file', () => {
  test('keeps the value of its document', () => {
    const { document } = readDocument({ path: 'x.yaml', text: 'pipeline: p\nopsflow: 1\nsteps: { a: { run: x } }\n' })
    const result = validate(document!)
    expect(result).toMatchObject({ ok: true, value: { kind: 'pipeline', value: { pipeline: 'p' } } })
    expect(result.ok && result.value.value).toBe(document!.value)
  })

  test.each([
    ['coordinator: OPS\nsignals: { OPS:X: { pipeline: x } }', 'x.yaml', 'coordinator'],
    ['opsflow: 1\npipeline: x\nsteps: { a: { run: x } }', 'x.yaml', 'pipeline'],
    ['agents: {}', 'agents.yaml', 'agents'],
    ['agents: { a: {} }', 'other.yaml', 'agents'],
    ['agents: other.yaml', 'x.yaml', 'config'],
    ['people: { ops: [alice] }', 'opsflow.config.yaml', 'config'],
    ['people: { ops: [alice] }', 'x.yaml', 'config'],
  ])('%j in %s is of the kind %s', (text, path, kind) => {
    const { document } = readDocument({ path, text })
    expect(validate(document!)).toMatchObject({ ok: true, value: { kind } })
  })
})

describe('the kind of a file', () => {
  test('is not guessed where no key tells', () => {
    expect(faults('pipelne: x\nfoo: 1\n')).toEqual([
      '1:1 [pipelne] schema/unknown-kind: the first key `pipelne` names no kind of file (did you mean `pipeline`?)',
    ])
    expect(faults('- a\n')[0]).toMatch(/^1:1 .* schema\/unknown-kind: the file holds a list, not keys and values/)
  })

  test('stands first', () => {
    expect(faults('description: x\npipeline: p\nsteps: { a: { run: x } }\n')).toEqual([
      '2:1 [pipeline] schema/kind-not-first: `pipeline` names the kind of the file and is not its first key (move `pipeline` to the top)',
    ])
  })

  test('has a format version that this opsflow knows', () => {
    expect(faults('pipeline: p\nopsflow: 2\nsteps: { a: { run: x } }\n')).toEqual([
      '2:10 [2] schema/unknown-value: the file says format version 2, and this opsflow reads version 1 (use a newer opsflow, or write `opsflow: 1`)',
    ])
  })
})

describe('keys', () => {
  test('that are unknown are shown at the key, with the nearest name', () => {
    expect(step('{ run: x, neds: [b] }')).toEqual([
      '3:16 [neds] schema/unknown-key: `neds` is no key of `a` (did you mean `needs`?)',
    ])
  })

  test('that are unknown and like no other are shown with what may stand there', () => {
    expect(step('{ wait: { signal: "A:B", zzzzzz: 1 } }')).toEqual([
      '3:31 [zzzzzz] schema/unknown-key: `zzzzzz` is no key of `wait` (known here: when)',
    ])
  })

  test('that are missing are shown at what lacks them', () => {
    expect(step('{ approval: { show: x } }')).toEqual([
      '3:8 [approval] schema/missing-key: `approval` lacks `prompt` (add `prompt: …`)',
    ])
    expect(faults('pipeline: p\n')).toEqual([
      '1:1 [pipeline] schema/missing-key: a pipeline lacks `steps` (add `steps: …`)',
    ])
  })

  test('that are misspelt are not missing too', () => {
    expect(step('{ approval: { promt: x } }')).toEqual([
      '3:20 [promt] schema/unknown-key: `promt` is no key of `approval` (did you mean `prompt`?)',
    ])
    expect(step('{ rum: x }')).toEqual(['3:8 [rum] schema/unknown-key: `rum` is no key of `a` (did you mean `run`?)'])
  })

  test('that go with others are told apart from those', () => {
    expect(step('{ run: x, with: { a: 1 } }')).toEqual([
      '3:16 [with] schema/misplaced-key: `with` says nothing here: it goes with `agent`, `uses`, `pipeline` or `signal` (values for a command go into `env`)',
    ])
    expect(step('{ task: x }')).toEqual([
      '3:8 [task] schema/misplaced-key: `task` stands without `agent` (add `agent: …` beside it)',
    ])
    expect(step('{ uses: x, shell: sh }')).toEqual([
      '3:17 [shell] schema/misplaced-key: `shell` stands without `run` (add `run: …` beside it)',
    ])
    expect(step('{ run: x, checks: [{ run: x, when: a, paths: [b] }] }')).toEqual([
      '3:44 [paths] schema/misplaced-key: `paths` cannot stand beside `when` (keep one of them)',
    ])
  })

  test('of a map that are no names are shown with one that would do', () => {
    expect(faults('pipeline: p\nsteps:\n  build-it: { run: x }\n  in: { run: x }\n  lastStep: { run: x }\n')).toEqual([
      '3:3 [build-it] schema/bad-name: `build-it` cannot be a name here: expressions read it, and there a dash is a minus (write `build_it`)',
      '4:3 [in] schema/bad-name: `in` is a word of the expression language (write `in_` or another name)',
      '5:3 [lastStep] schema/bad-name: `lastStep` cannot be a name here: expressions read it: small letters, digits and underscores, a letter first (write `last_step`)',
    ])
  })

  test('of every kind, hostile ones too, are only keys', () => {
    expect(
      faults('pipeline: p\n__proto__: 1\nconstructor: 2\nsteps: { a: { run: x, toString: 3 } }\n').map((text) =>
        text.replace(/ \(.*/, ''),
      ),
    ).toEqual([
      '2:1 [__proto__] schema/unknown-key: `__proto__` is no key of the file',
      '3:1 [constructor] schema/unknown-key: `constructor` is no key of the file',
      '4:23 [toString] schema/unknown-key: `toString` is no key of `a`',
    ])
  })
})

describe('a step', () => {
  test('does something', () => {
    expect(step('{ timeout: 5m }')[0]).toMatch(
      /^3:3 \[a\] schema\/one-of: `a` is a step without anything to do \(add exactly one of `run`, .* or `wait`\)$/,
    )
  })

  test('does one thing', () => {
    expect(step('{ run: x, uses: y, with: { a: 1 } }')).toEqual([
      '3:16 [uses] schema/one-of: `a` has both `run` and `uses`, and a step is exactly one of them (keep one, or make two steps)',
    ])
  })

  test('with two kinds shows the other one too', () => {
    const text = 'pipeline: p\nsteps: { a: { uses: y, run: x } }\n'
    const { document } = readDocument({ path: 'x.yaml', text })
    const result = validate(document!)
    const related = result.ok ? [] : (result.diagnostics[0]?.related ?? [])
    expect(related.map(({ at, message }) => [text.slice(at.span.start, at.span.end), message])).toEqual([
      ['uses', '`uses` stands here'],
    ])
  })
})

describe('values', () => {
  test('without a unit are asked for it', () => {
    expect(step('{ run: x, timeout: 30 }')).toEqual([
      '3:25 [30] schema/bad-duration: `timeout` has no unit: `30` of what? (30s or 30m?)',
    ])
    expect(step('{ wait: "5" }')).toEqual([
      '3:14 ["5"] schema/bad-duration: `wait` has no unit: `"5"` of what? (5s or 5m?)',
    ])
    expect(step('{ run: x, timeout: 5 minutes }')).toEqual([
      '3:25 [5 minutes] schema/bad-duration: `timeout` is `5 minutes`, which is no duration (write it like `30s`, `5m`, `1h30m`, `3d` or `PT5M`)',
    ])
  })

  test('that YAML took for numbers or booleans are named as what they are', () => {
    expect(step('{ run: [tag, 1.10, true], env: { A: 1e3 } }')).toEqual([
      '3:19 [1.10] schema/not-text: item 2 of `run` wants text, and YAML reads `1.10` as the number 1.1 (write `"1.10"`)',
      '3:25 [true] schema/not-text: item 3 of `run` wants text, and YAML reads `true` as a boolean (write `"true"`)',
      '3:42 [1e3] schema/not-text: `A` wants text, and YAML reads `1e3` as the number 1000 (write `"1e3"`)',
    ])
  })

  test('that want quotes bring the edit', () => {
    const { document } = readDocument({ path: 'x.yaml', text: 'pipeline: 1.10\nsteps: { a: { run: x } }\n' })
    const result = validate(document!)
    expect(result.ok ? undefined : result.diagnostics[0]?.fix).toEqual({
      title: 'write `"1.10"`',
      safe: true,
      edits: [{ span: { start: 10, end: 14 }, text: '"1.10"' }],
    })
  })

  test('that want none say so', () => {
    expect(step('{ run: x, allow_failure: "true" }')).toEqual([
      '3:31 ["true"] schema/wrong-type: `allow_failure` wants `true` or `false`, and this is `true` (remove the quotes)',
    ])
    expect(step('{ http: { url: x, expect: "200" } }')).toEqual([
      '3:32 ["200"] schema/wrong-type: `expect` wants a status, or a list of them, and this is `200` (remove the quotes)',
    ])
  })

  test('that are missing are said to be so', () => {
    expect(step('{ run: }')).toEqual([
      '3:8 [run] schema/wrong-type: `run` has no value (give a script, or a list of a program and its arguments, or remove the key)',
    ])
  })

  test('outside of the few that are allowed are shown with the nearest', () => {
    expect(step('{ run: x, effects: extrnal }')).toEqual([
      '3:25 [extrnal] schema/unknown-value: `effects` is `extrnal`, and it may only be `none`, `workspace` or `external` (did you mean `external`?)',
    ])
    expect(faults('pipeline: p\nsteps: { a: { run: x } }\ngates: { g: { bypass: nevr } }\n')).toEqual([
      '3:23 [nevr] schema/wrong-type: `bypass` wants `never`, or a map with `by`, and this is `nevr` (did you mean `never`?)',
    ])
  })

  test('of a union are judged by what they were meant for', () => {
    expect(step('{ run: x, needs: b }')).toEqual([
      '3:23 [b] schema/wrong-type: `needs` wants a list of steps, or a map of step to `succeeded`, `completed` or `failed`, and this is `b`',
    ])
    expect(step('{ run: x, needs: { b: done } }')).toEqual([
      '3:28 [done] schema/unknown-value: `b` is `done`, and it may only be `succeeded`, `completed` or `failed`',
    ])
    expect(step('{ run: x, retry: { attempts: 0 } }')).toEqual([
      '3:35 [0] schema/out-of-range: `attempts` is the number 0, and wants 1 or more',
    ])
    expect(step('{ run: x, retry: { attempts: many } }')).toEqual([
      '3:35 [many] schema/wrong-type: `attempts` wants a whole number of 1 or more, or one `${{ }}` that gives it, and this is `many`',
    ])
  })

  test('that must be names are no expressions', () => {
    expect(step('{ uses: "${{ inputs.x }}" }')).toEqual([
      '3:14 ["${{ inputs.x }}"] schema/bad-name: `uses`: `${{ inputs.x }}` is an expression, and this must be a name that is known before the run (choose between steps with `when`)',
    ])
  })

  test('of a condition are expressions, not numbers', () => {
    expect(step('{ run: x, when: 5 }')).toEqual([
      '3:22 [5] schema/wrong-type: `when` wants an expression that gives true or false, and this is the number 5',
    ])
  })
})

test('a number that the loader refused is not told again', () => {
  const { document, diagnostics } = readDocument({
    path: 'x.yaml',
    text: 'pipeline: p\nsteps: { a: { run: x, env: { SHA: 123e456 } } }\n',
  })
  expect(diagnostics.map(({ code }) => code)).toEqual(['yaml/number-range'])
  expect(validate(document!)).toEqual({ ok: false, diagnostics: [] })
})

test('all faults of a file come at once, in source order', () => {
  const found = faults(
    'pipeline: p\ntimeout: 5\nsteps:\n  a: { runn: x }\n  b: { run: x, needs: 5 }\ngates: { g: { level: low } }\n',
  )
  expect(found.map((text) => text.split(' ')[0])).toEqual(['2:10', '4:8', '5:23', '6:22'])
})

test('what must not be empty is told with what it lacks', () => {
  expect(faults('pipeline: p\nsteps: {}\n')).toEqual([
    '2:8 [{}] schema/out-of-range: `steps` is empty (give it a key with a value, or remove the key)',
  ])
})

test('ten thousand faulty steps take time in proportion', () => {
  const text = (count: number) =>
    `pipeline: p\nsteps:\n${Array.from({ length: count }, (_, i) => `  s${i}: { run: 5, wait: 5, needs: { a: b }, retry: { attempts: x } }\n`).join('')}`
  const time = (count: number) => {
    const { document } = readDocument({ path: 'x.yaml', text: text(count) })
    const start = performance.now()
    const result = validate(document!)
    expect(result.ok ? 0 : result.diagnostics.length).toBeGreaterThan(count * 3)
    return performance.now() - start
  }
  time(500)
  const small = Math.min(time(1000), time(1000), time(1000))
  expect(time(10_000) / small).toBeLessThan(40)
})
