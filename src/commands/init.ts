import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { nearest } from '../util/nearest.ts'
import type { ExitCode, Io } from './io.ts'
import { findProject } from './project.ts'
import { UsageError, WorldError } from './usage-error.ts'

/** What a template puts into a repository: the files that opsflow itself is released with. */
const TEMPLATES: Readonly<Record<string, { readonly files: readonly string[]; readonly next: readonly string[] }>> = {
  release: {
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
    files: ['agents.yaml', 'pipelines/quick-commit.yaml', 'pipelines/commit-and-pr.yaml'],
    next: ['opsflow lint', 'opsflow run commit-and-pr -i task_description="fix: …"'],
  },
}

/** `opsflow init TEMPLATE`: all of it or nothing; a file that is there and says something else is never overwritten. */
export async function init(options: { readonly template?: string | undefined }, io: Io): Promise<ExitCode> {
  const names = Object.keys(TEMPLATES)
  if (options.template === undefined)
    throw new UsageError(
      '`opsflow init` wants the name of a template',
      `there is ${names.map((name) => `\`${name}\``).join(', ')}`,
    )
  const template = Object.hasOwn(TEMPLATES, options.template) ? TEMPLATES[options.template] : undefined
  if (!template) {
    const near = nearest(options.template, names)
    throw new UsageError(
      `there is no template \`${options.template}\``,
      near ? `did you mean \`${near}\`?` : `there is ${names.map((name) => `\`${name}\``).join(', ')}`,
    )
  }
  const { root } = await findProject(io)
  const source = templateFolder()
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

/** The package's own folder: two above the sources, one above the bundle's chunks or the bundle itself. */
function templateFolder(): string {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, 'agents.yaml')) && existsSync(join(folder, 'package.json'))) return folder
  }
  throw new Error('the package of opsflow lacks its templates')
}
