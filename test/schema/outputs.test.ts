import Ajv2020 from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/commands/lint.ts'
import type { EventBody } from '../../src/events/events.ts'
import { emptyState, reduce } from '../../src/events/reduce.ts'
import { compile } from '../../src/plan/compile.ts'
import { outline } from '../../src/plan/outline.ts'
import { runJson } from '../../src/views/json.ts'
import { memoryIo } from '../support/memory-io.ts'
import { projectOf } from '../support/project-of.ts'
import { allSchemas } from './schemas.ts'

/** What is wrong with a value by one of the schemas of our JSON outputs. */
function faults(file: string, value: unknown): unknown {
  const ajv = new Ajv2020.default({ allErrors: true, strictTypes: false, allowUnionTypes: true })
  const { schema } = allSchemas().find((candidate) => candidate.file === file)!
  const validate = ajv.compile(schema)
  return validate(value) ? [] : validate.errors
}

describe('what a program reads', () => {
  test.each([
    ['nothing wrong', 'pipeline: p\nsteps: { a: { run: x } }\n', 0],
    ['a fix', 'pipeline: 1.10\nsteps: { a: { run: x } }\n', 1],
    ['a related place', 'pipeline: p\nsteps: { a: { run: x, wait: 5m } }\n', 1],
  ])('of a lint with %s is as its schema says', async (_, stdin, count) => {
    const io = memoryIo({ cwd: import.meta.dirname, stdin })
    await lint({ paths: ['-'], format: 'json' }, io)
    const output = JSON.parse(io.out.stdout) as { diagnostics: unknown[] }
    expect(output.diagnostics).toHaveLength(count)
    expect(faults('lint.output.schema.json', output)).toEqual([])
  })

  test('of a plan is as its schema says', () => {
    const project = projectOf({
      'p.yaml': `pipeline: p
description: all kinds of things
inputs: { names: { type: array, items: { type: string } }, limit: { type: integer, default: 3 } }
outputs: { tag: { value: "\${{ steps.tag.outputs.tag }}", deliverable: Tag } }
agents: { builder: { description: Builds, tasks: { compile: { run: make } } } }
steps:
  build: { agent: builder, task: compile, timeout: 5m, retry: { attempts: 3 } }
  each: { needs: [build], foreach: { items: "\${{ inputs.names }}" }, run: [echo, "\${{ item }}"], allow_failure: true }
  approve: { needs: { each: completed }, approval: { prompt: Go? } }
  tag: { needs: [approve], uses: test/tag, with: { version: "1" } }
  sub: { needs: [tag], pipeline: q, repeat: { until: attempt > 2, max: "\${{ inputs.limit }}" } }
gates: { quality: { success: 80%, must_pass: [build], before: [approve], checks: [{ run: ./gate.sh }] } }
finally: { clean: { run: rm -rf scratch } }
`,
      'q.yaml': 'pipeline: q\nsteps: { a: { wait: 5m } }\n',
    })
    const plan = compile(project, 'p')
    expect(plan.ok ? [] : plan.diagnostics.map(({ message }) => message)).toEqual([])
    expect(
      plan.ok ? faults('plan.output.schema.json', JSON.parse(JSON.stringify(outline(plan.value)))) : undefined,
    ).toEqual([])
  })

  test('of a run is as its schema says', () => {
    const alice = { name: 'alice', uid: 1000 }
    const spec = {
      kind: 'approval',
      prompt: 'Go?',
      from: ['ops'],
      persons: ['alice'],
      self: true,
      startedBy: alice,
      deadlineMs: 99,
    } as const
    const events: EventBody[] = [
      {
        type: 'run-created',
        run: 'r1',
        pipeline: 'p',
        planHash: 'h',
        inputs: { a: 1 },
        startedBy: alice,
        version: '1.0.0',
        root: '/project',
        approve: [],
      },
      { type: 'run-opened', epoch: 1, pid: 7, boot: 'b', start: 1, by: alice },
      { type: 'step-waiting', path: 'build', for: { kind: 'lock', keys: ['deploy'] } },
      { type: 'attempt-started', path: 'build', attempt: 1 },
      {
        type: 'attempt-ended',
        path: 'build',
        attempt: 1,
        outcome: { status: 'succeeded', durationMs: 5, outputs: { v: '1' } },
      },
      { type: 'check-started', path: 'build', check: 'lint', attempt: 1 },
      {
        type: 'check-ended',
        path: 'build',
        check: 'lint',
        attempt: 1,
        status: 'failed',
        level: 'advisory',
        message: 'two findings',
      },
      { type: 'step-ended', path: 'build', status: 'succeeded', outputs: { v: '1' } },
      {
        type: 'gate-judged',
        path: 'quality',
        gate: 'quality',
        status: 'held',
        level: 'mandatory',
        share: 0.5,
        failing: ['build'],
      },
      {
        type: 'gate-decided',
        path: 'quality',
        gate: 'quality',
        status: 'bypassed',
        by: alice,
        reason: 'known',
        planHash: 'h',
      },
      { type: 'wait-opened', path: 'approve', wait: spec },
      { type: 'deadline-passed', path: 'approve', what: 'due' },
      { type: 'wait-opened', path: 'asked', wait: spec },
      {
        type: 'wait-decided',
        path: 'asked',
        decision: { verdict: 'approved', by: alice, at: 5, comment: 'fine', row: 1 },
      },
      { type: 'noted', by: alice, text: 'careful' },
      { type: 'run-parked', for: ['approve'] },
    ]
    const state = events.reduce(
      (before, body, index) => reduce(before, { ...body, seq: index + 1, at: 1000 + index }),
      emptyState(),
    )
    const output = runJson(state, 'free') as { steps: readonly unknown[]; gates: readonly unknown[] }
    expect([output.steps.length, output.gates.length]).toEqual([3, 1])
    expect(faults('run.output.schema.json', output)).toEqual([])
  })
})
