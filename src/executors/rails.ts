import type { Outcome } from '../events/outcome.ts'
import { decide, type Launch } from '../policy/permissions.ts'
import type { Dispatch } from '../ports/executor.ts'

/** The rail before the start: the outcome of a dispatch that its permissions do not let through, or undefined. */
export function refusal(dispatch: Dispatch): Outcome | undefined {
  const { permissions, granted = [] } = dispatch
  const asked = Object.entries(permissions.ask).filter(([rule]) => !granted.includes(rule))
  if (permissions.deny.length === 0 && asked.length === 0) return undefined
  const launch = visible(dispatch)
  if (launch === undefined) return undefined
  const verdict = decide(launch, { ...permissions, ask: Object.fromEntries(asked) })
  switch (verdict.verdict) {
    case 'allow':
      return undefined
    case 'deny':
      return { status: 'failed', reason: 'permission', message: verdict.message, durationMs: 0 }
    case 'ask': {
      // The question is put before a dispatch; here it is too late for it, and the answer is no.
      const message = `the rule \`${verdict.rule}\` asks for the yes of \`${verdict.role}\`, and nobody has given it`
      return { status: 'failed', reason: 'permission', message, durationMs: 0 }
    }
  }
}

/** What opsflow can see of a launch; an http request is named by no rule. */
function visible({ body }: Dispatch): Launch | undefined {
  if (body.kind === 'http') return undefined
  if (body.kind === 'action') return { kind: 'action', uses: body.uses }
  return 'argv' in body ? { kind: 'argv', argv: body.argv } : { kind: 'script', script: body.script }
}
