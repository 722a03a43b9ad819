// Prints `N passed, N failed` from the report that the last `npm test` wrote.
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync('.cache/tests.json', 'utf8'))
const skipped = report.numPendingTests + report.numTodoTests
console.log(
  `${report.numPassedTests} passed, ${report.numFailedTests} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
)
