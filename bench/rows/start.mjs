import { medians, ratio, takeTurns } from '../measure.mjs'
import { asYaml, wide } from '../shapes.mjs'

/** How long short commands take, against Node with an empty file. */
export async function startRow(bench) {
  const cwd = bench.folder('start')
  const empty = bench.file('empty.mjs', '')
  bench.file('start/one.yaml', asYaml('one', wide(1)))
  const times = await takeTurns(bench.runs * 2, {
    node: () => bench.node(empty),
    version: () => bench.opsflow(['--version'], { cwd }),
    lint: () => bench.opsflow(['lint', 'one.yaml'], { cwd }),
    run: () => bench.opsflow(['run', 'one.yaml'], { cwd }),
  })
  return [
    {
      what: '`--version` / Node with an empty file',
      value: ratio(times, 'version', 'node'),
      goal: 1.3,
      note: medians(times),
    },
    { what: '`lint` of one file / Node with an empty file', value: ratio(times, 'lint', 'node'), goal: 3 },
    { what: '`run` of one no-op step / Node with an empty file', value: ratio(times, 'run', 'node'), goal: 4 },
  ]
}
