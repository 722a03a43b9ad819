import { join } from 'node:path'
import { type Action, ActionFailure } from '../action.ts'
import { read, runTool, scriptsOf } from './tools.ts'

/** How this project is built, by the files that say so, the most telling first; undefined where none does. */
function findBuild(root: string): { readonly argv: readonly string[]; readonly because: string } | undefined {
  const has = (file: string) => read(join(root, file)) !== ''
  if (scriptsOf(read(join(root, 'package.json'))).build !== undefined)
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
    const end = await runTool(build.argv, context.cwd, context)
    if (end === undefined)
      throw new ActionFailure('build', `\`${build.argv[0]}\` is not installed`, 'install it, or name another command')
    if (end !== '0')
      throw new ActionFailure(
        'build',
        `the build failed: \`${shown}\` exited with ${end}`,
        'the log of the step has its last words',
      )
    return { found: true, command: shown }
  },
}
