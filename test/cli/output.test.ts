import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { project } from '../support/project.ts'
import { hasTerminal, openTerminal } from '../support/terminal.ts'

const ENTRY = join(import.meta.dirname, '..', 'support', 'opsflow-process.ts')

describe.runIf(existsSync('/dev/full'))('where the output goes is full', () => {
  function intoFull(it: ReturnType<typeof project>, ...words: readonly string[]) {
    const full = openSync('/dev/full', 'w')
    try {
      return spawnSync(process.execPath, [ENTRY, ...words], {
        cwd: it.folder,
        env: { ...it.env, OPSFLOW_BUILD_VERSION: '0.0.0' },
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      })
    } finally {
      closeSync(full)
    }
  }

  test('a run goes on to its end, says so once, and exits 1', () => {
    const it = project({
      'p.yaml': 'pipeline: p\nsteps: { a: { run: echo a >> order }, b: { needs: [a], run: echo b >> order } }\n',
    })
    const { status, stderr } = intoFull(it, 'run', 'p.yaml')
    expect(it.lines('order')).toEqual(['a', 'b'])
    expect(stderr).toBe('opsflow: the output cannot be written: ENOSPC: no space left on device, write\n')
    expect(status).toBe(1)
    expect(it.state().outcome).toBe('succeeded')
  })

  test('what only prints exits 1, in one line', () => {
    const { status, stderr } = intoFull(
      project({ 'p.yaml': 'pipeline: p\nsteps: { a: { run: echo } }\n' }),
      'lint',
      'p.yaml',
    )
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(status).toBe(1)
  })
})

describe.runIf(hasTerminal)('the terminal of a run is closed', () => {
  test('promise 22c: the step that runs ends, and the run parks', async () => {
    const it = project({
      'p.yaml': `pipeline: p
steps:
  a: { run: "echo yes > began; until test -f go; do sleep 0.02; done; echo a >> order" }
  ask: { needs: [a], approval: { prompt: "Go on?" } }
`,
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await it.file('began')
    terminal.close()
    it.write({ go: '' })
    await it.until(({ phase }, liveness) => phase === 'parked' && liveness === 'free')
    expect(it.lines('order')).toEqual(['a'])
  })

  test('promise 22c: while a person is asked, and the run parks with its question open', async () => {
    const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  ask: { approval: { prompt: "Go on?" } }\n' })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/Go on\?/)
    terminal.close()
    await it.until(({ phase }, liveness) => phase === 'parked' && liveness === 'free')
    expect((await it.opsflow('approve', await it.run(), 'ask', '--resume')).exit).toBe(0)
  })
})
