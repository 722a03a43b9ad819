import type { ExprType, RecordType, Scope } from '../../src/expr/types.ts'

/** A scope like that of a real pipeline: inputs, one step with nullable outputs, one with instances. */

const STATUS: ExprType = { kind: 'string', values: ['succeeded', 'failed', 'skipped'] }

function outputs(nullable: boolean): RecordType {
  const or = nullable ? { nullable: true } : {}
  return {
    kind: 'record',
    name: 'outputs of build',
    fields: {
      ok: { kind: 'bool', ...or },
      count: { kind: 'int', ...or },
      name: { kind: 'string', ...or },
      files: { kind: 'list', of: { kind: 'string' }, ...or },
    },
  }
}

const build: RecordType = {
  kind: 'record',
  name: 'step build',
  fields: {
    status: STATUS,
    attempts: { kind: 'int' },
    duration: { kind: 'duration', nullable: true },
    outputs: outputs(true),
  },
  cases: [{ when: 'status', is: 'succeeded', gives: { outputs: outputs(false) } }],
}

const instance: RecordType = {
  kind: 'record',
  name: 'instance',
  fields: { key: { kind: 'string' }, status: STATUS, score: { kind: 'double', nullable: true } },
}

const inputs: RecordType = {
  kind: 'record',
  name: 'inputs',
  fields: {
    branch: { kind: 'string' },
    mode: { kind: 'string', values: ['quick', 'full'] },
    count: { kind: 'int' },
    ratio: { kind: 'double' },
    force: { kind: 'bool' },
    note: { kind: 'string', nullable: true },
    tags: { kind: 'list', of: { kind: 'string' } },
    labels: { kind: 'map', of: { kind: 'string' } },
    anything: { kind: 'dyn' },
  },
}

export const SCOPE: Scope = {
  roots: {
    inputs,
    steps: {
      kind: 'record',
      name: 'steps',
      fields: {
        build,
        fan: { kind: 'record', name: 'step fan', fields: { status: STATUS, each: { kind: 'list', of: instance } } },
      },
    },
  },
}
