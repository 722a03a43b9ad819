import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkExpression } from '../../src/expr/check.ts'
import { evaluate, type Roots } from '../../src/expr/evaluate.ts'
import type { ExprType, RecordType, Scope } from '../../src/expr/types.ts'

const PAGE = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8')

const blocks = (language: string) =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, body]) => body!)

const DATA = JSON.parse(blocks('json')[0]!) as Roots

const STATUS: ExprType = { kind: 'string', values: ['succeeded', 'failed', 'skipped'] }

function record(name: string, fields: { [field: string]: ExprType }): RecordType {
  return { kind: 'record', name, fields }
}

function step(name: string): RecordType {
  const sure = record(`outputs of ${name}`, { ok: { kind: 'bool' }, size: { kind: 'int' } })
  const outputs = record(`outputs of ${name}`, {
    ok: { kind: 'bool', nullable: true },
    size: { kind: 'int', nullable: true },
  })
  const each: ExprType = {
    kind: 'list',
    of: record('instance', { key: { kind: 'string' }, status: STATUS, score: { kind: 'double', nullable: true } }),
  }
  return {
    ...record(`step ${name}`, { status: STATUS, attempts: { kind: 'int' }, outputs, each }),
    cases: [{ when: 'status', is: 'succeeded', gives: { outputs: sure } }],
  }
}

const SCOPE: Scope = {
  roots: {
    inputs: record('inputs', {
      version: { kind: 'string' },
      mode: { kind: 'string', values: ['quick', 'full'] },
      replicas: { kind: 'int' },
      ratio: { kind: 'double' },
      note: { kind: 'string', nullable: true },
      tags: { kind: 'list', of: { kind: 'string' } },
    }),
    steps: record('steps', { build: step('build'), deploy: step('deploy'), fan: step('fan') }),
  },
}

const examples = blocks('cel').flatMap((block) =>
  block
    .trim()
    .split('\n')
    .map((line) => {
      const [source, result] = line.split(/\s+\/\/ /)
      return [source!, result!] as const
    }),
)

describe('the page about expressions', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(40)
  })

  it.each(examples)('%s // %s', (source, result) => {
    const { problems } = checkExpression(source, SCOPE)
    if (/^(unknown-property|unknown-root|enum|null|type|refused) /.test(result)) {
      expect(problems.map(({ kind, start, end }) => `${kind} ${source.slice(start, end)}`)).toEqual([result])
    } else {
      expect(problems).toEqual([])
      expect(evaluate(source, DATA)).toEqual({ ok: true, value: JSON.parse(result) })
    }
  })
})
