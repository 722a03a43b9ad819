import type { Action } from '../action.ts'
import { ACCESS_INPUTS, ACCESS_OUTPUTS, answered, openForge } from './access.ts'

export const gitHubRelease: Action = {
  description:
    'The GitHub release of a tag that is pushed; one that is there stays as it is. Without a token it is skipped',
  effects: 'external',
  inputs: {
    ...ACCESS_INPUTS,
    tag: { type: 'string' },
    notes: {
      type: 'string',
      description: 'Markdown; a first line that is a heading is left out, as the title says it',
    },
    prerelease: { type: 'boolean', default: false },
  },
  outputs: { ...ACCESS_OUTPUTS, url: { type: 'string' }, created: { type: 'boolean' } },
  async run(inputs, context) {
    const access = await openForge(inputs, context)
    const tag = inputs.tag as string
    if (!access.forge) {
      const said = `none: ${access.why}`
      context.log(`no GitHub release: ${access.why}`)
      return { skipped: true, said, url: '', created: false }
    }
    const notes = (inputs.notes as string).replace(/^## [^\n]*\n*/, '')
    const wanted = { tag, title: tag, notes, prerelease: inputs.prerelease === true }
    const { url, created } = answered(await access.forge.release(wanted))
    context.log(`${created ? 'made' : 'found'} ${url}`)
    return { skipped: false, said: url, url, created }
  },
}
