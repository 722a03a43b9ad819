import { tell } from './report.ts'
import { child, keyAt, textOf, valueAt } from './source.ts'
import type { Session, StepDraft, StepKind } from './unit.ts'

const QUIET: readonly StepKind[] = ['approval', 'ask', 'wait', 'signal']
const OUTSIDE: readonly StepKind[] = [...QUIET, 'pipeline']

/** Keys that would be read by nobody, by the kinds of step they mean nothing for. */
const MEANINGLESS: { readonly [key: string]: { readonly kinds: readonly StepKind[]; readonly hint: string } } = {
  retry: { kinds: QUIET, hint: 'there is nothing to try again; `timeout` and `on_timeout` say how long it waits' },
  repeat: { kinds: QUIET, hint: 'put the steps that repeat into a pipeline of their own, and repeat that' },
  stall: { kinds: QUIET, hint: 'it makes no progress by design; `timeout` says how long it waits' },
  checks: { kinds: QUIET, hint: 'there is no work to judge' },
  failures: { kinds: OUTSIDE, hint: 'name failures where something runs' },
  env: { kinds: [...OUTSIDE, 'http'], hint: 'only what runs a program has an environment' },
  cwd: { kinds: [...OUTSIDE, 'http'], hint: 'only what runs a program has a working directory' },
  shell: { kinds: [...OUTSIDE, 'http', 'uses', 'agent'], hint: 'only a `run` text has a shell' },
  owns: { kinds: OUTSIDE, hint: 'only what runs can write files' },
  isolation: { kinds: QUIET, hint: 'only what runs can write files' },
  grace: { kinds: OUTSIDE, hint: 'only what runs a program is given time to end' },
  timeout: { kinds: ['signal'], hint: 'it is sent at once' },
  due: { kinds: ['signal'], hint: 'it is sent at once' },
  on_timeout: { kinds: ['signal'], hint: 'it is sent at once' },
  effects: { kinds: QUIET, hint: 'what it does is known' },
  interrupted: { kinds: ['approval', 'ask', 'wait'], hint: 'waiting goes on after a crash as if nothing had been' },
}

const WITHOUT_OUTPUTS: readonly StepKind[] = ['approval', 'ask', 'signal', 'pipeline']

/** Kinds that some key means nothing for: a `run` step has a use for all of them. */
const CHOOSY = new Set(Object.values(MEANINGLESS).flatMap(({ kinds }) => kinds))

/** A key that this kind of step ignores is an error: it was written to have an effect. */
export function checkKeys(session: Session, step: StepDraft): void {
  for (const key of CHOOSY.has(step.kind) ? Object.keys(step.source.value as object) : []) {
    if (!Object.hasOwn(MEANINGLESS, key)) continue
    const { kinds, hint } = MEANINGLESS[key]!
    if (!kinds.includes(step.kind)) continue
    const message = `\`${key}\` means nothing for ${nameOf(step.kind)}`
    tell(session, 'plan/key-without-effect', keyAt(child(step.source, key)!), message, { hint })
  }
  const outputs = WITHOUT_OUTPUTS.includes(step.kind) ? child(step.source, 'outputs') : undefined
  if (outputs !== undefined) {
    const hint =
      step.kind === 'ask'
        ? '`ask.answer` declares them'
        : step.kind === 'pipeline'
          ? 'the pipeline itself declares them'
          : 'it gives none'
    tell(session, 'plan/key-without-effect', keyAt(outputs), `\`outputs\` means nothing for ${nameOf(step.kind)}`, {
      hint,
    })
  }
  const onTimeout = child(step.source, 'on_timeout')
  if (onTimeout !== undefined && textOf(onTimeout) === 'reject' && step.kind !== 'approval') {
    tell(session, 'plan/key-without-effect', valueAt(onTimeout), 'only an approval can be rejected', {
      hint: 'write `on_timeout: fail`',
    })
  }
}

function nameOf(kind: StepKind): string {
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a'
  return `${article} \`${kind}\` step`
}
