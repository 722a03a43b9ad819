import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Action, ActionFailure } from '../action.ts'
import { read, runTool, scriptsOf } from './tools.ts'

interface TestCommand {
  readonly argv: readonly string[]
  /** What was found that says so. */
  readonly because: string
}

/** How this project runs its tests, by the files that say so, the most telling first; undefined where none does. */
function findTests(root: string): TestCommand | undefined {
  const script = scriptsOf(read(join(root, 'package.json'))).test
  if (script !== undefined && !script.includes('no test specified'))
    return { argv: ['npm', 'test', '--silent'], because: 'package.json has a `test` script' }
  if (/^test *:/m.test(read(join(root, 'Makefile'))))
    return { argv: ['make', 'test'], because: 'the Makefile has a `test` target' }
  if (/^test(?: .*)?:/m.test(read(join(root, 'justfile'))))
    return { argv: ['just', 'test'], because: 'the justfile has a `test` recipe' }
  if (read(join(root, 'Cargo.toml')) !== '')
    return { argv: ['cargo', 'test', '--quiet'], because: 'there is a Cargo.toml' }
  if (read(join(root, 'go.mod')) !== '') return { argv: ['go', 'test', './...'], because: 'there is a go.mod' }
  if (/\[tool\.pytest|^\[pytest\]/m.test(read(join(root, 'pyproject.toml')) + read(join(root, 'pytest.ini'))))
    return { argv: ['python3', '-m', 'pytest', '-q'], because: 'pytest is configured' }
  if (read(join(root, 'mvnw')) !== '') return { argv: ['./mvnw', '-q', 'test'], because: 'there is a Maven wrapper' }
  if (read(join(root, 'gradlew')) !== '') return { argv: ['./gradlew', 'test'], because: 'there is a Gradle wrapper' }
  return undefined
}

/** A fresh work tree has no installed packages: it gets those of the checkout. */
function lendModules(root: string, folder: string): void {
  const [ours, theirs] = [join(root, 'node_modules'), join(folder, 'node_modules')]
  if (ours !== theirs && existsSync(ours) && !existsSync(theirs)) symlinkSync(ours, theirs)
}

export const projectTests: Action = {
  description:
    "Runs the project's own tests, found by the files that say how (package.json, Makefile, Cargo.toml, go.mod, …)",
  effects: 'workspace',
  inputs: {
    command: { type: 'string', default: '', description: 'A command for `sh -e` that runs the tests; empty: find it' },
    folder: { type: 'string', default: '', description: 'Where they run, such as a temporary work tree; empty: here' },
  },
  outputs: { found: { type: 'boolean' }, command: { type: 'string' } },
  async run(inputs, context) {
    const asked = inputs.command as string
    const folder = inputs.folder as string
    const cwd = folder || context.cwd
    if (folder !== '') lendModules(context.root, folder)
    const tests = asked === '' ? findTests(cwd) : { argv: ['sh', '-e', '-c', asked], because: 'the pipeline says so' }
    if (!tests) {
      context.log(
        'no tests were found: no test script, Makefile target, Cargo.toml, go.mod, pytest or build wrapper; name a command with `with: { command: … }`',
      )
      return { found: false, command: '' }
    }
    const shown = asked === '' ? tests.argv.join(' ') : asked
    context.log(`$ ${shown}   (${tests.because})`)
    const end = await runTool(tests.argv, cwd, context)
    if (end === undefined)
      throw new ActionFailure(
        'tests',
        `\`${tests.argv[0]}\` is not installed, so the tests cannot run`,
        `install it, or name another command: with: { command: … }`,
      )
    if (end !== '0')
      throw new ActionFailure(
        'tests',
        `the tests failed: \`${shown}\` exited with ${end}`,
        'mend them first; nothing was changed',
      )
    return { found: true, command: shown }
  },
}
