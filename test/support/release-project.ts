import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { opsflow } from './operations.ts'
import { Repository } from './repository.ts'

/** A project at 1.0.0 with a feature since, with the release pipeline put into it by `init` and committed. */
export async function releaseProject(files: Record<string, string> = {}): Promise<Repository> {
  const repository = new Repository()
  repository.commit('chore: begin', { 'package.json': '{\n  "name": "p",\n  "version": "1.0.0"\n}\n', ...files })
  repository.tag('v1.0.0').commit('feat: greet')
  expect((await opsflow(repository, 'init', 'release')).exit).toBe(0)
  repository.commit('chore: add the release pipeline', {})
  return repository.push()
}

/** A hook of the remote that refuses what it is shown; gives what takes it away again. */
export function refuse(repository: Repository, what: string): () => void {
  const hook = join(repository.remote, 'hooks', 'update')
  writeFileSync(hook, `#!/bin/sh\ncase "$1" in ${what}) echo "closed for today" >&2; exit 1;; esac\n`)
  chmodSync(hook, 0o755)
  return () => rmSync(hook)
}
