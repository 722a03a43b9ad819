import { expect } from 'vitest'
import { opsflow as opsflowIn } from './release.ts'
import { Repository } from './repository.ts'

/** A command in a repository, in this process. */
export const opsflow = (repository: Repository, ...argv: string[]) => opsflowIn(repository, {}, ...argv)

/** A signal with a payload, told as words. */
export const send = (repository: Repository, name: string, payload: Record<string, unknown> = {}) => {
  const fields = Object.entries({ task_description: 'chore: do it', ...payload })
  const words = fields.flatMap(([field, value]) => [
    '--payload',
    `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ])
  return opsflow(repository, 'signal', name, ...words)
}

/** A project at 1.0.0 with a feature since, with everything that the operations coordinator needs. */
export async function operations(files: Record<string, string> = {}): Promise<Repository> {
  const repository = new Repository()
  repository.commit('feat: begin', {
    'package.json': '{ "name": "p", "version": "1.0.0" }\n',
    'README.md': '# P\n\nSee [the guide](docs/guide.md).\n',
    'docs/guide.md': '# Guide\n\n[back](../README.md)\n',
    Makefile: 'build:\n\t@echo built\ntest:\n\t@echo tested\n',
    ...files,
  })
  repository.tag('v1.0.0')
  expect((await opsflow(repository, 'init', 'release')).exit).toBe(0)
  repository.commit('feat: more', { 'a.txt': 'one\n' })
  return repository.push()
}
