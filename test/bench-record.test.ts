import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'

/** What is kept of a measurement, and the table that is made of it. */
interface Figure {
  readonly what: string
  readonly value?: number
  readonly unit?: string
  readonly goal?: number
  readonly note?: string
  readonly record?: { readonly [name: string]: unknown }
}
type Rows = { readonly [row: string]: readonly Figure[] }

const ROOT = join(import.meta.dirname, '..')
const { inPage, merged, readFigures, table } = (await import(pathToFileURL(join(ROOT, 'bench/record.mjs')).href)) as {
  inPage(page: string, text: string): string
  merged(earlier: readonly Figure[], found: readonly Figure[], record: object): readonly Figure[]
  readFigures(): Rows
  table(rows: Rows): string
}

interface Bench {
  readonly root: string
  run(program: string, words: readonly string[], more?: { readonly until?: number }): Promise<{ readonly ms: number }>
  close(): void
}
const { openBench, TookTooLong } = (await import(pathToFileURL(join(ROOT, 'bench/measure.mjs')).href)) as {
  openBench(options: object): Bench
  TookTooLong: new () => Error
}
const { peersRow } = (await import(pathToFileURL(join(ROOT, 'bench/rows/peers.mjs')).href)) as {
  peersRow(bench: object): Promise<readonly Figure[]>
}

const NOW = { commit: 'abc', date: '2026-01-02', node: 'v24.0.0', cores: 4, rounds: 9, load: '0.5', sync: '1 ms' }
const THEN = { commit: 'abb', date: '2026-01-01' }

test('the table on the page is the one that the script makes of the data', () => {
  const page = readFileSync(join(ROOT, 'docs/performance.md'), 'utf8')
  expect(page).toBe(inPage(page, table(readFigures())))
  expect(() => inPage('# Performance\n', '')).toThrow('docs/performance.md has no table')
})

test('every row that is measured is on the page, explained and with its figures', () => {
  const page = readFileSync(join(ROOT, 'docs/performance.md'), 'utf8')
  const asked = spawnSync(process.execPath, ['bench/bench.mjs', 'nope'], { cwd: ROOT, encoding: 'utf8' })
  const rows = asked.stderr.trim().split('; there is ')[1]!.split(', ')
  expect(Object.keys(readFigures())).toEqual(rows)
  for (const row of rows) expect(page.split(`\n| \`${row}\` | `).length, row).toBeGreaterThan(2)
})

test('a goal that is missed is printed as missed, before any rounding, and one without a figure as not measured', () => {
  const rows = {
    one: [
      { what: 'a', value: 1.304, goal: 1.3, record: NOW },
      { what: 'b', value: 1.3, goal: 1.3, note: 'x | y', record: NOW },
      { what: 'c', goal: 1, record: NOW },
      { what: 'd', value: 170.4, unit: 'MB', record: THEN },
    ],
  }
  expect(table(rows).split('\n').slice(2)).toEqual([
    '| `one` | a | 1.3x | 1.3x | **missed** |  | 1 |',
    '| `one` | b | 1.3x | 1.3x | met | x \\| y | 1 |',
    '| `one` | c | - | 1x | not measured |  |  |',
    '| `one` | d | 170 MB |  |  |  | 2 |',
    '',
    'Records:',
    '',
    '1. commit `abc` on 2026-01-02, Node v24.0.0, 4 cores, 9 rounds, load 0.5, a synced write takes 1 ms',
    '2. commit `abb` on 2026-01-01',
  ])
})

test('what is measured again replaces its row; what could not be measured replaces nothing', () => {
  const earlier = [
    { what: 'a', value: 1, record: THEN },
    { what: 'b', value: 2, record: THEN },
    { what: 'gone', value: 3, record: THEN },
  ]
  const a = { what: 'a', value: 1.5 }
  expect(merged(earlier, [a, { what: 'b', value: 2.5 }], NOW)).toEqual([
    { ...a, record: NOW },
    { what: 'b', value: 2.5, record: NOW },
  ])
  expect(merged(earlier, [a, { what: 'b', note: 'took too long' }], NOW)).toEqual([
    { ...a, record: NOW },
    earlier[1],
    earlier[2],
  ])
  expect(merged([], [{ what: 'b', note: 'took too long' }], NOW)).toEqual([
    { what: 'b', note: 'took too long', record: NOW },
  ])
})

test('a trial with fewer steps is not recorded', () => {
  const words = ['bench/bench.mjs', 'peers', '--steps', '10', '--record']
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('`--steps` is for a trial')
})

test('what is not over in its time is ended, also where what it started lives on', async () => {
  const bench = openBench({})
  onTestFinished(() => bench.close())
  await writeFile(join(bench.root, 'on'), '')
  const slow = bench.run('sh', ['-c', 'while test -e on; do sleep 0.05; done & wait'], {
    until: performance.now() + 50,
  })
  await expect(slow).rejects.toThrow(TookTooLong)
  await rm(join(bench.root, 'on'))
  await expect(bench.run('true', [], { until: performance.now() })).rejects.toThrow(TookTooLong)
  expect((await bench.run('true', [])).ms).toBeGreaterThan(0)
})

test('a peer that takes too long is not measured, and says so; each is told of while it works', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => said.mockRestore())
  const limits: unknown[] = []
  const run = (_command: string, _words: readonly string[], { until }: { readonly until?: number }) => {
    limits.push(until)
    return Promise.reject(new TookTooLong())
  }
  const rows = await peersRow({ steps: 10, runs: 1, run, folder: (name: string) => name, file: (name: string) => name })
  expect(rows.slice(0, 2)).toEqual([
    { what: '10 no-op steps, 8 slots / wireit 0.14.13', goal: 1 / 1.6, note: 'took more than 5 min' },
    { what: '10 no-op steps, 8 slots / dagu 1.30.2', goal: 0.1, note: 'took more than 5 min' },
  ])
  expect(said.mock.calls.map(([text]) => text)).toContain('  peers: wireit: npm installs it')
  expect(limits.slice(0, 2)).toEqual([expect.any(Number), expect.any(Number)])
})
