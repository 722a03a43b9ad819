import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { main } from '../src/cli.ts'
import { memoryIo } from './support/memory-io.ts'
import { temporaryFolder } from './support/repository.ts'

/*
 * The README is run: its YAML blocks are written as the files they name, its transcripts are played in that folder and
 * compared with what comes out, its commands exist, its links lead somewhere.
 */

const ROOT = join(import.meta.dirname, '..')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]!)
}

/** What differs from run to run, by its name. */
function normalise(text: string): string {
  return text
    .replace(/\b\d{8}-\d{6}-[a-z0-9]{5}\b/g, 'RUN')
    .replace(/\b\d+(?:\.\d+)?(?:ms|s|m \d+s)\b/g, 'TIME')
    .trimEnd()
}

describe('the README', () => {
  test('its transcript comes out as printed, on the files it shows', async () => {
    const folder = temporaryFolder()
    for (const yaml of blocks(README, 'yaml')) {
      const name = /^# (\S+\.yaml)$/m.exec(yaml)?.[1]
      expect(name, 'a YAML block names its file on its first line').toBeDefined()
      writeFileSync(join(folder, name!), yaml)
    }
    mkdirSync(join(folder, 'data'))
    for (const name of ['a', 'b']) writeFileSync(join(folder, 'data', name), name)
    const transcripts = blocks(README, 'console')
    expect(transcripts).not.toHaveLength(0)
    for (const transcript of transcripts) {
      for (const part of transcript.split(/^\$ /m).filter(Boolean)) {
        const [command, ...output] = part.trimEnd().split('\n')
        const io = memoryIo({ cwd: folder, env: { PATH: process.env.PATH } })
        await main(command!.split(' ').slice(1), io)
        expect(normalise(io.out.stdout + io.out.stderr)).toBe(output.join('\n'))
      }
    }
  })

  test('its npm commands are scripts of package.json, its opsflow commands are commands', async () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const io = memoryIo({ cwd: ROOT })
    await main(['--help'], io)
    for (const [, name] of README.matchAll(/npm (?:run ([a-z:]+)|test)(?=[`\s])/g))
      expect(Object.keys(scripts)).toContain(name ?? 'test')
    for (const [, name] of README.matchAll(/`opsflow ([a-z]+)/g))
      expect(io.out.stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
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
