import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, matchesGlob } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BUILT_IN } from '../src/actions/index.ts'
import { main } from '../src/cli.ts'
import { memoryIo } from './support/memory-io.ts'
import { temporaryFolder } from './support/repository.ts'
import { commandsOf, RUN_ID } from './support/transcript.ts'

/*
 * The README and the guide are run: their files are written under the names on their first lines, their transcripts are
 * played in that folder and compared with what comes out, their commands exist, their links lead somewhere.
 */

const ROOT = join(import.meta.dirname, '..')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const GUIDE = readFileSync(join(ROOT, 'docs', 'guide.md'), 'utf8')

function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]!)
}

/** Writes every file that a page shows into a folder of its own. */
function written(markdown: string): string {
  const folder = temporaryFolder()
  for (const text of [...blocks(markdown, 'yaml'), ...blocks(markdown, 'js')]) {
    const name = /^(?:#|\/\/) (\S+\.(?:yaml|mjs))$/m.exec(text)?.[1]
    expect(name, 'a block names its file on its first line').toBeDefined()
    mkdirSync(dirname(join(folder, name!)), { recursive: true })
    writeFileSync(join(folder, name!), text)
  }
  return folder
}

/** What differs from run to run, by its name. */
function normalise(text: string): string {
  return (
    text
      .replace(RUN_ID, 'RUN')
      .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, 'DATE')
      .replace(/\bpid \d+/g, 'pid PID')
      .replace(/\b\d+(?:\.\d+)?(?:ms|s|m \d+s)\b/g, 'TIME')
      // Of steps that take as long as each other, now this one is on it and now that.
      .replace(/critical path TIME: .*/g, 'critical path TIME: STEPS')
      .trimEnd()
  )
}

/** Plays the transcripts of a page; RUN in a command is the run that was named last. */
async function play(markdown: string, folder: string): Promise<void> {
  const transcripts = blocks(markdown, 'console')
  expect(transcripts).not.toHaveLength(0)
  let run = 'RUN'
  for (const transcript of transcripts) {
    for (const { command, output } of commandsOf(transcript)) {
      if (!command.startsWith('opsflow ')) {
        expect(execFileSync('sh', ['-ec', command], { cwd: folder, encoding: 'utf8' }), command).toBe(output)
        continue
      }
      const io = memoryIo({ cwd: folder, env: { PATH: process.env.PATH } })
      await main(command.replace('RUN', run).split(' ').slice(1), io)
      const printed = io.out.stdout + io.out.stderr
      expect(normalise(printed), command).toBe(normalise(output))
      run = printed.match(RUN_ID)?.at(-1) ?? run
    }
  }
}

/** The commands that a page names exist. */
async function expectCommands(markdown: string): Promise<void> {
  const io = memoryIo({ cwd: ROOT })
  await main(['--help'], io)
  for (const [, name] of markdown.matchAll(/`opsflow ([a-z]+)/g))
    expect(io.out.stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
}

describe('the README', () => {
  test('its transcript comes out as printed, on the files it shows', async () => {
    await play(README, written(README))
  })

  test('its npm commands are scripts of package.json, its opsflow commands are commands', async () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    for (const [, name] of README.matchAll(/npm (?:run ([a-z:]+)|test)(?=[`\s])/g))
      expect(Object.keys(scripts)).toContain(name ?? 'test')
    await expectCommands(README)
  })

  test('what it links to comes with the package', () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: readonly string[] }
    const links = [...README.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1]!)
    expect(links).toContain('docs/pictures/terminal.svg')
    const packed = (path: string) =>
      files.some((pattern) => matchesGlob(path, pattern) || `${path}/`.startsWith(`${pattern}/`))
    expect(links.filter((link) => !packed(link.replace(/\/$/, '')))).toEqual([])
  })
})

test('the tutorial names commands that exist', () =>
  expectCommands(readFileSync(join(ROOT, 'docs', 'tutorial.md'), 'utf8')))

describe('the guide', () => {
  test('its files have no findings', async () => {
    const folder = written(GUIDE)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'))
    const io = memoryIo({ cwd: folder, env: { PATH: process.env.PATH } })
    expect(await main(['lint', ...files], io)).toBe(0)
    expect(io.out.stdout).toBe(`no findings in ${files.length} files\n`)
    for (const file of files.filter((path) => /^pipeline: /m.test(readFileSync(join(folder, path), 'utf8')))) {
      const plan = memoryIo({ cwd: folder, env: { PATH: process.env.PATH } })
      expect(await main(['plan', file], plan), plan.out.stdout + plan.out.stderr).toBe(0)
    }
  })

  test('its transcripts come out as printed, its commands exist', async () => {
    await play(GUIDE, written(GUIDE))
    await expectCommands(GUIDE)
  })

  test('what it shows without a transcript runs, too', async () => {
    const folder = written(GUIDE)
    const result = async (...words: readonly string[]) => {
      const io = memoryIo({ cwd: folder, env: { PATH: process.env.PATH } })
      const exit = await main(words, io)
      return { exit, ...(JSON.parse(io.out.stdout) as { readonly outputs: object; readonly steps: readonly object[] }) }
    }
    expect(await result('run', 'greet.yaml', '--json')).toMatchObject({ exit: 0, outputs: { text: 'hello you' } })
    expect(await result('run', 'build', '-i', 'version=1.2.0', '-i', 'targets=["linux"]', '--json')).toMatchObject({
      exit: 0,
      steps: [{ path: 'pack', outputs: { artifact: 'app-1.2.0.tgz', targets: ['linux'] } }, { path: 'tell' }],
    })
    const hosts = await result('run', 'hosts.yaml', '--json')
    expect(hosts.exit).toBe(1)
    expect(hosts.steps).toContainEqual(expect.objectContaining({ path: 'patch[db1]', status: 'failed' }))
    expect(hosts.steps).toContainEqual(expect.objectContaining({ path: 'report', status: 'succeeded' }))
    expect(await result('run', 'rollout', '--json')).toMatchObject({ exit: 0 })
    expect(await result('signal', 'OPS:GREET', '-p', 'task_description=why', '--json')).toMatchObject({ exit: 0 })
  })

  test('the built-in actions that it names are those that there are', () => {
    const named = [...GUIDE.matchAll(/`((?:ci|docs|git|github|ops|release)\/[a-z-]+)`/g)].map(([, name]) => name)
    expect(named.sort()).toEqual(Object.keys(BUILT_IN).sort())
  })
})

describe('the papers', () => {
  const papers = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md'))
      .map((path) => `docs/${path}`),
  ]
  for (const paper of papers) {
    test(`${paper}: links inside the project lead somewhere`, () => {
      const text = readFileSync(join(ROOT, paper), 'utf8')
      const dead = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1]!)
        .filter((link) => !existsSync(join(ROOT, dirname(paper), link)))
      expect(dead).toEqual([])
    })
  }
})
