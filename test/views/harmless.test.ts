import { expect, test } from 'vitest'
import { harmless } from '../../src/views/terminal/harmless.ts'
import { makeStyle } from '../../src/views/terminal/style.ts'
import { project } from '../support/project.ts'

test('the colours of a style stay, every other escape and control character goes', () => {
  const style = makeStyle(true)
  const own = `${[style.good('a'), style.bad('b'), style.warn('c'), style.dim('d'), style.strong('e')].join('\t')}\n`
  expect(harmless(own)).toBe(own)
  expect(harmless('\x1b[2Jx\x1b[8mhidden\x1b]0;t\x07\r\b\u009b1m\u202eabc\0 ü漢')).toBe('[2Jx[8mhidden]0;t1mabc ü漢')
})

test('what a step gave to an approval moves nothing on the screen of whoever approves', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  a:
    run: printf 'x=small change\\033[2K\\033[1Ghuge change\\033[8m\\n' >> $OPSFLOW_OUTPUT
    outputs: { x: { type: string } }
  ask: { needs: [a], approval: { prompt: "ship \${{ steps.a.outputs.x }}?" } }
`,
  })
  const run = await it.opsflow('run', 'p.yaml', '--detach')
  expect(run.exit).toBe(4)
  const shown = await it.opsflow('show', await it.run())
  for (const text of [run.stdout, shown.stdout]) {
    expect(text).toContain('ship small change[2K[1Ghuge change[8m?')
    expect(text).not.toContain('\x1b')
  }
})
