import type { NeedOn } from '../../src/plan/plan.ts'
import type { Random } from './random.ts'
import type { Behaviour, CheckSpec, Cond, ForeachSpec, NeedSpec, PersonSpec, StepSpec } from './spec.ts'

/** What a scenario may contain. Each seed turns on a few, so that pairs of features meet often and cases stay small. */
export const FEATURES = [
  'failures',
  'conditions',
  'conditionErrors',
  'needsKinds',
  'quorum',
  'retry',
  'recover',
  'timeouts',
  'stall',
  'allowFailure',
  'foreach',
  'foreachAtRunTime',
  'repeat',
  'subPipelines',
  'gates',
  'checks',
  'mutex',
  'people',
  'waits',
  'deadlines',
  'finally',
  'failFast',
  'pipelineTimeout',
  'crashPolicies',
  'due',
  'askChecks',
  'paths',
  'approveBefore',
  'agentLimits',
] as const

export type Features = { readonly [name in (typeof FEATURES)[number]]: boolean }

/** One step that may need any of `before`. */
export function generateStep(
  id: string,
  source: Random,
  features: Features,
  needs: readonly string[],
  before: readonly StepSpec[],
  children: readonly string[],
): StepSpec {
  const action = pickAction(source, features, children)
  const runs = action.kind === 'run'
  const person = action.kind === 'approval' || action.kind === 'ask'
  const behaviour = pickBehaviour(source.fork('behaviour'), features)
  const foreach =
    (runs || action.kind === 'pipeline') && features.foreach && source.chance(0.3)
      ? pickForeach(source, features, needs, before)
      : undefined
  const effects = runs ? source.pick(['none', 'workspace', 'external'] as const) : 'none'
  const needList = needs.map((step) => ({ step, on: features.needsKinds ? pickOn(source) : ('ok' as const) }))
  const quorum =
    features.quorum && needs.length > 1 && source.chance(0.6) ? pickQuorum(source, needs.length) : undefined
  const stallMs =
    runs && (behaviour.hangs || features.stall) && source.chance(0.4) ? source.int(5, 20) * 1000 : undefined
  const timed = runs && (features.timeouts || behaviour.hangs) && (behaviour.hangs || source.chance(0.5))
  return {
    id,
    section: 'steps',
    action,
    agent: source.chance(0.6),
    needs: quorum ? needList.map((need) => ({ ...need, on: 'ok' as const })) : needList,
    quorum,
    when: pickWhen(source.fork('when'), features, quorum ? [] : needList, before),
    timeoutMs: timed ? source.int(1, 15) * 1000 : deadlineOf(source, features, action.kind),
    dueMs: features.due && source.chance(0.5) ? source.pick([500, 4000, 30_000, 3_600_000]) : undefined,
    graceMs: source.pick([0, 2000, 5000]),
    onTimeout: person
      ? source.pick(['fail', 'reject', 'escalate'] as const)
      : timed && source.chance(0.2)
        ? 'escalate'
        : 'fail',
    stallMs,
    retry: pickRetry(source.fork('retry'), features, runs),
    failures: runs && features.recover && source.chance(0.5) ? { flaky: source.chance(0.6) } : {},
    allowFailure: features.allowFailure && source.chance(0.3),
    effects,
    interrupted: !features.crashPolicies
      ? 'rerun'
      : effects === 'external'
        ? source.pick(['ask', 'fail', 'rerun'] as const)
        : 'rerun',
    foreach,
    repeat:
      (runs || action.kind === 'pipeline') && features.repeat && source.chance(0.3) ? pickRepeat(source) : undefined,
    mutex: runs && features.mutex && source.chance(0.5) ? source.pick(['repo', 'cluster']) : undefined,
    checks: runs && features.checks && source.chance(0.5) ? pickChecks(source.fork('checks'), features) : [],
    behaviour,
    people: pickPeople(source.fork('people'), action),
    edition: 1,
  }
}

