// Everything that must hold before a change lands: format and lint, types, build, dead code, package shape, tests.
// `npm test` and `npm run check` are this file. Arguments are passed to vitest.
import { spawnSync } from 'node:child_process'

const steps = [
  ['biome', ['ci', '--error-on-warnings', '.']],
  ['tsc', ['--noEmit']],
  ['tsc', ['--noEmit', '--project', 'page']],
  ['node', ['scripts/build.mjs']],
  ['knip', []],
  ['publint', ['--strict']],
  [
    'vitest',
    [
      'run',
      '--coverage',
      '--reporter=default',
      '--reporter=json',
      '--outputFile.json=.cache/tests.json',
      ...process.argv.slice(2),
    ],
  ],
]

for (const [command, args] of steps) {
  console.log(`\n> ${command} ${args.join(' ')}`)
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`check: \`${command}\` failed`)
    process.exit(1)
  }
}
