import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { main } from '../../src/cli.ts'
import type { Io } from '../../src/commands/io.ts'
import { createScreenFilter, harmless } from '../../src/views/terminal/harmless.ts'
import { makeStyle } from '../../src/views/terminal/style.ts'
import { memoryIo } from '../support/memory-io.ts'
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

const PRINTED = 'a\x1b[2Jb\x1b]0;title\x07c\x1b]8;;http://x\x1b\\d\x1bcd\x1b[31mred\x1b[0m\x1b[6n\b\u009b2Je\tf\r\n'
const SHOWN = 'abcdd\x1b[31mred\x1b[0me\tf\r\n'

test('of what a program printed a terminal gets text and colours, wherever the pieces are cut', () => {
  expect(createScreenFilter()(PRINTED)).toBe(SHOWN)
  for (let at = 0; at <= PRINTED.length; at++) {
    const filter = createScreenFilter()
    expect(filter(PRINTED.slice(0, at)) + filter(PRINTED.slice(at))).toBe(SHOWN)
  }
})

test('a title that never ends hides no line behind it', () => {
  expect(createScreenFilter()('\x1b]0;never\nnext line\n')).toBe('\nnext line\n')
})

/** The world of a project on a terminal. */
function terminal(it: ReturnType<typeof project>, base = memoryIo({ cwd: it.folder, env: it.env })) {
  const io: Io = { ...base, stdout: { ...base.stdout, isTTY: true }, stderr: { ...base.stderr, isTTY: true } }
  return { io, out: base.out }
}

test('logs are shown on a terminal without foreign escapes, and piped byte by byte', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps: { a: { run: cat bytes } }\n' })
  const bytes = Buffer.concat([Buffer.from(PRINTED), Buffer.from([0xff, 0xfe, 10])])
  writeFileSync(join(it.folder, 'bytes'), bytes)
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
  const { io, out } = terminal(it)
  expect(await main(['logs', await it.run(), 'a'], io)).toBe(0)
  expect(out.stdout).toBe(`${SHOWN}\ufffd\ufffd\n`)
  const piped: Uint8Array[] = []
  const stdout = { write: (piece: string | Uint8Array) => void piped.push(Buffer.from(piece as Uint8Array)) }
  expect(await main(['logs', await it.run(), 'a'], { ...memoryIo({ cwd: it.folder, env: it.env }), stdout })).toBe(0)
  expect(Buffer.concat(piped)).toEqual(bytes)
})

test('messages on standard error move nothing on a terminal either', async () => {
  const it = project({})
  const { io, out } = terminal(it)
  expect(await main(['show', 'x\x1b[2Jy'], io)).toBe(2)
  expect(out.stderr).toContain('`xy`')
  expect(out.stderr).not.toContain('\x1b[2J')
})