function pickAction(source: Random, features: Features, children: readonly string[]): StepSpec['action'] {
  if (children.length > 0 && source.chance(0.4)) return { kind: 'pipeline', pipeline: source.pick(children) }
  if (features.people && source.chance(0.35)) {
    const from = source.chance(0.5) ? ['crew'] : []
    return source.chance(0.6) ? { kind: 'approval', from, self: source.chance(0.6) } : { kind: 'ask', from }
  }
  if (features.waits && source.chance(0.35)) {
    return source.weighted([
      [3, { kind: 'timer' as const, ms: source.pick([500, 30_000, 90_000, 7_200_000]) }],
      [2, { kind: 'listen' as const, signal: 'OPS:GO', picky: source.chance(0.4) }],
      [2, { kind: 'signal' as const, signal: source.pick(['OPS:GO', 'OPS:GO', 'OPS:DONE']) }],
    ])
  }
  return { kind: 'run' }
}

function deadlineOf(source: Random, features: Features, kind: StepSpec['action']['kind']): number | undefined {
  const waits = kind === 'approval' || kind === 'ask' || kind === 'listen'
  return waits && features.deadlines && source.chance(0.5) ? source.pick([20_000, 120_000, 86_400_000]) : undefined
}

function pickBehaviour(source: Random, features: Features): Behaviour {
  return {
    durationMs: source.weighted([
      [2, 1000],
      [3, source.int(1, 10_000)],
      [1, 0],
      [1, 40_000],
    ]),
    fails: features.failures
      ? source.weighted([
          [5, 0],
          [2, 1],
          [1, 2],
          [3, 99],
        ])
      : 0,
    failure: features.recover && source.chance(0.7) ? 'flaky' : undefined,
    hangs: features.timeouts && source.chance(0.15),
    stubborn: source.chance(0.2),
  }
}

/** One check, seldom two; of programs or people, and about files or not. */
function pickChecks(source: Random, features: Features): CheckSpec[] {
  return Array.from({ length: source.chance(0.2) ? 2 : 1 }, (_, index) => ({
    id: index === 0 ? 'sound' : 'seemly',
    level: source.chance(0.7) ? ('mandatory' as const) : ('advisory' as const),
    fails: source.pick([0, 0, 1, 99]),
    by: features.askChecks && source.chance(0.5) ? ('person' as const) : ('program' as const),
    touched: pickTouched(source, features),
  }))
}

export function pickTouched(source: Random, features: Features): boolean | undefined {
  return features.paths && source.chance(0.5) ? source.chance(0.6) : undefined
}

function pickOn(source: Random): NeedOn {
  return source.weighted([
    [3, 'ok' as const],
    [3, 'succeeded' as const],
    [2, 'completed' as const],
    [2, 'failed' as const],
  ])
}

function pickQuorum(source: Random, count: number): NonNullable<StepSpec['quorum']> {
  return source.chance(0.5) ? { share: source.pick([0.5, 0.6, 0.8]) } : { count: source.int(1, count) }
}

function pickRetry(source: Random, features: Features, runs: boolean): StepSpec['retry'] {
  if (!features.retry || !runs || source.chance(0.4)) return undefined
  return {
    attempts: source.int(2, 4),
    backoffMs: source.pick([0, 1000, 30_000]),
    only: source.weighted([
      [4, [] as string[]],
      [1, ['timeout']],
      [1, ['check', 'stall']],
    ]),
  }
}

function pickRepeat(source: Random): NonNullable<StepSpec['repeat']> {
  const max = source.int(1, 3)
  return {
    passes: source.int(0, max),
    max,
    delayMs: source.pick([0, 0, 5000]),
    onMax: source.chance(0.5) ? 'fail' : 'stop',
  }
}

