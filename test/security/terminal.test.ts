import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { project, type TestProject } from '../support/project.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Clears the screen, names the window, turns the reading direction, moves up by a character that stands for an escape. */
const EVIL = 'so\x1b[2J\x1b]0;t\x07\u202e\u009b1A\rso'
const ACTS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/
const inYaml = '"so\\e[2J\\e]0;t\\a\\u202e\\x9b1A\\rso"'

const GOOD = `pipeline: p
description: ${inYaml}
inputs: { what: { type: string, default: ${inYaml}, description: ${inYaml} } }
outputs: { made: { value: "\${{ steps.a.outputs.x }}", deliverable: ${inYaml} } }
next_steps: [${inYaml}]
steps:
  a:
    description: ${inYaml}
    run: printf 'x=so\\033[2J\\302\\233so\\n' >> $OPSFLOW_OUTPUT
    outputs: { x: { type: string } }
  fails:
    run: printf 'no\\033[2J\\302\\233\\342\\200\\256no\\n'; exit 1
    failures: { evil: { match: "no", hint: ${inYaml} } }
    allow_failure: true
  each: { foreach: { items: [1], key: ${inYaml} }, run: echo }
  ask: { needs: [a], approval: { prompt: ${inYaml} }, timeout: 1h }
  question: { needs: [a], ask: { prompt: ${inYaml}, answer: { which: { type: string, description: ${inYaml} } } }, timeout: 1h }
`
const BAD = `pipeline: p
${inYaml}: 1
steps:
  ${inYaml}: { run: x }
  a: { run: [echo, ${inYaml}], needs: [${inYaml}], when: ${inYaml}, uses: ${inYaml} }
`

/** What acts on a terminal in what commands say, by command. */
async function acting(it: TestProject, ...commands: readonly (readonly string[])[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const words of commands) {
    const { stdout, stderr } = await it.opsflow(...words)
    expect(stdout + stderr).not.toBe('')
    if (ACTS.test(stdout + stderr)) found.push(`${words[0]}: ${JSON.stringify((stdout + stderr).slice(0, 400))}`)
  }
  return found
}

describe('nothing that others wrote acts on the terminal of who reads', () => {
  test('what files say, in findings, plans and messages', async () => {
    const evil = `${EVIL.replaceAll('\r', '')}.yaml`
    const it = project({
      'bad.yaml': BAD,
      'raw.yaml': `pipeline: p\nx\u202ey: 1\nsteps: { a: { run: x } }\n`,
      'good.yaml': GOOD,
      [evil]: BAD,
    })
    expect(
      await acting(
        it,
        ['lint', 'bad.yaml', 'raw.yaml', 'good.yaml', evil],
        ['lint', '--format', 'github', 'bad.yaml', 'raw.yaml', evil],
        ['plan', 'bad.yaml'],
        ['plan', evil],
        ...['text', 'mermaid', 'dot'].map((format) => ['plan', 'good.yaml', '--format', format]),
        ['run', 'bad.yaml'],
      ),
    ).toEqual([])
  })

  test('what a person wrote on the command line', async () => {
    const it = project({ 'good.yaml': GOOD })
    const wrong = [
      ['show'],
      ['logs'],
      ['resume'],
      ['retry'],
      ['cancel'],
      ['watch'],
      ['run'],
      ['plan'],
      ['lint'],
      ['signal'],
      ['init'],
      [],
    ]
    expect(
      await acting(
        it,
        ...wrong.map((words) => [...words, EVIL]),
        ['run', 'good.yaml', '-i', EVIL],
        ['runs', '--limit', EVIL],
      ),
    ).toEqual([])
  })

  test('what steps printed and gave, what people said, and what is called so in the state folder', async () => {
    const it = project({ 'good.yaml': GOOD })
    expect(await acting(it, ['run', 'good.yaml', '--detach'])).toEqual([])
    const run = await it.run()
    expect(
      await acting(
        it,
        ['show', run],
        ['watch', run],
        ['note', run, EVIL],
        ['answer', run, 'question', `which=${EVIL}`],
        ['approve', run, EVIL],
        ['approve', run, 'ask', '--comment', EVIL, '--resume'],
        ['show', run],
        ['watch', run],
      ),
    ).toEqual([])
    mkdirSync(join(it.stateDir, 'runs', EVIL))
    expect(await acting(it, ['runs'], ['show', EVIL], ['show', run])).toEqual([])
    writeFileSync(join(it.stateDir, 'runs', run, 'logs', `${EVIL}.1.log`), 'x\n')
    const logs = await it.opsflow('logs', run)
    expect(
      ACTS.test(
        logs.stdout
          .split('\n')
          .filter((line) => line.startsWith('──'))
          .join(''),
      ),
    ).toBe(false)
    expect(await acting(it, ['show', run], ['retry', run])).toEqual([])
  })
})
