import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Action, ActionFailure } from '../action.ts'

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function hasBuildScript(json: string): boolean {
  try {
    return typeof (JSON.parse(json) as { scripts?: { build?: unknown } }).scripts?.build === 'string'
  } catch {
    return false
  }
}

/** How this project is built, by the files that say so, the most telling first; undefined where none does. */
function findBuild(root: string): { readonly argv: readonly string[]; readonly because: string } | undefined {
  const has = (file: string) => read(join(root, file)) !== ''
  if (hasBuildScript(read(join(root, 'package.json'))))
    return { argv: ['npm', 'run', 'build', '--silent'], because: 'package.json has a `build` script' }
  if (/^build *:/m.test(read(join(root, 'Makefile'))))
    return { argv: ['make', 'build'], because: 'the Makefile has a `build` target' }
  if (has('Cargo.toml')) return { argv: ['cargo', 'build', '--quiet'], because: 'there is a Cargo.toml' }
  if (has('go.mod')) return { argv: ['go', 'build', './...'], because: 'there is a go.mod' }
  if (has('mvnw')) return { argv: ['./mvnw', '-q', 'compile'], because: 'there is a Maven wrapper' }
  if (has('gradlew')) return { argv: ['./gradlew', 'assemble'], because: 'there is a Gradle wrapper' }
  return undefined
}

export const projectBuild: Action = {
  description: 'Builds the project, as the files say that tell how (package.json, Makefile, Cargo.toml, go.mod, …)',
  effects: 'workspace',
  inputs: {
    command: { type: 'string', default: '', description: 'A command for `sh -e` that builds; empty: find it' },
  },
  outputs: { found: { type: 'boolean' }, command: { type: 'string' } },
  async run(inputs, context) {
    const asked = inputs.command as string
    const build =
      asked === '' ? findBuild(context.cwd) : { argv: ['sh', '-e', '-c', asked], because: 'it was asked for' }
    if (build === undefined) {
      context.log('nothing says how this is built; name a command: --input command=…')
      return { found: false, command: '' }
    }
    const shown = asked === '' ? build.argv.join(' ') : asked
    context.log(`$ ${shown}   (${build.because})`)
    const { execa } = await import('execa')
    const [file = '', ...args] = build.argv
    const child = execa(file, args, {
      cwd: context.cwd,
      env: context.env,
      extendEnv: false,
      preferLocal: false,
      stdin: 'ignore',
      all: true,
      buffer: false,
      reject: false,
      cancelSignal: context.signal,
      killDescendants: true,
    })
    for await (const row of child.iterable({ from: 'all' })) context.log(row)
    const result = await child
    if (result.code === 'ENOENT')
      throw new ActionFailure('build', `\`${file}\` is not installed`, 'install it, or name another command')
    if (result.exitCode !== 0)
      throw new ActionFailure(
        'build',
        `the build failed: \`${shown}\` exited with ${result.exitCode ?? result.signal}`,
        'the log of the step has its last words',
      )
    return { found: true, command: shown }
  },
}
