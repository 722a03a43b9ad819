import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { nearest } from '../util/nearest.ts'
import type { ExitCode, Io } from './io.ts'
import { packageFolder } from './package-folder.ts'
import { findProject } from './project.ts'
import { UsageError, WorldError } from './usage-error.ts'

interface Template {
  readonly text: string
  /** Where its files lie in the package: nowhere else than in the project that gets them. */
  readonly folder: string
  readonly files: readonly string[]
  readonly next: readonly string[]
}

/** What each template puts into a repository. Files of the same path are the same, so that all can be had. */
const TEMPLATES: Readonly<Record<string, Template>> = {
  release: {
    text: 'a release with an approval, and signals for it',
    // What opsflow itself is released with.
    folder: '.',
    files: [
      'agents.yaml',
      'pipelines/release.yaml',
      'pipelines/release-round.yaml',
      'pipelines/hotfix.yaml',
      'pipelines/ci-check.yaml',
      'pipelines/quick-commit.yaml',
      'pipelines/commit-and-pr.yaml',
      'pipelines/docs.yaml',
      'pipelines/knowledge.yaml',
      'pipelines/handoff.yaml',
      'pipelines/build.yaml',
      'pipelines/ops-audit.yaml',
      'pipelines/synthesize.yaml',
      'pipelines/ops.yaml',
      'pipelines/tooling.yaml',
    ],
    next: ['opsflow lint', 'opsflow plan release', 'opsflow run release'],
  },
  commit: {
    text: 'a commit with tests before it, and a pull request',
    folder: '.',
    files: ['agents.yaml', 'pipelines/quick-commit.yaml', 'pipelines/commit-and-pr.yaml'],
    next: ['opsflow lint', 'opsflow run commit-and-pr -i task_description="fix: …"'],
  },
  ci: {
    text: 'tests, commit messages and credentials, the same on a laptop as in CI',
    folder: 'templates/ci',
    files: ['pipelines/ci.yaml'],
    next: ['opsflow lint', 'opsflow run ci'],
  },
  audit: {
    text: 'a look through the repository for what should not be there',
    folder: 'templates/audit',
    files: ['pipelines/audit.yaml'],
    next: ['opsflow lint', 'opsflow run audit'],
  },
  coordinator: {
    text: 'signals that are answered with pipelines, by routes',
    folder: 'templates/coordinator',
    files: ['pipelines/coordinator.yaml', 'pipelines/repo-status.yaml', 'pipelines/repo-tidy.yaml'],
    next: ['opsflow lint', 'opsflow signal REPO:STATUS -p reason="a first look"'],
  },
  blank: {
    text: 'a config and a pipeline of two steps to begin with',
    folder: 'templates/blank',
    files: ['opsflow.config.yaml', 'pipelines/hello.yaml'],
    next: ['opsflow lint', 'opsflow plan hello', 'opsflow run hello -i who=you'],
  },
}

/** `opsflow init TEMPLATE`: all of it or nothing; a file that is there and says something else is never overwritten. */
export async function init(options: { readonly template?: string | undefined }, io: Io): Promise<ExitCode> {
  const names = Object.keys(TEMPLATES)
  if (options.template === undefined)
    throw new UsageError('`opsflow init` wants the name of a template', thereIs(names))
  const template = Object.hasOwn(TEMPLATES, options.template) ? TEMPLATES[options.template] : undefined
  if (!template) {
    const near = nearest(options.template, names)
    throw new UsageError(
      `there is no template \`${options.template}\``,
      near ? `did you mean \`${near}\`?` : thereIs(names),
    )
  }
  const { root } = await findProject(io)
  const source = join(packageFolder(), template.folder)
  const plan = await Promise.all(
    template.files.map(async (path) => {
      const text = await readFile(join(source, path), 'utf8')
      const target = join(root, path)
      const there = existsSync(target) ? await readFile(target, 'utf8') : undefined
      return { path, target, text, there }
    }),
  )
  const other = plan.filter(({ there, text }) => there !== undefined && there !== text)
  if (other.length > 0) {
    throw new WorldError(
      `nothing was written: ${other.map(({ path }) => `\`${path}\``).join(', ')} ${other.length === 1 ? 'is' : 'are'} there already and ${other.length === 1 ? 'says' : 'say'} something else`,
      'move it away, or take over what you need by hand',
    )
  }
  for (const { path, target, text, there } of plan) {
    if (there === undefined) {
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, text, { flag: 'wx' })
    }
    io.stdout.write(`  ${there === undefined ? '+' : '='} ${relative(io.cwd, join(root, path)) || path}\n`)
  }
  io.stdout.write(`next: ${template.next.map((command) => `\`${command}\``).join(', ')}\n`)
  return 0
}

function thereIs(names: readonly string[]): string {
  return `there is ${names.map((name) => `\`${name}\` (${TEMPLATES[name]!.text})`).join(', ')}`
}

/** Templates with what each is, as completion shows them. */
export const templates = (): readonly { readonly name: string; readonly text: string }[] =>
  Object.entries(TEMPLATES).map(([name, { text }]) => ({ name, text }))
