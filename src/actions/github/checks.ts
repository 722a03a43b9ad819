import { type Action, ActionFailure } from '../action.ts'
import { ACCESS_INPUTS, ACCESS_OUTPUTS, answered, openForge } from './access.ts'

export const gitHubChecks: Action = {
  description:
    'What GitHub checked of a commit, branch or tag; a check that failed fails the step. Without a token it is skipped',
  effects: 'none',
  inputs: { ...ACCESS_INPUTS, ref: { type: 'string', description: 'A commit, branch or tag' } },
  outputs: {
    ...ACCESS_OUTPUTS,
    state: { type: 'string', enum: ['passed', 'pending', 'none'], description: '`none`: nothing is checked' },
    passed: { type: 'array', items: { type: 'string' } },
    pending: { type: 'array', items: { type: 'string' } },
  },
  async run(inputs, context) {
    const access = await openForge(inputs, context)
    if (!access.forge) {
      const said = `none: ${access.why}`
      context.log(`no checks: ${access.why}`)
      return { skipped: true, said, state: 'none', passed: [], pending: [] }
    }
    const checks = answered(await access.forge.checks(inputs.ref as string))
    for (const { name, state } of checks) context.log(`${state} ${name}`)
    const named = (wanted: string) => checks.filter(({ state }) => state === wanted).map(({ name }) => name)
    const failed = named('failed')
    if (failed.length > 0)
      throw new ActionFailure(
        'checks',
        `${failed.length} of ${checks.length} checks of \`${inputs.ref as string}\` failed: ${failed.slice(0, 5).join(', ')}`,
        `look at them: ${access.site}/commits/${inputs.ref as string}`,
      )
    const [passed, pending] = [named('passed'), named('pending')]
    const state = checks.length === 0 ? 'none' : pending.length > 0 ? 'pending' : 'passed'
    const said = state === 'none' ? 'nothing is checked' : `${passed.length} of ${checks.length} checks passed`
    return { skipped: false, said, state, passed, pending }
  },
}
