import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { kindOf } from '../../model/kind.ts'
import { counted } from '../../views/terminal/words.ts'
import type { Io } from '../io.ts'
import { lintWholeProject } from '../lint-project.ts'
import { packageFolder } from '../package-folder.ts'
import type { LoadedFile, LoadedProject } from '../project.ts'
import { AGENTS } from '../project.ts'
import { shownPath } from '../read-source.ts'
import { secretsOf } from '../secrets.ts'
import { type Finding, fault, remark, warning, well } from './finding.ts'

/** The files of the project: pipelines and what stands around them, all of it sound. */
export async function lookAtFiles(project: LoadedProject, io: Io): Promise<readonly Finding[]> {
  const { diagnostics } = await lintWholeProject(project, io)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return [pipelines(project, errors), agents(project, errors, io)]
}

function pipelines({ pipelines, coordinators, root }: LoadedProject, errors: readonly Diagnostic[]): Finding {
  const inAll = [counted(pipelines.size, 'pipeline'), counted(coordinators.size, 'coordinator')].join(', ')
  if (errors.length > 0) {
    const { at, message } = errors[0]!
    return fault(
      'project',
      `${counted(errors.length, 'error')} in the files of \`${root}\`, the first in \`${at.file.path}\`: ${message}`,
      'see all with `opsflow lint`',
    )
  }
  if (pipelines.size === 0)
    return remark('project', `no pipeline in \`${root}\` yet`, 'begin with `opsflow init blank`, or another template')
  return well('project', `${inAll} in \`${root}\``)
}

function agents(project: LoadedProject, errors: readonly Diagnostic[], io: Pick<Io, 'cwd'>): Finding {
  const named = project.config?.value.agents
  const path = resolve(project.root, named ?? AGENTS)
  const shown = shownPath(path, io.cwd)
  if (!existsSync(path))
    return named === undefined
      ? well('agents', 'no agents file: only pipelines whose steps name agents need one')
      : fault(
          'agents',
          `the agents file \`${shown}\` of the config is not there`,
          'write it, or mend `agents` in the config',
        )
  const own = errors.filter(({ at }) => resolve(io.cwd, at.file.path) === path)
  if (own.length > 0)
    return fault(
      'agents',
      `${counted(own.length, 'error')} in \`${shown}\`: ${own[0]!.message}`,
      `see \`opsflow lint ${shown}\``,
    )
  return well('agents', `${counted(Object.keys(project.agents?.value.agents ?? {}).length, 'agent')} in \`${shown}\``)
}

/** Every secret that a pipeline names is looked for where a run would: only whether it is there is told. */
export async function lookAtSecrets(project: LoadedProject, io: Io): Promise<readonly Finding[]> {
  const users = new Map<string, string[]>()
  for (const [pipeline, { value }] of project.pipelines)
    for (const entry of value.secrets ?? []) {
      // What is optional is missed by nobody.
      if (typeof entry !== 'string' && entry.optional === true) continue
      const name = typeof entry === 'string' ? entry : entry.name
      users.set(name, [...(users.get(name) ?? []), pipeline])
    }
  if (users.size === 0) return [well('secrets', 'no pipeline needs a secret')]
  const secrets = secretsOf(project, io)
  const missing: Finding[] = []
  for (const [name, names] of [...users].sort()) {
    const found = await secrets
      .resolve(name)
      .catch(() => ({ ok: false as const, message: `\`${name}\` cannot be read` }))
    if (found.ok) continue
    const who = names.map((pipeline) => `\`${pipeline}\``).join(', ')
    missing.push(warning('secrets', `${found.message}; ${who} cannot run without it`, remedyOf(name, project)))
  }
  return missing.length > 0 ? missing : [well('secrets', `${counted(users.size, 'secret')}, all there`)]
}

function remedyOf(name: string, { config }: LoadedProject): string {
  return (config?.value.secrets ?? ['env']).includes('env')
    ? `set it: \`export ${name}=…\`, or say under \`secrets\` of the config where it is`
    : 'put it where `secrets` of the config says, or add another place there'
}

const MODELINE = /^#\s*yaml-language-server:\s*\$schema=(\S+)/m

/** Whether editors know the schemas of the files: by the line that language servers read. */
export function lookAtEditors(project: LoadedProject, io: Pick<Io, 'cwd'>): readonly Finding[] {
  const files = [
    ...project.files,
    ...(project.config
      ? [{ path: resolve(io.cwd, project.config.document.file.path), document: project.config.document }]
      : []),
  ]
  const yaml = files.filter(({ path, document }) => /\.ya?ml$/.test(path) && document !== undefined)
  if (yaml.length === 0) return []
  const without = yaml.filter(({ document }) => schemaOf(document) === undefined)
  const broken = yaml.filter(({ path, document }) => {
    const schema = schemaOf(document)
    return schema !== undefined && !/^\w+:\/\//.test(schema) && !existsSync(resolve(dirname(path), schema))
  })
  return [
    ...broken.map(({ path, document }) =>
      warning(
        'editor-schemas',
        `\`${shownPath(path, io.cwd)}\` names the schema \`${schemaOf(document)}\`, which is not there`,
        `write \`${lineFor(path, document, project.root)}\` as its first line`,
      ),
    ),
    ...(without.length > 0
      ? [
          remark(
            'editor-schemas',
            `${counted(without.length, 'file')} without the line that tells editors the schema, as \`${shownPath(without[0]!.path, io.cwd)}\``,
            `keys complete and explain themselves with a first line as \`${lineFor(without[0]!.path, without[0]!.document, project.root)}\``,
          ),
        ]
      : []),
    ...(without.length + broken.length === 0 ? [well('editor-schemas', 'every file tells editors its schema')] : []),
  ]
}

function schemaOf(document: LoadedFile['document']): string | undefined {
  return MODELINE.exec(document?.file.text ?? '')?.[1]
}

/** The line with a path that is right from the file: the package in the project where it is there, else this one. */
function lineFor(path: string, document: LoadedFile['document'], root: string): string {
  const kind = (document && kindOf(document)) ?? 'config'
  const local = join(root, 'node_modules', 'opsflow', 'schemas')
  const file = join(existsSync(local) ? local : join(packageFolder(), 'schemas'), `${kind}.schema.json`)
  const near = relative(dirname(path), file)
  const shown = existsSync(local) && !isAbsolute(near) ? (near.startsWith('.') ? near : `./${near}`) : file
  return `# yaml-language-server: $schema=${shown}`
}
