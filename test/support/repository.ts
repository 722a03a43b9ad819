import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Action, ActionContext } from '../../src/actions/action.ts'
import type { Json } from '../../src/util/json.ts'

/** The environment of a person whose git knows who they are and has no habits of this machine. */
export const GIT_PERSON = {
  PATH: process.env.PATH ?? '',
  GIT_AUTHOR_NAME: 'A Tester',
  GIT_AUTHOR_EMAIL: 'tester@example.org',
  GIT_COMMITTER_NAME: 'A Tester',
  GIT_COMMITTER_EMAIL: 'tester@example.org',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

/** A temporary folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

type Output =
  | 'version'
  | 'tag'
  | 'previous'
  | 'base'
  | 'tip'
  | 'commits'
  | 'entry'
  | 'date'
  | 'path'
  | 'commit'
  | 'tag_object'
  | 'tree'
  | 'files'
  | 'moved'
  | 'branch'
  | 'head'
  | 'ahead'
  | 'found'
  | 'command'
  | 'count'
  | 'lines'
type Outputs = Readonly<Record<Output, string>>

/** A real repository on branch `main`, with a bare remote `origin` that has the same. */
export class Repository {
  readonly folder: string
  readonly remote: string
  readonly home: string

  constructor(home: string = temporaryFolder()) {
    this.home = home
    this.folder = join(home, 'project')
    this.remote = join(home, 'remote.git')
    mkdirSync(this.folder)
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', this.remote], { env: GIT_PERSON })
    this.git('init', '--quiet', '--initial-branch=main')
    this.git('remote', 'add', 'origin', this.remote)
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.folder,
      env: GIT_PERSON,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd()
  }

  inRemote(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.remote,
      env: GIT_PERSON,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd()
  }

  write(files: Record<string, string>): this {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true })
      writeFileSync(join(this.folder, path), text)
    }
    return this
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8')
  }

  commit(message: string, files: Record<string, string> = { [`${this.count++}.txt`]: message }): string {
    this.write(files)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--message', message)
    return this.git('rev-parse', 'HEAD')
  }
  private count = 0

  tag(name: string): this {
    this.git('tag', '--annotate', '--message', name, name)
    return this
  }

  push(): this {
    this.git('push', '--quiet', '--follow-tags', 'origin', 'main')
    return this
  }

  /** Somebody else commits to the remote's branch. */
  moveRemote(message: string): string {
    const clone = join(this.home, `clone-${this.count++}`)
    execFileSync('git', ['clone', '--quiet', this.remote, clone], { env: GIT_PERSON })
    writeFileSync(join(clone, `theirs-${this.count}.txt`), message)
    execFileSync('git', ['add', '--all'], { cwd: clone, env: GIT_PERSON })
    execFileSync('git', ['commit', '--quiet', '--message', message], { cwd: clone, env: GIT_PERSON })
    execFileSync('git', ['push', '--quiet', 'origin', 'main'], { cwd: clone, env: GIT_PERSON })
    return this.inRemote('rev-parse', 'main')
  }

  /** All that a failed release may not touch: refs here and there, the checkout and its state. */
  snapshot(): Record<string, string> {
    return {
      refs: this.git('for-each-ref', '--format=%(refname) %(objectname)'),
      head: readFileSync(join(this.folder, '.git', 'HEAD'), 'utf8'),
      status: this.git('status', '--porcelain'),
      files: this.git('ls-files', '--stage'),
      remote: this.inRemote('for-each-ref', '--format=%(refname) %(objectname)'),
      trees: this.git('worktree', 'list', '--porcelain'),
    }
  }

  /** Runs one action here, as its host would: inputs with their defaults. */
  async act(
    action: Action,
    inputs: Record<string, Json> = {},
    log: string[] = [],
  ): Promise<{ outputs: Outputs; log: string[] }> {
    const context: ActionContext = {
      root: this.folder,
      cwd: this.folder,
      run: 'r1',
      path: 'step',
      attempt: 1,
      idempotencyKey: 'r1/step',
      scratch: join(this.home, 'scratch', 'step'),
      env: GIT_PERSON,
      log: (line) => log.push(line),
      signal: new AbortController().signal,
    }
    const defaults = Object.entries(action.inputs).flatMap(([name, schema]) =>
      schema.default === undefined ? [] : [[name, schema.default] as const],
    )
    const outputs = await action.run({ ...Object.fromEntries(defaults), ...inputs }, context)
    // Texts for the most part; a test that reads another type says so.
    return { outputs: outputs as unknown as Outputs, log }
  }
}
