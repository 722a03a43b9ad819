// What was measured, kept: docs/benchmarks.json holds each figure with the circumstances it came from, and the table in
// docs/performance.md is made of it and of nothing else. `npm run bench -- ROW… --record` writes both.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { here } from './measure.mjs'

const FILE = here('../docs/benchmarks.json')
const PAGE = here('../docs/performance.md')
const [BEGIN, END] = [
  '<!-- Made by `npm run bench -- --table` from benchmarks.json. Do not edit. -->',
  '<!-- End of the table. -->',
]

export function verdictOf({ value, goal }) {
  if (value === undefined) return 'not measured'
  if (goal === undefined) return 'not judged'
  return value <= goal ? 'met' : 'missed'
}

/** A number with its unit; ratios have none but `x`. */
export function shown(value, unit = 'x') {
  if (value === undefined) return '-'
  const digits = value >= 100 ? 0 : 2
  return `${Number(value.toFixed(digits))}${unit === 'x' ? 'x' : ` ${unit}`}`.trim()
}

/** What figures are measured of. `+`: something of it was not committed. */
export function circumstances(runs) {
  const git = (...args) => execFileSync('git', args, { cwd: here('..'), encoding: 'utf8' }).trim()
  const dirty = git('status', '--porcelain', '--', 'src', 'bench') === '' ? '' : '+'
  return {
    commit: `${git('rev-parse', '--short=10', 'HEAD')}${dirty}`,
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: availableParallelism(),
    rounds: runs,
  }
}

/**
 * The figures of a row after it was measured again. One that could not be measured this time takes nobody's place, and
 * then whatever else the row had stays as well.
 */
export function merged(earlier, found, record) {
  const was = new Map(earlier.map((one) => [one.what, one]))
  const now = found.map((one) => (one.value === undefined && was.get(one.what)) || { ...one, record })
  if (found.every(({ value }) => value !== undefined)) return now
  const names = new Set(found.map(({ what }) => what))
  return [...now, ...earlier.filter(({ what }) => !names.has(what))]
}

/** The table, and below it what each figure was measured of. */
export function table(rows) {
  const figures = Object.entries(rows).flatMap(([row, some]) => some.map((one) => ({ row, ...one })))
  const records = [...new Set(figures.filter(({ value }) => value !== undefined).map(({ record }) => told(record)))]
  const lines = figures.map((figure) => {
    const { row, what, value, unit, goal, note = '', record } = figure
    const verdict = verdictOf(figure)
    const cells = [
      `\`${row}\``,
      what,
      shown(value, unit),
      goal === undefined ? '' : shown(goal, unit),
      { missed: '**missed**', 'not judged': '' }[verdict] ?? verdict,
      note,
      value === undefined ? '' : `${records.indexOf(told(record)) + 1}`,
    ]
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return [
    '| row | what | measured | at most | | beside it | record |',
    '|---|---|---:|---:|---|---|---:|',
    ...lines,
    '',
    'Records:',
    '',
    ...records.map((record, i) => `${i + 1}. ${record}`),
  ].join('\n')
}

function told({ commit, date, node, cores, rounds, load, sync }) {
  const begin = `commit \`${commit}\` on ${date}`
  const rest = [
    node && `Node ${node}`,
    cores && `${cores} cores`,
    rounds && `${rounds} rounds`,
    load && `load ${load}`,
    sync && `a synced write takes ${sync}`,
  ]
  return [begin, ...rest.filter(Boolean)].join(', ')
}

/** The page with this table between its marks. */
export function inPage(page, text) {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md has no table: \`${BEGIN}\`, \`${END}\``)
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`
}

/** The figures of each row, by its name. */
export function readFigures() {
  return JSON.parse(readFileSync(FILE, 'utf8'))
}

/** Puts what was found of a row among the figures, and makes the page of them. */
export function keep(row, found, record) {
  const figures = readFigures()
  writeFileSync(
    FILE,
    `${JSON.stringify({ ...figures, [row]: merged(figures[row] ?? [], found, record) }, undefined, 2)}\n`,
  )
  makePage()
}

/** Makes the table of the figures as they are. */
export function makePage() {
  writeFileSync(PAGE, inPage(readFileSync(PAGE, 'utf8'), table(readFigures())))
}
