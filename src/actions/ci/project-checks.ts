import { join } from 'node:path'
import { type Action, ActionFailure } from '../action.ts'
import { read, runTool, scriptsOf } from './tools.ts'

/** Scripts and targets that judge a project and change nothing in it; by the names that people give them. */
const SCRIPTS = ['format:check', 'check:format', 'lint', 'types', 'typecheck', 'type-check']
const TARGETS = ['lint', 'typecheck']

/** The commands of the project's own checks, beside its tests. */
function findChecks(root: string): readonly (readonly string[])[] {
  const scripts = scriptsOf(read(join(root, 'package.json')))
  const found = SCRIPTS.filter((name) => scripts[name] !== undefined).map((name) => ['npm', 'run', '--silent', name])
  const makefile = read(join(root, 'Makefile'))
  const targets = TARGETS.filter((name) => new RegExp(`^${name} *:(?!=)`, 'm').test(makefile))
  return [...found, ...targets.map((name) => ['make', name])]
}

export const projectChecks: Action = {
  description:
    "Runs the project's own checks beside its tests (`lint`, `types` and the like of package.json or Makefile)",
  effects: 'workspace',
  inputs: {},
  outputs: { ran: { type: 'array', items: { type: 'string' } } },
  async run(_inputs, context) {
    const checks = findChecks(context.cwd)
    if (checks.length === 0)
      context.log(`no checks were found: no script ${SCRIPTS.join(', ')}, no such Makefile target`)
    const failed: string[] = []
    for (const argv of checks) {
      context.log(`$ ${argv.join(' ')}`)
      const end = await runTool(argv, context.cwd, context)
      if (end !== '0') failed.push(end === undefined ? `\`${argv[0]}\` is not installed` : `\`${argv.join(' ')}\``)
    }
    // All of them ran: whoever mends one wants to know of the others.
    if (failed.length > 0)
      throw new ActionFailure(
        'checks',
        `${failed.length} of ${checks.length} checks failed: ${failed.join(', ')}`,
        'mend them first; nothing was changed',
      )
    return { ran: checks.map((argv) => argv.join(' ')) }
  },
}