function pickForeach(
  source: Random,
  features: Features,
  needs: readonly string[],
  before: readonly StepSpec[],
): ForeachSpec {
  const producers = before.filter((step) => needs.includes(step.id) && step.action.kind === 'run' && !step.foreach)
  const from = features.foreachAtRunTime && producers.length > 0 ? source.pick(producers).id : undefined
  const keys = ['a', 'b', 'c d', 'e/f', 'g'].slice(0, source.int(0, 5))
  const broken = source.weighted([
    [12, 'no' as const],
    [1, 'twice' as const],
    [1, 'cycle' as const],
    [1, 'unknown' as const],
  ])
  const items = keys.map((key, index) => ({
    key: broken === 'twice' && index === 1 ? keys[0]! : key,
    needs: pickItemNeeds(source, keys, index, broken),
    fails: features.failures && source.chance(0.25),
  }))
  return { from, items, maxParallel: source.chance(0.4) ? source.int(1, 2) : undefined }
}

function pickItemNeeds(
  source: Random,
  keys: readonly string[],
  index: number,
  broken: 'no' | 'twice' | 'cycle' | 'unknown',
): string[] {
  if (broken === 'unknown' && index === 0) return ['nowhere']
  if (broken === 'cycle' && index === 0 && keys.length > 1) return [keys[1]!]
  if (broken === 'cycle' && index === 1) return [keys[0]!]
  return index > 0 && broken === 'no' && source.chance(0.4) ? [keys[source.int(0, index - 1)]!] : []
}

/** A broken list: its step must fail before any instance starts. */
export function foreachIsBroken(foreach: ForeachSpec): boolean {
  const keys = new Set(foreach.items.map((item) => item.key))
  if (keys.size < foreach.items.length) return true
  if (foreach.items.some((item) => item.needs.some((need) => !keys.has(need)))) return true
  const first = foreach.items[0]
  const second = foreach.items[1]
  return (
    first !== undefined && second !== undefined && first.needs.includes(second.key) && second.needs.includes(first.key)
  )
}

function pickWhen(
  source: Random,
  features: Features,
  needs: readonly NeedSpec[],
  before: readonly StepSpec[],
): Cond | undefined {
  if (!features.conditions || source.chance(0.4)) return undefined
  const leaf = (): Cond => {
    if (features.conditionErrors && source.chance(0.1)) return { kind: 'error' }
    const need = needs.length > 0 ? source.pick(needs) : undefined
    if (need === undefined || source.chance(0.3))
      return source.chance(0.5)
        ? { kind: 'input', value: source.chance(0.6) }
        : { kind: 'const', value: source.chance(0.6) }
    const plain = before.some((step) => step.id === need.step && step.action.kind === 'run' && !step.foreach)
    if (plain && source.chance(0.4)) return { kind: 'output', step: need.step }
    return {
      kind: 'status',
      step: need.step,
      equal: source.chance(0.6),
      status: source.pick(['succeeded', 'failed', 'skipped']),
    }
  }
  return source.weighted<() => Cond>([
    [4, leaf],
    [1, () => ({ kind: 'not', of: leaf() })],
    [1, () => ({ kind: 'and', left: leaf(), right: leaf() })],
    [1, () => ({ kind: 'or', left: leaf(), right: leaf() })],
  ])()
}

/** Always somebody who may, at last; before that perhaps somebody who may not, and perhaps a second opinion. */
function pickPeople(source: Random, action: StepSpec['action']): PersonSpec[] {
  const people: PersonSpec[] = []
  if (source.chance(0.2)) people.push({ afterMs: source.int(0, 5000), verb: 'yes', name: 'eve' })
  if (source.chance(0.2)) people.push({ afterMs: source.int(0, 5000), verb: 'yes', name: 'sam' })
  const first = source.pick([100, 3000, 45_000, 3_600_000])
  people.push({ afterMs: first, verb: source.chance(0.75) ? 'yes' : 'no', name: 'ann' })
  if (source.chance(0.3))
    people.push({ afterMs: first + source.int(0, 2000), verb: source.chance(0.5) ? 'yes' : 'no', name: 'ben' })
  if (action.kind === 'listen' && action.picky) people.push({ afterMs: first + 5000, verb: 'yes', name: 'ann' })
  return people
}
