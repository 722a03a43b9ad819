import { expect } from 'vitest'
import { main } from '../../src/cli.ts'
import type { FakeGitHub } from './github.ts'
import { memoryIo } from './memory-io.ts'
import { GIT_PERSON, Repository } from './repository.ts'

/** A command in a repository, in this process. */
export async function opsflow(repository: Repository, env: Record<string, string>, ...argv: string[]) {
  const io = memoryIo({ cwd: repository.folder, env: { ...GIT_PERSON, HOME: repository.home, ...env } })
  const exit = await main(argv, io)
  return { exit, ...io.out }
}

/** The inputs that lead a run to the GitHub on this machine. */
export const onGitHub = (hub: FakeGitHub): string[] => [
  ...['--input', `github_api=${hub.api}`],
  ...['--input', 'github_repository=acme/app'],
]

/** A project at 1.0.0 with pipelines of a template in it. */
export async function releasable(template: string): Promise<Repository> {
  const repository = new Repository()
  repository.commit('feat: begin', { 'a.txt': 'one\ntwo\nthree\n', VERSION: '1.0.0\n' })
  repository.tag('v1.0.0')
  expect((await opsflow(repository, {}, 'init', template)).exit).toBe(0)
  repository.commit('chore: add the pipelines', {})
  return repository.push()
}

/** The id of the run that was told of first. */
export const runId = (stdout: string): string => /run (\S+)/.exec(stdout)![1]!

/** `quick-commit` with these inputs. */
export const quick = (repository: Repository, ...inputs: string[]) =>
  opsflow(repository, {}, 'run', 'quick-commit', ...inputs.flatMap((input) => ['--input', input]))

/** `commit-and-pr` of a feature. */
export const submit = (repository: Repository, env: Record<string, string>, ...more: string[]) =>
  opsflow(repository, env, 'run', 'commit-and-pr', '--input', 'task_description=feat(api): Log in', ...more)

/** `hotfix` with these commits. */
export const hotfix = (repository: Repository, env: Record<string, string>, commits: string[], ...more: string[]) =>
  opsflow(repository, env, 'run', 'hotfix', '--input', `commits=${JSON.stringify(commits)}`, ...more)

/** 1.0.0 is out; since then main has a feature and a fix. */
export async function mended(): Promise<{ readonly repository: Repository; readonly fix: string }> {
  const repository = await releasable('release')
  repository.commit('feat: big', { 'big.txt': 'big\n' })
  const fix = repository.commit('fix: stop', { 'a.txt': 'one\ntwo, mended\nthree\n' })
  repository.commit('feat: more')
  repository.push()
  return { repository, fix }
}
