import type { Json } from '../../util/json.ts'
import { type Action, ActionFailure } from '../action.ts'
import { documentText } from './document.ts'

interface Result {
  readonly title: string
  readonly status: string
  readonly summary?: string
  readonly issues?: readonly Json[]
  readonly deliverables?: readonly Json[]
}

export const synthesis: Action = {
  description: 'Several results as one: how many succeeded, what they made, what is open',
  effects: 'none',
  inputs: {
    title: { type: 'string', default: 'Results' },
    results: {
      type: 'array',
      minItems: 1,
      description: 'Each `{ title, status }`, and `summary`, `deliverables`, `issues` where there are some',
      items: {
        type: 'object',
        properties: {
          title: { type: 'string' },
          status: { type: 'string' },
          summary: { type: 'string', optional: true },
          issues: { type: 'array', optional: true },
          deliverables: { type: 'array', optional: true },
        },
        required: ['title', 'status'],
      },
    },
  },
  outputs: {
    text: { type: 'string' },
    succeeded: { type: 'integer' },
    all: { type: 'integer' },
    share: { type: 'number' },
  },
  async run(inputs, context) {
    const results = inputs.results as unknown as readonly Result[]
    if (results.length === 0)
      throw new ActionFailure('no-results', 'there is nothing to combine', 'give at least one result')
    const good = results.filter(({ status }) => status === 'succeeded')
    const share = good.length / results.length
    const text = documentText(inputs.title as string, [
      { heading: 'Summary', text: `${good.length} of ${results.length} succeeded (${Math.round(share * 100)} %)` },
      {
        heading: 'Results',
        items: results.map(({ title, status, summary }) => `${title}: ${status}${summary ? `, ${summary}` : ''}`),
      },
      { heading: 'Deliverables', items: results.flatMap(({ deliverables }) => deliverables ?? []) },
      { heading: 'Issues', items: results.flatMap(({ issues }) => issues ?? []) },
    ])
    context.log(`${good.length} of ${results.length} succeeded`)
    return { text, succeeded: good.length, all: results.length, share }
  },
}
