// Loaded into a program by `--import`: counts the transactions that it commits to SQLite, and writes the number to a file at its end.
import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

let commits = 0
const { prepare } = DatabaseSync.prototype
DatabaseSync.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql)
  if (sql !== 'COMMIT') return statement
  const { run } = statement
  statement.run = (...values) => {
    commits++
    return run.apply(statement, values)
  }
  return statement
}
process.once('exit', () => writeFileSync(process.env.OPSFLOW_BENCH_COMMITS, String(commits)))
