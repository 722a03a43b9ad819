import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { main } from '../../src/cli.ts'
import { templates } from '../../src/commands/init.ts'
import { filesBelow } from '../../src/util/files-below.ts'
import { memoryIo } from '../support/memory-io.ts'
import { opsflow } from '../support/operations.ts'
import { GIT_PERSON, Repository, temporaryFolder } from '../support/repository.ts'

/*
 * `opsflow init TEMPLATE` in a real repository: what it puts there lints clean and does what it says, without a model and
 * without another word. The release has its own tests.
 */

async function begun(template: string, files: Record<string, string> = {}): Promise<Repository> {
  const repository = new Repository()
  repository.commit('feat: begin', { 'README.md': '# p\n', LICENSE: 'free\n', ...files })
  expect(await opsflow(repository, 'init', template)).toMatchObject({ exit: 0, stderr: '' })
  repository.commit(`chore: add ${template}`, {})
  return repository
}

const json = ({ stdout }: { readonly stdout: string }) =>
  JSON.parse(stdout) as {
    readonly run: string
    readonly pipeline: string
    readonly outputs: object
    readonly steps: readonly { readonly path: string; readonly status: string }[]
  }

test('all templates can be had in one repository: what they share is the same, and they lint clean', async () => {
  const repository = new Repository()
  repository.commit('feat: begin')
  for (const { name } of templates()) {
    const made = await opsflow(repository, 'init', name)
    expect(made, name).toMatchObject({ exit: 0, stderr: '' })
    // A release and a commit are made of the same pipelines, which are there already.
    expect(/^ {2}=/m.test(made.stdout), name).toBe(name === 'commit')
    // What it says comes next are commands that there are.
    for (const [, command] of made.stdout.matchAll(/`opsflow (\w+)/g))
      expect((await opsflow(repository, command!, '--help')).exit).toBe(0)
  }
  expect(await opsflow(repository, 'lint', '--max-warnings', '0')).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/^no findings/),
  })
})

test('what is there already is left as it is, and nothing else is written', async () => {
  for (const { name } of templates()) {
    const init = async (folder: string) => {
      const io = memoryIo({ cwd: folder, env: GIT_PERSON })
      return { exit: await main(['init', name], io), ...io.out }
    }
    const made = await init(temporaryFolder())
    const paths = [...made.stdout.matchAll(/^ {2}\+ (.+)$/gm)].map(([, path]) => path!)
    const taken = paths.at(-1)!
    const folder = temporaryFolder()
    mkdirSync(dirname(join(folder, taken)), { recursive: true })
    writeFileSync(join(folder, taken), 'mine\n')
    const refused = await init(folder)
    expect(refused, name).toMatchObject({ exit: 1, stdout: '' })
    expect(refused.stderr).toContain(`nothing was written: \`${taken}\` is there already and says something else`)
    expect(readFileSync(join(folder, taken), 'utf8')).toBe('mine\n')
    expect(filesBelow(folder)).toEqual([taken])
  }
})

test('blank: its pipeline runs', async () => {
  const repository = await begun('blank')
  const ran = await opsflow(repository, 'run', 'hello', '-i', 'who=you')
  expect(ran).toMatchObject({ exit: 0, stderr: '' })
  expect(ran.stdout).toContain('  text: hello you\n')
})

test('ci: passes where tests pass, tells a commit message, and fails for failing tests and for a credential', async () => {
  const repository = await begun('ci', { Makefile: 'test:\n\t@test ! -f broken\n' })
  repository.commit('no convention at all')
  const good = await opsflow(repository, 'run', 'ci', '--json')
  expect(good.exit).toBe(0)
  expect(json(good)).toMatchObject({ outcome: 'succeeded-with-failures', outputs: { tests: 'make test' } })
  const log = await opsflow(repository, 'logs', json(good).run, 'verdict')
  expect(log.stdout).toMatch(/^\d+ files changed, tested by: make test\ncommit messages: failed\n$/)

  repository.write({ broken: '' })
  repository.commit('feat: use a key', { key: `AKIA${'ABCD'.repeat(4)}\n` })
  const broken = await opsflow(repository, 'run', 'ci', '--json')
  expect(broken.exit).toBe(1)
  const ends = new Map(json(broken).steps.map(({ path, status }) => [path, status]))
  expect(Object.fromEntries(ends)).toMatchObject({ tests: 'failed', no_credentials: 'failed', verdict: 'succeeded' })
})

test('audit: finds nothing in a tidy repository, and counts what should not be there', async () => {
  const repository = await begun('audit')
  const tidy = await opsflow(repository, 'run', 'audit', '-i', 'strict=true', '--json')
  expect(tidy.exit).toBe(0)
  expect(json(tidy).outputs).toEqual({ findings: 0 })

  repository.git('branch', 'old')
  repository.git('rm', '--quiet', 'LICENSE')
  repository.commit('feat: more', {
    'big.bin': 'x'.repeat(30_000),
    'deploy.pem': 'key\n',
    token: `AKIA${'ABCD'.repeat(4)}\n`,
  })
  const found = await opsflow(repository, 'run', 'audit', '-i', 'large_kib=20', '-i', 'strict=true', '--json')
  expect(found.exit).toBe(1)
  const log = await opsflow(repository, 'logs', json(found).run)
  expect(log.stdout).toContain('big.bin')
  expect(log.stdout).toContain('deploy.pem')
  expect(log.stdout).toContain(
    'large files 1, key files 1, stale branches 0, papers missing 1, credentials in the last commit: failed\n',
  )
})

test('coordinator: a signal is answered by its route, what it lacks is refused, and what is removed was approved', async () => {
  const repository = await begun('coordinator')
  const refused = await opsflow(repository, 'signal', 'REPO:STATUS')
  expect(refused.exit).not.toBe(0)
  expect(refused.stderr).toContain('reason')

  repository.git('branch', 'merged')
  repository.git('switch', '--quiet', '-c', 'ahead')
  repository.commit('feat: not merged', { more: '' })
  repository.git('switch', '--quiet', 'main')
  const words = ['signal', 'REPO:TIDY', '-p', 'reason=tidy']
  expect(json(await opsflow(repository, ...words, '--json'))).toMatchObject({
    pipeline: 'repo-status',
    outputs: { branch: 'main' },
  })
  const parked = await opsflow(repository, ...words, '-p', 'apply=true')
  expect(parked.exit).toBe(4)
  expect(parked.stdout).toContain('merged')
  const run = /run (\d{8}-\S+)/.exec(parked.stdout)![1]!
  expect((await opsflow(repository, 'approve', run, 'approve', '--resume')).exit).toBe(0)
  expect(repository.git('branch', '--format=%(refname:short)')).toBe('ahead\nmain')
})
