import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../src/plan/compile.ts'
import { compileCoordinator } from '../../src/plan/coordinator.ts'
import { outline } from '../../src/plan/outline.ts'
import { toDot, toMermaid } from '../../src/plan/picture.ts'
import type { Project } from '../../src/plan/project.ts'
import { lineOf, projectOf } from '../support/project-of.ts'

const FILES = {
  'agents.yaml': `actions: { push: ["Bash(git push:*)"] }
permissions: { deny: [push] }
agents:
  one: { max_parallel: 1, failures: { gone: { match: "gone", recover: { run: x } } }, tasks: { go: { run: [x, "\${{ inputs.n }}"], inputs: { n: { type: integer } } }, tag: { uses: test/tag } } }
`,
  'sub.yaml':
    'pipeline: sub\ninputs: { n: { type: integer } }\noutputs: { twice: { value: "${{ inputs.n * 2 }}" } }\nsteps: { a: { uses: test/look } }\n',
  'ops.yaml':
    'coordinator: OPS\npayload: { n: { type: integer } }\nsignals: { OPS:GO: { route: [{ when: payload.n > 1, pipeline: sub }, { pipeline: p }] } }\n',
  'p.yaml': `pipeline: p
signals: { accepts: [OPS:GO], emits: [OPS:DONE] }
inputs: { n: { type: integer, default: 1 } }
vars: { v: "\${{ inputs.n + 1 }}", w: "\${{ steps.look.outputs.found }}" }
outputs: { o: { value: "\${{ vars.w }}" } }
steps:
  look: { uses: test/look, retry: { attempts: 2, only: [timeout] } }
  many: { needs: [look], foreach: { items: [1, 2], key: "k\${{ item }}" }, run: [echo, "\${{ vars.v }}"], outputs: { x: { type: string } } }
  call: { needs: { many: completed }, pipeline: sub, with: { n: "\${{ inputs.n }}" }, repeat: { until: outputs.twice > 3, max: 2 } }
  task: { needs: [look, call], quorum: 1, agent: one, task: go, with: { n: 3 }, checks: [{ require: attempt < 3 }] }
  ask: { needs: [task], approval: { prompt: "\${{ vars.w }}?" }, timeout: 1h }
  wait: { needs: [ask], wait: { signal: OPS:GO, when: payload.n != null }, timeout: 1h }
  done: { needs: [wait], signal: OPS:DONE }
gates:
  g: { before: [ask], success: 50%, must_pass: [task], checks: [{ run: [test, "\${{ steps.look.outputs.found }}"] }] }
finally:
  tidy: { when: run.failed.size() > 0, run: rm -rf x }
`,
}
/** What may stand in the place of a word. */
const WORDS = [
  'p',
  'sub',
  'look',
  'many',
  'call',
  'task',
  'ask',
  'n',
  'v',
  'w',
  'x',
  'go',
  'one',
  'tidy',
  'g',
  '1',
  'null',
  '"${{ item }}"',
  '"${{ steps.task.outputs.x }}"',
  '"${{ vars.w + }}"',
  '[]',
  '{}',
  'constructor',
]

function tried(files: { readonly [path: string]: string }): Project | undefined {
  try {
    return projectOf(files)
  } catch {
    return undefined
  }
}

test('the files as they are compile, each of them', () => {
  const project = projectOf(FILES)
  const faults = ['p', 'sub'].flatMap((name) => {
    const result = compile(project, name)
    return result.ok ? [] : result.diagnostics.map(lineOf)
  })
  const coordinator = compileCoordinator(project, 'OPS')
  expect([...faults, ...(coordinator.ok ? [] : coordinator.diagnostics.map(lineOf))]).toEqual([])
})

test('whatever valid files say, compile answers: a plan that can be shown, or faults with places inside of their files', () => {
  let valid = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(FILES) as (keyof typeof FILES)[])),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...WORDS)), { minLength: 1, maxLength: 3 }),
      (path, changes) => {
        let text = FILES[path]
        for (const [at, word] of changes) {
          const words = [...text.matchAll(/[\w-]+/g)]
          const found = words[at % words.length]!
          text = text.slice(0, found.index) + word + text.slice(found.index + found[0].length)
        }
        const project = tried({ ...FILES, [path]: text })
        if (project === undefined) return
        valid++
        const results = [
          ...[...project.pipelines.keys()].map((name) => compile(project, name)),
          ...[...project.coordinators.keys()].map((name) => compileCoordinator(project, name)),
        ]
        for (const result of results) {
          if (!result.ok) {
            expect(result.diagnostics.length).toBeGreaterThan(0)
            for (const { at } of result.diagnostics) {
              expect(at.span.start).toBeLessThanOrEqual(at.span.end)
              expect(at.span.end).toBeLessThanOrEqual(at.file.text.length)
            }
          } else if ('pipelines' in result.value) {
            expect(JSON.parse(JSON.stringify(outline(result.value))).pipelines.length).toBeGreaterThan(0)
            const pipelines = Object.values(result.value.pipelines)
            expect(toDot(pipelines).length + toMermaid(pipelines).length).toBeGreaterThan(0)
          }
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 200) },
  )
  expect(valid).toBeGreaterThan(20)
})
