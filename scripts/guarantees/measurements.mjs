// The file of measurements: a part each, with the commit, the day and the command that it came from.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const FILE = 'docs/measurements.json'
const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim()

/** Asked when a measurement begins. `+`: something of the sources or tests was not committed. */
const dirty = git('status', '--porcelain', '--', 'src', 'test') === '' ? '' : '+'
const commit = `${git('rev-parse', '--short=10', 'HEAD')}${dirty}`

export function record(part, command, values) {
  const all = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {}
  all[part] = { commit, date: new Date().toISOString().slice(0, 10), command, ...values }
  writeFileSync(FILE, `${JSON.stringify(all, undefined, 2)}\n`)
}
