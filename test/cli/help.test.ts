import { expect, test } from 'vitest'
import { HELP_EXAMPLES } from '../../src/commands/help-examples.ts'
import { commandFacts } from '../../src/commands/program.ts'
import { memoryIo } from '../support/memory-io.ts'
import { project } from '../support/project.ts'
import { wordsOf as wordsIn } from '../support/transcript.ts'

const commands = commandFacts(memoryIo({ cwd: '/' }))

test.for(commands.map(({ name }) => name))('`opsflow %s --help` ends with examples of that command', async (name) => {
  const { stdout, exit } = await project({}).opsflow(name, '--help')
  expect(exit).toBe(0)
  const [, shown = ''] = stdout.split('\nExamples:\n')
  const lines = shown.match(/opsflow [^\n]*/g) ?? []
  expect(lines.length).toBeGreaterThan(0)
  expect(lines.filter((line) => !line.startsWith(`opsflow ${name}`))).toEqual([])
  // Nobody scrolls sideways for an example.
  expect(shown.split('\n').filter((line) => line.length > 120)).toEqual([])
})

test('there are examples of no other commands, and the help of all has none', async () => {
  expect(Object.keys(HELP_EXAMPLES).toSorted()).toEqual(commands.map(({ name }) => name).toSorted())
  expect((await project({}).opsflow('--help')).stdout).not.toContain('Examples:')
})

/** What an example may end in, in a folder where nothing is: each says that the words were understood. */
const UNDERSTOOD =
  /^$|^opsflow: (?:there is no (?:run|pipeline|file) `|there is nothing to lint|no pipelines? |nobody |no coordinator)/

/** It serves until somebody ends it: its own tests start it, here only its words are read. */
const SERVES = 'ui'

test.for(
  Object.entries(HELP_EXAMPLES)
    .flatMap(([name, examples]) => (name === SERVES ? [] : examples))
    .map(({ line }) => line),
)('%s: the program understands it', async (line) => {
  const words = wordsOf(line)
  expect(words[0]).toBe('opsflow')
  const { exit, stdout, stderr } = await project({}).opsflow(...words.slice(1))
  expect(stderr).toMatch(UNDERSTOOD)
  expect(exit === 0 || stderr !== '' || stdout !== '', 'it says something, or does it').toBe(true)
})

test('the words of what serves until it is ended are understood up to a flag that there is not', async () => {
  for (const { line } of HELP_EXAMPLES[SERVES]!) {
    const { stderr } = await project({}).opsflow(...wordsOf(line).slice(1), '--no-such-flag')
    expect(stderr).toMatch(/^opsflow: unknown option '?`?--no-such-flag|^opsflow: .*--no-such-flag/)
  }
})

test('an example of a flag, a template, a code or a duration that there is not would be found', async () => {
  for (const line of [
    'opsflow runs --limti 5',
    'opsflow init blnk',
    'opsflow lint --explain plan/cylce',
    'opsflow prune --older-than soon',
    'opsflow signal ops',
    'opsflow run p -i version',
    'opsflow approve RUN',
  ]) {
    const { stderr } = await project({}).opsflow(...wordsOf(line).slice(1))
    expect(stderr, line).not.toMatch(UNDERSTOOD)
  }
})

/** The words of opsflow in a line of a shell: what it evaluates, or what stands before a pipe. */
function wordsOf(line: string): readonly string[] {
  const own = /\$\((opsflow [^)]*)\)/.exec(line)?.[1] ?? line.split(' | ')[0]!
  return wordsIn(own)
}

/** A word that is nearly right, everywhere where names are written: what is answered. */
const NEARLY: readonly (readonly [what: string, words: readonly string[], hint: string])[] = [
  ['a command', ['docotr'], 'did you mean `opsflow doctor`?'],
  ['a flag', ['run', 'release', '--detahc'], 'did you mean `--detach`?'],
  ['a choice', ['lint', '--format', 'jsno'], 'did you mean `json`?'],
  ['a template', ['init', 'coordnator'], 'did you mean `coordinator`?'],
  ['a shell', ['completion', 'zhs'], 'did you mean `zsh`?'],
  ['a code', ['lint', '--explain', 'plan/cylce'], 'did you mean `plan/cycle`?'],
  ['a pipeline', ['run', 'relaese'], 'did you mean `release`?'],
  ['a file', ['run', 'pipelines/relaese.yaml'], 'did you mean `pipelines/release.yaml`?'],
  ['an input', ['run', 'release', '-i', 'vesrion=1'], 'did you mean `version`?'],
  ['a value that is counted', ['run', 'release', '-i', 'level=miner'], 'did you mean `minor`?'],
  ['an approval beforehand', ['run', 'release', '--approve', 'singoff'], 'did you mean `signoff`?'],
  ['a run', ['show', 'RUN-with-a-typo'], 'did you mean `RUN`?'],
  ['a step with a log', ['logs', 'RUN', 'biuld'], 'did you mean `build`?'],
  ['a step to retry', ['retry', 'ENDED', '--step', 'biuld'], 'did you mean `build`?'],
  ['a step to approve', ['approve', 'RUN', 'singoff'], 'did you mean `signoff`?'],
  ['a gate', ['bypass', 'RUN', 'qaulity', '--reason', 'x', '--expires', '1h'], 'did you mean `quality`?'],
  ['a field of an answer', ['answer', 'RUN', 'how', 'sevreity=1'], 'did you mean `severity`?'],
  ['a signal', ['signal', 'OPS:RELAESE'], 'did you mean OPS:RELEASE?'],
  ['a field of a payload', ['signal', 'OPS:RELEASE', '-p', 'reson=x'], 'did you mean `reason`?'],
]

test('did you mean: a word that is nearly right is answered with the right one, wherever it stands', async () => {
  const it = project({
    'pipelines/release.yaml': `pipeline: release
signals: { accepts: [OPS:RELEASE] }
inputs:
  version: { type: string, default: "1" }
  level: { type: string, enum: [patch, minor], default: patch }
steps:
  build: { run: "true", timeout: 1m }
  how: { ask: { prompt: "How bad?", answer: { severity: { type: integer } } }, timeout: 1h }
  signoff: { needs: [build], approval: { prompt: "Ship it?" }, timeout: 1h }
gates:
  quality: { must_pass: [build], before: [signoff] }
`,
    'ended.yaml': 'pipeline: ended\nsteps:\n  build: { run: "true", timeout: 1m }\n',
    'pipelines/ops.yaml': `coordinator: COORD_OPS
payload: { reason: { type: string } }
signals: { OPS:RELEASE: { pipeline: release } }
`,
  })
  expect((await it.opsflow('run', 'release')).exit).toBe(4)
  const run = await it.run()
  expect((await it.opsflow('run', 'ended.yaml')).exit).toBe(0)
  const ended = await it.run()
  const typo = `${run.slice(0, -6)}_${run.slice(-5)}`
  const missed: string[] = []
  for (const [what, words, hint] of NEARLY) {
    const given = words.map((word) => (word === 'RUN-with-a-typo' ? typo : ({ RUN: run, ENDED: ended }[word] ?? word)))
    const { exit, stdout, stderr } = await it.opsflow(...given)
    // What nobody answers is an answer, and no wrong usage.
    if (exit !== (stdout.startsWith('IGNORED') ? 1 : 2) || !(stdout + stderr).includes(hint.replace('RUN', run)))
      missed.push(`${what}: exit ${exit}\n${stderr}`)
  }
  expect(missed.join('\n')).toBe('')
})
