import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * The rules of docs/architecture.md, as tables that fail the build. `layerFaults`, `homeFaults` and the rest are pure
 * over a list of files, so that each can be shown to bite on a made-up one.
 */

/** Reading order: a folder imports itself and what stands before it, never after. */
const LAYERS = [
  'util',
  'diagnostics',
  'document',
  'expr',
  'model',
  'policy',
  'plan',
  'lint',
  'events',
  'ports',
  'run',
  'engines',
  'supervisor',
  'executors',
  'actions',
  'store',
  'views',
  'server',
  'commands',
  'cli.ts',
  'index.ts',
]

/** Adapters are constructed only in `commands` and `index.ts`, so nothing between them may import another. */
const ADAPTERS = ['engines', 'executors', 'store', 'views', 'actions', 'supervisor', 'server']
const ADAPTER_MAY_IMPORT: Record<string, readonly string[]> = {
  executors: ['supervisor', 'actions'],
  // What the page says of a run are the words of the terminal.
  server: ['views'],
}

/** `run/` sees ports and what is pure. */
const RUN_MAY_IMPORT = ['util', 'expr', 'model', 'policy', 'plan', 'events', 'ports', 'run']

/** The one home of each npm package. */
const HOMES: Record<string, readonly string[]> = {
  yaml: ['document/'],
  '@marcbachmann/cel-js': ['expr/'],
  re2js: ['expr/'],
  '@dagrejs/graphlib': ['plan/'],
  cosmiconfig: ['commands/config.ts'],
  execa: ['actions/'],
  commander: ['commands/program.ts'],
  '@clack/prompts': ['views/'],
  hono: ['server/'],
  '@hono/node-server': ['server/'],
  picomatch: ['util/glob.ts'],
  semver: ['actions/'],
}

/** Entry points of processes, and the one that signals others: the only files that may touch `process`. */
const PROCESSES = ['cli.ts', 'supervisor/main.ts', 'supervisor/processes.ts', 'executors/action/host.ts']

interface Module {
  /** Path from src/. */
  readonly path: string
  readonly text: string
}

const SRC = join(import.meta.dirname, '..', 'src')
const modules: Module[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.includes('generated') && statSync(join(SRC, path)).isFile())
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))

/** What a module imports, static and dynamic: `{ from, typeOnly }`. */
function imports(module: Module): { from: string; typeOnly: boolean }[] {
  const found: { from: string; typeOnly: boolean }[] = []
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?\bfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm
  for (const match of module.text.matchAll(pattern)) {
    found.push({ from: (match[2] ?? match[3] ?? match[4])!, typeOnly: match[1] !== undefined })
  }
  return found
}

function folder(path: string): string {
  return path.split('/')[0]!
}

function target(module: Module, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined
  return relative('/', join('/', dirname(module.path), from))
}

function layerFaults(files: readonly Module[]): string[] {
  return files.flatMap((module) =>
    imports(module).flatMap(({ from }) => {
      const to = target(module, from)
      if (to === undefined) return []
      const [mine, theirs] = [folder(module.path), folder(to)]
      if (mine === theirs) return []
      if (LAYERS.indexOf(theirs) === -1) return [`${module.path} imports ${to}, which is in no layer`]
      // `cli.ts` loads commands lazily; the plan's shape is a contract that ports and events may name.
      if (LAYERS.indexOf(theirs) > LAYERS.indexOf(mine)) {
        if (mine === 'executors' && theirs === 'actions') return []
        return [`${module.path} imports ${to}, which stands below it`]
      }
      if (mine === 'run' && !RUN_MAY_IMPORT.includes(theirs))
        return [`${module.path} imports ${to}: run/ sees only ports and what is pure`]
      if (ADAPTERS.includes(mine) && ADAPTERS.includes(theirs) && !(ADAPTER_MAY_IMPORT[mine] ?? []).includes(theirs)) {
        return [`${module.path} imports ${to}: adapters meet only in commands/ and index.ts`]
      }
      return []
    }),
  )
}

function homeFaults(files: readonly Module[]): string[] {
  return files.flatMap((module) =>
    imports(module).flatMap(({ from }) => {
      if (from.startsWith('.') || from.startsWith('node:')) return []
      const name = from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/')
      const homes = HOMES[name]
      if (!homes) return [`${module.path} imports \`${name}\`, which has no home`]
      return homes.some((home) => module.path.startsWith(home))
        ? []
        : [`${module.path} imports \`${name}\`, whose home is ${homes.join(', ')}`]
    }),
  )
}

