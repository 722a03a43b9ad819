import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { main } from '../src/cli.ts'
import { memoryIo } from './support/memory-io.ts'
import { GIT_PERSON } from './support/repository.ts'
import { commandsOf, normalise, RUN_ID, settled, wordsOf } from './support/transcript.ts'

/*
 * Every example is played: its README's transcript, in a copy of its folder. What comes out must be what stands there.
 * UPDATE=1 writes what came out into the READMEs.
 */

const EXAMPLES = join(import.meta.dirname, '..', 'examples')
const names = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'language')
  .map(({ name }) => name)

const TRANSCRIPT = /^```console\n([\s\S]*?)^```/m

const transcriptOf = (name: string) =>
  commandsOf(TRANSCRIPT.exec(readFileSync(join(EXAMPLES, name, 'README.md'), 'utf8'))?.[1] ?? '')

/** The service of the example `http`: unwell once, then well; takes messages of who has the token. */
async function service(after: (end: () => void) => void): Promise<number> {
  let asked = 0
  const server = createServer((request, response) => {
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/health') json(asked++ < 1 ? 503 : 200, {})
    else if (request.headers.authorization === 'Bearer abcd-efgh-1234') json(201, { id: 'message-17' })
    else json(401, {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** Plays one line: opsflow in this process, whatever else by a shell; opsflow before a pipe hands its output over. */
async function play(line: string, folder: string): Promise<string> {
  const [, variables = '', words, pipe] = /^((?:[A-Z_]+=\S+ )*)opsflow (.*?)(?: (\|.*))?$/.exec(line) ?? []
  const shell = (script: string, input = '') => {
    const options = { cwd: folder, env: { ...GIT_PERSON, HOME: folder }, encoding: 'utf8', input } as const
    return execFileSync('sh', ['-c', script], options)
  }
  if (words === undefined) return shell(line)
  const env = Object.fromEntries(
    variables
      .split(' ')
      .filter(Boolean)
      .map((pair) => pair.split('=') as [string, string]),
  )
  const io = memoryIo({ cwd: folder, env: { ...GIT_PERSON, HOME: folder, ...env } })
  await main(wordsOf(words), io)
  const printed = io.out.stdout + io.out.stderr
  return pipe === undefined ? printed : shell(`cat ${pipe}`, printed)
}

test('there are fourteen examples or more, and the overview names each with its folder', () => {
  expect(names.length).toBeGreaterThanOrEqual(14)
  const overview = readFileSync(join(EXAMPLES, 'README.md'), 'utf8')
  const linked = [...overview.matchAll(/\]\(([a-z-]+)\/README\.md\)/g)].map(([, name]) => name)
  expect(linked.toSorted()).toEqual([...names, 'language'].toSorted())
})

// Side by side: most of a run is waiting for processes.
test.concurrent.for(names)(
  '%s: lints clean, and its transcript comes out as it stands',
  async (name, { expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    cpSync(join(EXAMPLES, name), folder, { recursive: true })
    const io = memoryIo({ cwd: folder, env: GIT_PERSON })
    expect(await main(['lint', '--max-warnings', '0'], io), io.out.stdout + io.out.stderr).toBe(0)

    const port = name === 'http' ? await service(onTestFinished) : 0
    const transcript = transcriptOf(name)
    expect(transcript.length).toBeGreaterThan(0)
    let run = 'RUN'
    const played: string[] = []
    for (const { command, output } of transcript) {
      const line = command.replace(/\bRUN\b/, run).replace('127.0.0.1:8080', `127.0.0.1:${port}`)
      const raw = await play(line, folder)
      const printed = normalise(raw.replaceAll(`127.0.0.1:${port}`, '127.0.0.1:8080'))
      run = raw.match(RUN_ID)?.at(-1) ?? run
      played.push(`$ ${command}\n${printed === '' ? '' : `${printed}\n`}`)
      if (!process.env.UPDATE) expect(settled(printed), command).toBe(settled(output))
    }
    if (process.env.UPDATE) {
      const path = join(EXAMPLES, name, 'README.md')
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(TRANSCRIPT, () => `\`\`\`console\n${played.join('')}\`\`\``),
      )
    }
  },
)
