import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectKept } from '../support/kept.ts'
import { plain, project } from '../support/project.ts'
import { hasTerminal, openTerminal } from '../support/terminal.ts'

/** Compares a screen with what was looked at and kept; UPDATE=1 writes it. Times, and the blanks that they need, differ. */
function expectScreen(name: string, screen: string): void {
  const file = join(import.meta.dirname, 'screens', `${name}.txt`)
  const text = `${plain(screen)
    .replace(/SPAN SPAN/g, 'SPAN')
    .replace(/(?<=\S) {2,}/g, '  ')}\n`
  expectKept(file, text)
}

const WAITS = 'until test -f go; do sleep 0.02; done'
const RELEASE = {
  'opsflow.config.yaml': 'people: {}\n',
  'p.yaml': `pipeline: release
outputs: { tag: { value: v1, deliverable: Tag } }
steps:
  lint: { run: "true" }
  build: { needs: [lint], run: "printf 'at 1\\\\rat 2\\\\033[2J\\\\033[9A\\\\n日本語 ok\\\\n'; ${WAITS}" }
  pack: { needs: [lint], mutex: disk, run: "${WAITS}" }
  sign: { needs: [build], mutex: disk, run: "true" }
  test:
    needs: [build, pack]
    run: "echo one; echo two; exit 3"
    failures: { three: { exit: 3, hint: "look at the third" } }
  ship: { needs: [test, sign], run: "true" }
gates:
  style: { must_pass: [lint], before: [build] }
  quality: { must_pass: [test], before: [ship] }
finally:
  clean: { needs: [], run: "true" }
`,
}

describe.runIf(hasTerminal)('on a screen', () => {
  test('a run looks as it was looked at, in windows of several sizes, while it runs and when it has failed', async () => {
    const it = project(RELEASE)
    const terminal = openTerminal(it, 'run', 'p.yaml')
    for (const [columns, rows] of [
      [80, 24],
      [60, 20],
      [200, 50],
      [40, 16],
    ] as const) {
      terminal.resize(columns, rows)
      // The line of a frame that was drawn for this width: a bar has a fifth of it, at most 24 columns, and is left out of a narrow one.
      const bar = columns < 50 ? 0 : Math.min(24, columns / 5)
      const wanted = bar === 0 ? /^ {2}1\/7 steps/m : new RegExp(`^ {2}[━╌]{${bar}} {2}1 of 7`, 'm')
      const shown = await terminal.shows(new RegExp(`日本語 ok[\\s\\S]*${wanted.source}`, 'm'))
      expectScreen(`running-${columns}x${rows}`, shown)
    }
    it.write({ go: '' })
    expect(await terminal.exit()).toBe(1)
    const shown = plain(terminal.scrolled())
    expect(shown).toMatch(/✗ test {2}failed: exit code 3 {2}SPAN\n {6}│ one\n {6}│ two\n {6}hint: look at the third\n/)
    expect(shown).toMatch(
      /\nfailed in SPAN: .*\n {2}critical path SPAN: STEPS\n {2}Tag: v1\n {2}logs: opsflow logs RUN test\n {2}again: opsflow retry RUN$/,
    )
    expect(shown).not.toMatch(/━|╌|to come/)
  })

  test('500 steps take a window of what matters, with counts of the rest, and leave few lines', async () => {
    const items = JSON.stringify(Array.from({ length: 500 }, (_, i) => i))
    const it = project({
      'p.yaml': `pipeline: p
steps:
  each: { foreach: { items: ${items}, max_parallel: 4 }, run: "${WAITS}" }
  after: { needs: [each], run: "true" }
`,
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    terminal.resize(80, 24)
    expectScreen('many-80x24', await terminal.shows(/▸ each\[3\][\s\S]*[━╌]{16} {2}0 of 502 steps/))
    terminal.press('C-c')
    expect(await terminal.exit()).toBe(130)
    expect(terminal.scrolled().split('\n').length).toBeLessThan(60)
  })

  test('a failure shows its step, its last lines, its hint and the commands that lead on', async () => {
    const it = project({
      'p.yaml': `pipeline: p
steps:
  build: { run: "true" }
  test:
    needs: [build]
    run: "echo 1 of 2; printf '\\\\033[31m2 of 2: \\\\033[2J日本語\\\\033[0m\\\\n'; exit 3"
    failures: { three: { exit: 3, hint: "look at the third" } }
  ship: { needs: [test], run: "true" }
`,
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    terminal.resize(80, 24)
    expect(await terminal.exit()).toBe(1)
    expectScreen('failed-80x24', await terminal.shows(/again: opsflow retry/))
  })

  test('who watches sees the same, with what earlier runs tell of the time; Ctrl-C ends only the watching', async () => {
    const it = project({ go: '', 'p.yaml': `pipeline: p\nsteps: { build: { run: "${WAITS}; rm go" } }\n` })
    expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
    const running = it.spawn('run', 'p.yaml')
    const [, run] = await it.runs(2)
    const terminal = openTerminal(it, 'watch', run!)
    await terminal.shows(/▸ build {2}\d+s\n {2}━+ {2}0 of 1 steps {2}\d+s, any moment now/)
    terminal.press('C-c')
    expect(await terminal.exit()).toBe(0)
    expect(terminal.screen()).not.toContain('━')
    it.write({ go: '' })
    expect((await running.ended).exit).toBe(0)
  })

  test('Ctrl-C leaves nothing behind: the cursor is shown, and what is typed is echoed line by line', async () => {
    const it = project(RELEASE)
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/▸ pack {2,}\d/)
    expect(terminal.isCursorShown()).toBe(true)
    terminal.press('C-c')
    expect(await terminal.exit()).toBe(130)
    const shown = terminal.screen()
    expect(shown).not.toMatch(/━|╌|to come/)
    terminal.press('typed', 'Enter')
    await terminal.shows(/typed\ntyped/)
    expect(terminal.isCursorShown()).toBe(true)
  })

  test('so does a run that is told to end while it asks', async () => {
    const it = project({
      'p.yaml': `pipeline: p
steps:
  test: { run: "true" }
  ask: { needs: [test], approval: { prompt: "Ship 1.4.0 to everybody?", show: "## 1.4.0\\n- 日本語の変更\\n- \\e[2Jno trick\\n" } }
gates:
  quality: { must_pass: [test], before: [ask] }
`,
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    terminal.resize(100, 24)
    expectScreen('asked-100x24', await terminal.shows(/● later/))
    process.kill(it.state().owner!.pid, 'SIGTERM')
    expect(await terminal.exit()).toBe(130)
    terminal.press('typed', 'Enter')
    await terminal.shows(/typed\ntyped/)
    expect(terminal.isCursorShown()).toBe(true)
  })
})