function processFaults(files: readonly Module[]): string[] {
  return files
    .filter(
      ({ path, text }) =>
        !PROCESSES.includes(path) &&
        /(?<![\w.'`-])process\.(?!env\.OPSFLOW_BUILD)|'node:process'/.test(
          text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
        ),
    )
    .map(({ path }) => `${path} touches process.*: only ${PROCESSES.join(', ')} may`)
}

/** Value-import cycles, each as its path. */
function cycleFaults(files: readonly Module[]): string[] {
  const edges = new Map(
    files.map((module) => [
      module.path,
      imports(module)
        .filter(({ typeOnly, from }) => !typeOnly && from.startsWith('.') && !module.text.includes(`import('${from}')`))
        .map(({ from }) => target(module, from)!),
    ]),
  )
  const done = new Set<string>()
  const faults: string[] = []
  const walk = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) faults.push([...trail.slice(at), path].join(' -> '))
    if (at >= 0 || done.has(path)) return
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) walk(path, [])
  return faults
}

function sizeFaults(files: readonly Module[]): string[] {
  return files
    .map(({ path, text }) => [path, text.split('\n').length] as const)
    .filter(([, lines]) => lines > 500)
    .map(([path, lines]) => `${path} has ${lines} lines: none may have over 500`)
}

function lockFaults(files: readonly Module[]): string[] {
  return files
    .filter(({ path, text }) => path !== 'store/owner.ts' && /owner\.lock/.test(text))
    .map(({ path }) => `${path} names owner.lock: one open of that file in the owner's process frees the lock`)
}

/** What would let the scheduler, or what computes a state, decide by something else than plan and events. */
const IMPURE =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.|\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bcrypto\.|\bfetch\(|\bconsole\.|'node:/

function impureFaults(files: readonly Module[]): string[] {
  return files
    .filter(({ path }) => ['run', 'events'].includes(folder(path)))
    .flatMap(({ path, text }) => {
      const found = IMPURE.exec(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''))
      return found ? [`${path} uses \`${found[0]}\`: the scheduler knows plan and events only`] : []
    })
}

const RULES = { layerFaults, homeFaults, processFaults, cycleFaults, sizeFaults, lockFaults }

describe('the house keeps its rules', () => {
  for (const [name, rule] of Object.entries(RULES)) {
    test(name, () => expect(rule(modules)).toEqual([]))
  }
})

describe('each rule bites when it is broken', () => {
  const broken: Record<keyof typeof RULES, readonly Module[]> = {
    layerFaults: [{ path: 'plan/compile.ts', text: "import { drive } from '../run/drive.ts'" }],
    homeFaults: [{ path: 'plan/compile.ts', text: "import { parse } from 'yaml'" }],
    processFaults: [{ path: 'views/live.ts', text: 'const columns = process.stdout.columns' }],
    cycleFaults: [
      { path: 'plan/a.ts', text: "import { b } from './b.ts'" },
      { path: 'plan/b.ts', text: "import { a } from './a.ts'" },
    ],
    sizeFaults: [{ path: 'plan/long.ts', text: '\n'.repeat(501) }],
    lockFaults: [{ path: 'store/ledger.ts', text: "readFileSync(join(folder, 'owner.lock'))" }],
  }
  for (const [name, files] of Object.entries(broken)) {
    test(name, () => expect(RULES[name as keyof typeof RULES](files)).toHaveLength(1))
  }
  test('run/ may not see an adapter, and an adapter may not see another', () => {
    expect(layerFaults([{ path: 'run/drive.ts', text: "import { lint } from '../lint/rule.ts'" }])).toHaveLength(1)
    expect(
      layerFaults([{ path: 'views/live.ts', text: "import { openStore } from '../store/store.ts'" }]),
    ).toHaveLength(1)
    expect(layerFaults([{ path: 'views/live.ts', text: "const m = await import('../store/store.ts')" }])).toHaveLength(
      1,
    )
  })
  test('process is process also by its module', () => {
    expect(processFaults([{ path: 'views/live.ts', text: "import { kill } from 'node:process'" }])).toHaveLength(1)
  })
  test('a package without a home is named', () => {
    expect(homeFaults([{ path: 'util/x.ts', text: "import chalk from 'chalk'" }])).toHaveLength(1)
  })
})

describe('the scheduler', () => {
  test('promise 4a: and what computes a state have no clock, no dice and no way into the world', () => {
    expect(modules.filter(({ path }) => path.startsWith('run/')).length).toBeGreaterThan(10)
    expect(impureFaults(modules)).toEqual([])
  })
  test.each([
    'const at = Date.now()',
    'const at = new Date()',
    'if (Math.random() < 0.5) return',
    'setTimeout(go, 5)',
    "import { readFileSync } from 'node:fs'",
  ])('may not say: %s', (text) => {
    expect(impureFaults([{ path: 'run/drive.ts', text }])).toHaveLength(1)
    expect(impureFaults([{ path: 'store/ledger.ts', text }])).toEqual([])
  })
})
