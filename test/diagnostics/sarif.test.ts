import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lint } from '../../src/commands/lint.ts'
import { memoryIo } from '../support/memory-io.ts'

/** What the schema of SARIF 2.1.0 demands of the parts that a log of ours has, and what code scanning services demand beyond it. */

interface Region {
  readonly startLine: number
  readonly startColumn: number
  readonly endLine: number
  readonly endColumn: number
}
interface Physical {
  readonly artifactLocation: { readonly uri: string }
  readonly region: Region
}
interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly { readonly physicalLocation: Physical }[]
  readonly relatedLocations?: readonly { readonly id: number; readonly physicalLocation: Physical }[]
  readonly partialFingerprints: { readonly [name: string]: string }
  readonly fixes?: readonly {
    readonly artifactChanges: readonly {
      readonly artifactLocation: { readonly uri: string }
      readonly replacements: readonly { readonly deletedRegion: Region }[]
    }[]
  }[]
}
interface Rule {
  readonly id: string
  readonly help: { readonly text: string }
}

const cwd = join(import.meta.dirname, '..', 'lint', 'err')
const paths = readdirSync(cwd).filter((name) => /\.ya?ml$/.test(name))

async function runOf(): Promise<{ results: readonly Result[]; rules: readonly Rule[] }> {
  const io = memoryIo({ cwd })
  await lint({ paths: [...paths, 'not there.yaml'], format: 'sarif' }, io)
  const log = JSON.parse(io.out.stdout)
  return { results: log.runs[0].results, rules: log.runs[0].tool.driver.rules }
}

function expectRegion({ startLine, startColumn, endLine, endColumn }: Region): void {
  for (const number of [startLine, startColumn, endLine, endColumn]) expect(number).toBeGreaterThanOrEqual(1)
  expect(endLine).toBeGreaterThanOrEqual(startLine)
  if (endLine === startLine) expect(endColumn).toBeGreaterThanOrEqual(startColumn)
}

function expectPlace({ artifactLocation: { uri }, region }: Physical): void {
  expect(uri).toMatch(/^(?:[\w.~/-]|%[0-9A-F]{2})+$/)
  expectRegion(region)
}

test('a log of every kind of finding keeps to SARIF 2.1.0', async () => {
  const { results, rules } = await runOf()
  expect(results.length).toBeGreaterThan(paths.length)
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  for (const { help } of rules) expect(help.text).not.toBe('')
  for (const result of results) {
    expect(rules[result.ruleIndex]?.id).toBe(result.ruleId)
    expect(['error', 'warning', 'note']).toContain(result.level)
    expect(result.message.text).not.toBe('')
    expect(result.locations).toHaveLength(1)
    expectPlace(result.locations[0]!.physicalLocation)
    const related = result.relatedLocations ?? []
    expect(new Set(related.map(({ id }) => id)).size).toBe(related.length)
    for (const { physicalLocation } of related) expectPlace(physicalLocation)
    for (const { artifactChanges } of result.fixes ?? []) {
      expect(artifactChanges.length).toBeGreaterThan(0)
      for (const { replacements } of artifactChanges) {
        expect(replacements.length).toBeGreaterThan(0)
        for (const { deletedRegion } of replacements) expectRegion(deletedRegion)
      }
    }
  }
  expect(results.some(({ fixes }) => fixes !== undefined)).toBe(true)
  expect(results.some(({ relatedLocations }) => relatedLocations !== undefined)).toBe(true)
})

test('no two findings of a log have one fingerprint', async () => {
  const { results } = await runOf()
  const prints = results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash)
  expect(prints.filter((print) => print === undefined)).toEqual([])
  expect(new Set(prints).size).toBe(prints.length)
})
