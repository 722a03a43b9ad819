import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { has, here, median, takeTurns } from '../measure.mjs'
import { asYaml } from '../shapes.mjs'

/**
 * One step that prints 100 MB, in a run without secrets, against a runner in C that hands the file down. What the same
 * run takes with a step that prints nothing is taken off both: the start is a row of its own.
 */
export async function outputRow(bench) {
  const cwd = bench.folder('output')
  const floor = floorProgram(bench)
  const say = 'yes 0123456789012345678901234567890123456789 | head -c 100000000'
  const peaks = { large: [], small: [] }
  // On Linux the step can see how large the supervisor, its parent, has become.
  const look = process.platform === 'linux' ? (name) => `; cat /proc/$PPID/status > ${name}.status` : () => ''
  for (const [name, run] of [
    ['large', say],
    ['small', 'true'],
  ]) {
    bench.file(`output/${name}.yaml`, asYaml(name, [{ id: 'say', needs: [], run: `${run}${look(name)}` }]))
  }
  let files = 0
  const opsflow = (name) => async () => {
    const result = await bench.opsflow(['run', `${name}.yaml`], { cwd, rss: true })
    peaks[name].push({ runner: result.rssMb, supervisor: supervisorMb(join(cwd, `${name}.status`)) })
    return result
  }
  const beside = (name, run) => () =>
    bench.run(floor, [join(bench.folder('floor-logs'), `${name}${files++}`), run], { cwd })
  const times = await takeTurns(bench.runs, {
    large: opsflow('large'),
    small: opsflow('small'),
    floorLarge: beside('large', say),
    floorSmall: beside('small', 'true'),
  })
  const ours = times.large.map((ms, round) => ms - times.small[round])
  const theirs = times.floorLarge.map((ms, round) => ms - times.floorSmall[round])
  const growth = (who) => median(peaks.large.map((peak) => peak[who])) - median(peaks.small.map((peak) => peak[who]))
  const whose = floor.endsWith('.sh') ? 'sh (no C compiler here)' : 'a C runner'
  return [
    {
      what: `100 MB of output / ${whose}`,
      value: median(ours.map((ms, round) => ms / theirs[round])),
      goal: 1.3,
      note: `${median(ours).toFixed(0)} ms and ${median(theirs).toFixed(0)} ms beyond a silent step`,
    },
    { what: 'growth of the runner by 100 MB of output', value: Math.max(0, growth('runner')), unit: 'MB', goal: 10 },
    {
      what: 'growth of the supervisor by it',
      value: Number.isNaN(growth('supervisor')) ? undefined : Math.max(0, growth('supervisor')),
      unit: 'MB',
      goal: 10,
    },
  ]
}

function supervisorMb(file) {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}

function floorProgram(bench) {
  if (has('cc')) {
    const program = join(bench.root, 'floor')
    const { status, stderr } = spawnSync('cc', ['-O2', '-o', program, here('./floor.c')], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return program
  }
  const script = bench.file('floor.sh', '#!/bin/sh\nsh -c "$2" >> "$1" 2>&1\n')
  chmodSync(script, 0o755)
  return script
}
