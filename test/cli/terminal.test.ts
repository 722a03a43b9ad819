import { describe, expect, test } from 'vitest'
import { project } from '../support/project.ts'
import { hasTerminal, openTerminal } from '../support/terminal.ts'

const ASKS = {
  'opsflow.config.yaml': 'people: {}\n',
  'p.yaml': `pipeline: p
steps:
  build: { run: "until test -f built; do sleep 0.02; done" }
  ask: { needs: [build], approval: { prompt: "Ship it?", show: "three changes" } }
  ship: { needs: [ask], run: echo shipped >> order }
finally:
  clean: { run: echo clean >> order }
`,
}

describe.runIf(hasTerminal)('in a terminal', () => {
  test('promise 19a: what runs is shown while it runs, the question comes when it is asked, and it is approved there', async () => {
    const it = project(ASKS)
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/▸ build {2}\d/)
    it.write({ built: '' })
    const asked = await terminal.shows(/● later/)
    expect(asked).toContain('✓ build')
    expect(asked).toContain('Ship it?')
    expect(asked).toContain('three changes')
    terminal.press('Down', 'Enter')
    expect(await terminal.exit()).toBe(0)
    expect(it.lines('order')).toEqual(['shipped', 'clean'])
    expect(terminal.screen()).toMatch(/succeeded in .*: 4 succeeded/)
  })

  test('the last choice rejects, and the run fails', async () => {
    const it = project({ ...ASKS, built: '' })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/● later/)
    terminal.press('Up', 'Enter')
    expect(await terminal.exit()).toBe(1)
    expect(it.lines('order')).toEqual(['clean'])
    expect(it.state().steps.get('ask')).toMatchObject({ status: 'failed', reason: 'rejected' })
  })

  test('promise 22a: Ctrl-C at the question cancels the run, with its `finally`, exit 130', async () => {
    const it = project({ ...ASKS, built: '' })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/● later/)
    terminal.press('C-c')
    expect(await terminal.exit()).toBe(130)
    expect(it.lines('order')).toEqual(['clean'])
    expect(it.state().outcome).toBe('cancelled')
  })

  test('promise 22a: Ctrl-C while a step runs cancels the run', async () => {
    const it = project(ASKS)
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/▸ build {2}\d/)
    terminal.press('C-c')
    expect(await terminal.exit()).toBe(130)
    expect(it.lines('order')).toEqual(['clean'])
  })

  test('a decision from another terminal takes the question back', async () => {
    const it = project({ ...ASKS, built: '' })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/● later/)
    expect((await it.opsflow('approve', await it.run(), 'ask')).exit).toBe(0)
    expect(await terminal.exit()).toBe(0)
    expect(it.lines('order')).toEqual(['shipped', 'clean'])
  })

  test('who is asked sees what fails meanwhile, before they decide', async () => {
    const it = project({
      'opsflow.config.yaml': 'people: {}\n',
      'p.yaml': `pipeline: p
steps:
  ask: { approval: { prompt: "Ship it?" } }
  slow: { run: "until test -f go; do sleep 0.02; done; echo last words; exit 3" }
`,
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/● later/)
    it.write({ go: '' })
    await terminal.shows(/✗ slow {2}failed: exit code 3[\s\S]*last words[\s\S]*● later/)
    terminal.press('Down', 'Enter')
    expect(await terminal.exit()).toBe(1)
    expect(it.state().steps.get('ask')?.status).toBe('succeeded')
  })

  test('a cancel from another terminal takes the question back, and what runs then is shown', async () => {
    const it = project({
      'opsflow.config.yaml': 'people: {}\n',
      'p.yaml': `pipeline: p
steps: { ask: { approval: { prompt: "Ship it?" } } }
finally: { clean: { run: "until test -f clean; do sleep 0.02; done" } }
`,
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/● later/)
    const cancelled = it.opsflow('cancel', await it.run())
    await terminal.shows(/▸ clean {2}\d/)
    it.write({ clean: '' })
    expect((await cancelled).exit).toBe(0)
    expect(await terminal.exit()).toBe(130)
  })

  test('answers are typed, a wrong one is said and asked again', async () => {
    const it = project({
      'p.yaml': `pipeline: p
outputs: { n: { value: "\${{ steps.ask.outputs.n }}" } }
steps:
  ask: { ask: { prompt: "How many?", answer: { n: { type: integer } } } }
`,
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/How many\? {2}n/)
    terminal.press('many', 'Enter')
    await terminal.shows(/`many` is no whole number/)
    terminal.press('BSpace', 'BSpace', 'BSpace', 'BSpace', '7', 'Enter')
    expect(await terminal.exit()).toBe(0)
    expect(it.state().outputs).toEqual({ n: 7 })
  })

  test('Enter alone decides nothing: the question is left to other terminals', async () => {
    const it = project({ ...ASKS, built: '' })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/● later/)
    terminal.press('Enter')
    await terminal.shows(/… ask +\d+s {2}waiting for approval/)
    expect((await it.opsflow('approve', await it.run(), 'ask')).exit).toBe(0)
    expect(await terminal.exit()).toBe(0)
  })

  test('watch of a parked run with --resume asks here', async () => {
    const it = project({ ...ASKS, built: '' })
    expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
    const terminal = openTerminal(it, 'watch', await it.run(), '--resume')
    await terminal.shows(/● later/)
    terminal.press('Down', 'Enter')
    expect(await terminal.exit()).toBe(0)
  })

  test('a run that goes on with an open question shows again what it is about', async () => {
    const it = project({ ...ASKS, built: '' })
    expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
    const terminal = openTerminal(it, 'resume', await it.run())
    expect(await terminal.shows(/● later/)).toMatch(/… ask {2}Ship it\?\n {6}three changes\n {6}opsflow approve/)
    terminal.press('Down', 'Enter')
    expect(await terminal.exit()).toBe(0)
  })

  test('promise 21a: a bypass wants a reason, which goes on record', async () => {
    const it = project({
      'opsflow.config.yaml': `people: { boss: ["uid:${process.getuid?.()}"] }\n`,
      'p.yaml': `pipeline: p
steps:
  test: { run: "exit 1", allow_failure: true }
  ship: { needs: [test], run: echo shipped >> order }
gates:
  quality: { must_pass: [test], before: [ship], bypass: { by: [boss] } }
`,
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/○ bypass/)
    terminal.press('Down', 'Enter')
    await terminal.shows(/Why\?/)
    terminal.press('Enter')
    await terminal.shows(/say why/)
    terminal.press('flaky', 'Enter')
    expect(await terminal.exit()).toBe(0)
    expect(it.lines('order')).toEqual(['shipped'])
    expect(it.state().gates.get('quality')?.decided?.reason).toBe('flaky')
  })

  test('who may not decide is not asked, and told so', async () => {
    const it = project({
      'opsflow.config.yaml': 'people: { boss: [nobody-here] }\n',
      'p.yaml': 'pipeline: p\nsteps: { ask: { approval: { prompt: "Ship it?", from: [boss] } } }\n',
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    const shown = await terminal.shows(/may not decide this; it takes boss/)
    expect(shown).not.toContain('later')
    terminal.press('C-c')
    expect(await terminal.exit()).toBe(130)
  })
})

test('without a terminal there is no prompt and nothing that moves', async () => {
  const it = project({ ...ASKS, built: '' })
  const ran = await it.spawn('run', 'p.yaml').ended
  expect(ran.exit).toBe(4)
  expect(ran.stdout).not.toContain('\u001b')
  expect(ran.stdout).toContain('Ship it?')
})
