import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { project, type TestProject } from './support/project.ts'

/** What the benchmarks time, counted: a slip here is a slip there, and a count is the same on every machine. */
const spawned = vi.hoisted(() => [] as string[])
vi.mock('node:child_process', async (original) => {
  const real = await original<typeof import('node:child_process')>()
  const spawn = (program: string, words: readonly string[], ...rest: unknown[]) => {
    spawned.push([program, ...words].join(' '))
    return (real.spawn as (...all: unknown[]) => unknown)(program, words, ...rest)
  }
  return { ...real, spawn, default: { ...real, spawn } }
})

const { prepare } = DatabaseSync.prototype
let commits = 0

beforeEach(() => {
  spawned.length = 0
  commits = 0
  DatabaseSync.prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql)
    if (sql !== 'COMMIT') return statement
    const { run } = statement
    statement.run = (...values: unknown[]) => {
      commits++
      return (run as (...all: unknown[]) => ReturnType<typeof run>).apply(statement, values)
    }
    return statement
  }
})
afterEach(() => {
  DatabaseSync.prototype.prepare = prepare
})

function chain(count: number): string {
  const steps = Array.from(
    { length: count },
    (_, i) => `  s${i}: { ${i === 0 ? '' : `needs: [s${i - 1}], `}run: "true", timeout: 1m }\n`,
  )
  return `pipeline: p\nsteps:\n${steps.join('')}`
}

function wide(count: number): string {
  return chain(count).replaceAll(/needs: \[s\d+\], /g, '')
}

async function ran(text: string): Promise<TestProject> {
  const it = project({ 'p.yaml': text })
  const { exit, stderr } = await it.opsflow('run', 'p.yaml')
  expect(stderr).toBe('')
  expect(exit).toBe(0)
  return it
}

describe('a run', () => {
  test('starts one process, the supervisor, however many steps it has', async () => {
    await ran(wide(20))
    expect(spawned).toHaveLength(1)
    expect(spawned[0]).toMatch(/supervisor[\\/]main\.ts$/)
  })

  test('commits the end of a step together with the start of the next', async () => {
    await ran(chain(12))
    // One for the run and its first step, one for the end of each.
    expect(commits).toBe(13)
  })

  test('commits no more often for steps beside each other', async () => {
    await ran(wide(12))
    expect(commits).toBeLessThanOrEqual(13)
  })

  test('writes less than 1 KB of events a step, and no more a step when it is longer', async () => {
    const bytes = async (count: number): Promise<number> => {
      const events = (await ran(chain(count))).events()
      return events.reduce((sum, event) => sum + JSON.stringify(event).length, 0)
    }
    const [short, long] = [await bytes(5), await bytes(25)]
    const perStep = (long - short) / 20
    expect(perStep).toBeLessThan(1024)
    expect(long).toBeLessThan(short * 5)
  })
})

describe('what a short command loads', () => {
  const src = join(import.meta.dirname, '..', 'src')
  const staticImport = /^(?:import|export)\s(?!type\s)[^'";]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm

  /** Every package and module of Node that a file pulls in by static imports, through all files of ours. */
  function pulledIn(entry: string): ReadonlySet<string> {
    const found = new Set<string>()
    const seen = new Set<string>()
    const queue = [join(src, entry)]
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (seen.has(file)) continue
      seen.add(file)
      for (const [, from, bare] of readFileSync(file, 'utf8').matchAll(staticImport)) {
        const target = (from ?? bare)!
        if (target.startsWith('.')) queue.push(join(dirname(file), target))
        else found.add(target)
      }
    }
    return found
  }

  test('`--version` loads nothing but the front door', () => {
    expect([...pulledIn('cli.ts')].sort()).toEqual(['node:fs', 'node:os'])
  })

  test.each(['run', 'lint'])('`%s` loads no screen, no prompts, no tools and no searcher', (command) => {
    const packages = [...pulledIn(`commands/${command}.ts`)]
    expect(packages).toContain('yaml')
    for (const name of ['@clack/prompts', 'execa', 'cosmiconfig', 'semver', 'commander'])
      expect(packages).not.toContain(name)
    for (const name of ['@marcbachmann/cel-js', '@marcbachmann/cel-js/evaluator', 're2js'])
      expect(packages).not.toContain(name)
  })

  test('`run` loads no promises of files, which bring a line editor along', () => {
    expect([...pulledIn('commands/run.ts')]).not.toContain('node:fs/promises')
  })

  test('what starts the supervisor of a run loads no package at all', () => {
    expect([...pulledIn('executors/spare.ts')].filter((name) => !name.startsWith('node:'))).toEqual([])
  })

  test('the supervisor loads no package at all', () => {
    expect([...pulledIn('supervisor/main.ts')].filter((name) => !name.startsWith('node:'))).toEqual([])
  })
})
