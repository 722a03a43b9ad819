import { DYN, type ExprType, nameOfType } from '../expr/types.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { Permissions } from '../policy/permissions.ts'
import { type Json, NO_FIELDS, NO_ITEMS } from '../util/json.ts'
import { checkPresent, countOf, durationOf, fixedMs, quietBody, retryOf, runBody } from './body.ts'
import { type CheckList, checkUses, compileChecks, unknownAction } from './checks.ts'
import { effectsOf, interruptedOf } from './effects.ts'
import { anyOfIts, checkCondition, checkKind, checkValueText, type Place } from './expressions.ts'
import { checkOnly, compileFailures } from './failures.ts'
import { checkForeachItems } from './foreach.ts'
import { type Given, inlineValue } from './inline.ts'
import { checkKeys } from './kind-keys.ts'
import { pick, pickJoined } from './layers.ts'
import { readQuorum } from './needs.ts'
import { checkLaunch, resolvePermissions } from './permissions.ts'
import type { StepAction, StepPlan } from './plan.ts'
import { referencesIn } from './references.ts'
import { tell } from './report.ts'
import { knowing, type Light, type Reader } from './scope.ts'
import { child, entries, items, keyAt, placeOf, type Source, sourceOf, textOf, valueAt } from './source.ts'
import type { Session, StepDraft, Unit } from './unit.ts'
import { checkWith } from './values.ts'

type Values = { readonly [name: string]: Json }

/** Compiles one step: every key from its strongest layer, every text checked in the light of who reads it. */
export function compileStep(place: Place, unit: Unit, step: StepDraft, gates: readonly string[]): StepPlan {
  const { source, layers, kind } = step
  checkKeys(unit.session, step)
  const { when, outer, reader } = readersOf(place, unit, step)
  const foreach = child(source, 'foreach')
  const given = givenTo(place, step, reader)
  const light = lightOf(step, reader, given)
  const key = (name: string) => pick(layers, name, kind)
  const duration = (name: string) => light(key(name), (at, from) => durationOf(place, at, from))
  const action = actionOf(place, unit, step, reader, light)
  const permissions = resolvePermissions(unit.session, permissionLevels(unit, step))
  if (action) checkLaunch(unit.session, step.task ?? source, action, permissions)
  const named = pickJoined(layers, 'failures', kind)
  const failures = compileFailures(place, named, light)
  for (const [name, failure] of named)
    checkLaunch(unit.session, child(failure, 'recover') ?? failure, failures[name]?.recover?.action, permissions)
  const retry = light(key('retry'), (at, from) => retryOf(place, at, from))
  checkOnly(unit.session, child(key('retry'), 'only'), Object.keys(failures))
  if (retry === undefined || retry.attempts === 1) checkIdleRepairs(unit.session, source)
  const effects = effectsOf(unit.session, step, action)
  const own = { outputs: step.outputs, open: step.openOutputs }
  return {
    id: step.id,
    section: step.section,
    action: action ?? { kind: 'run', argv: [] },
    needs: step.needs.length === 0 ? NO_ITEMS : step.needs.map((need) => need.plan),
    gates,
    quorum: readQuorum(unit, step),
    when,
    timeoutMs: duration('timeout'),
    graceMs: fixedMs(place, key('grace')) ?? 2000,
    dueMs: duration('due'),
    onTimeout: onTimeoutOf(step, key('on_timeout')),
    stall: stallOf(place, key('stall')),
    failures,
    retry,
    allowFailure: child(source, 'allow_failure')?.value === true,
    effects,
    interrupted: interruptedOf(key('interrupted'), effects),
    foreach: foreachOf(place, foreach, reader.item ? { ...outer, item: reader.item } : outer),
    repeat: repeatOf(place, child(source, 'repeat'), reader, own),
    mutex: light(key('mutex'), (at, from) => {
      checkPresent(place, at, from, 'the name of a lock')
      return textOf(at)
    }),
    isolation: textOf(key('isolation')) as 'worktree' | undefined,
    owns: ownsOf(step),
    outputs: step.schemas,
    checks: compileChecks(place, checkLists(step, reader, own, given, permissions)),
    env: envOf(place, unit, step, reader, given),
    cwd: light(key('cwd'), (at, from) => {
      checkPresent(place, at, from, 'a folder')
      return textOf(at)
    }),
    with: finalWith(place, step, reader, given),
    agent: step.agent,
    task: textOf(child(source, 'task')),
    phase: textOf(child(source, 'phase')),
    permissions,
    at: placeOf(source),
  }
}

/**
 * `when` is asked before a foreach is laid out, and of each item where it reads `item`: `outer` reads what lays out the items,
 * `reader` all that an item does.
 */
function readersOf(
  place: Place,
  unit: Unit,
  step: StepDraft,
): { readonly when: string | undefined; readonly outer: Reader; readonly reader: Reader } {
  const start = baseReader(unit, step)
  const [source, foreach] = [child(step.source, 'when'), child(step.source, 'foreach')]
  const text = textOf(source)
  const ofItem = text !== undefined && referencesIn(text, 'bare').some(({ path }) => path[0] === 'item')
  if (foreach === undefined || !ofItem) {
    const when = checkCondition(place, source, start)
    const outer = knowing(start, when)
    return { when, outer, reader: foreach === undefined ? outer : { ...outer, item: itemType(place, foreach, outer) } }
  }
  const inside: Reader = { ...start, item: itemType(place, foreach, start) }
  const when = checkCondition(place, source, inside)
  return { when, outer: start, reader: knowing(inside, when) }
}

function baseReader(unit: Unit, step: StepDraft): Reader {
  const late = child(step.source, 'quorum') !== undefined || step.needs.some((need) => need.on === 'completed')
  return {
    node: step.node,
    step,
    moment: step.section === 'finally' ? 'finally' : 'step',
    missing: late,
    env: unit.env,
  }
}

function lightOf(step: StepDraft, reader: Reader, given: Given): Light {
  if (step.task === undefined) return (source, read) => read(source, reader)
  const taskReader = readerOfTask(step, reader)
  return (source, read) => {
    if (!isOfTask(step, source)) return read(source, reader)
    return inlineAny(read(source, taskReader), given)
  }
}

/** Texts in the task or the agent are the task's own. */
function isOfTask(step: StepDraft, source: Source | undefined): boolean {
  if (source === undefined || step.task === undefined) return false
  if (within(step.source, source)) return false
  return within(step.task, source) || (step.layers.agent !== undefined && within(step.layers.agent, source))
}

function within(outer: Source, inner: Source): boolean {
  return outer.document === inner.document && outer.path.every((part, at) => inner.path[at] === part)
}

function inlineAny<T>(value: T, given: Given): T {
  return (value === undefined ? value : inlineValue(value as Json, given)) as T
}

function readerOfTask(step: StepDraft, reader: Reader): Reader {
  const inputs = taskInputs(step)
  return { ...reader, task: { name: textOf(child(step.source, 'task')) ?? '', inputs } }
}

function taskInputs(step: StepDraft): { readonly [name: string]: ValueSchema } {
  const declared = entries(child(step.task, 'inputs'))
  if (declared.length === 0 && step.signature && child(step.task, 'with') === undefined) return step.signature.inputs
  return Object.fromEntries(declared.map(([name, schema]) => [name, schema.value as ValueSchema]))
}

/** What the step gives its callee, checked against what that declares. */
function givenTo(place: Place, step: StepDraft, reader: Reader): Values {
  const given = child(step.source, 'with')
  switch (step.kind) {
    case 'agent': {
      if (step.task === undefined) break
      const inputs = taskInputs(step)
      const what = `the task \`${textOf(child(step.source, 'task'))}\``
      const values = checkWith(
        place,
        given,
        { what, inputs, declared: (name) => child(child(step.task, 'inputs'), name) },
        step.source,
        reader,
      )
      const defaults = Object.entries(inputs).flatMap(([name, schema]): [string, Json][] =>
        schema.default === undefined ? (step.signature ? [] : [[name, null]]) : [[name, schema.default]],
      )
      return { ...Object.fromEntries(defaults), ...values }
    }
    case 'pipeline': {
      const { callee } = step
      if (callee === undefined) break
      const declared = (name: string) => child(child(callee.source, 'inputs'), name)
      return checkWith(
        place,
        given,
        { what: `the pipeline \`${callee.plan.name}\``, inputs: callee.inputs, declared },
        step.source,
        reader,
      )
    }
    case 'uses':
      return checkUses(place, step.source, { kind: 'action', uses: textOf(child(step.source, 'uses'))! }, reader)
    default:
      break
  }
  if (given) checkValueText(place, given, reader)
  return (given?.value ?? NO_FIELDS) as Values
}

/** A task that has a `with` of its own gives that to its action; else the action gets what the step gave. */
function finalWith(place: Place, step: StepDraft, reader: Reader, given: Values): Values {
  const own = child(step.task, 'with')
  if (step.task === undefined || own === undefined || step.signature === undefined) return given
  const callee = { what: `the action \`${textOf(child(step.task, 'uses'))}\``, inputs: step.signature.inputs }
  return inlineValue(checkWith(place, own, callee, step.task, readerOfTask(step, reader)), given) as Values
}

function actionOf(place: Place, unit: Unit, step: StepDraft, reader: Reader, light: Light): StepAction | undefined {
  const { source, layers, kind, task } = step
  const shell = textOf(pick(layers, 'shell', kind)) === 'bash' ? 'bash' : 'sh'
  if (kind === 'agent') {
    if (task === undefined) return undefined
    const action = light(task, (body, from) => body && runBody(place, body, shell, from))
    if (action?.kind === 'action' && !unit.session.project.actions.has(action.uses))
      unknownAction(place, child(task, 'uses')!)
    return action
  }
  if (kind === 'pipeline') return { kind: 'pipeline', pipeline: textOf(child(source, 'pipeline'))! }
  if (kind === 'run' || kind === 'uses' || kind === 'http') return runBody(place, source, shell, reader)
  return quietBody(place, source, reader)
}

function envOf(place: Place, unit: Unit, step: StepDraft, reader: Reader, given: Values): Values {
  const named = pickJoined(step.layers, 'env', step.kind)
  if (named.size === 0) return NO_FIELDS
  const task = readerOfTask(step, reader)
  const made = [...named].map(([name, value]): [string, Json] => {
    const ofTask = isOfTask(step, value)
    checkValueText({ session: place.session, unit }, value, { ...(ofTask ? task : reader), secrets: true })
    return [name, ofTask ? inlineValue(value.value, given) : value.value]
  })
  return Object.fromEntries(made)
}

function checkLists(
  step: StepDraft,
  outer: Reader,
  outputs: NonNullable<Reader['own']>,
  given: Values,
  permissions: Permissions,
): readonly CheckList[] {
  const source = child(step.source, 'checks')
  const { agent } = step.layers
  if (step.task === undefined && source === undefined) return NO_ITEMS
  const reader = { ...outer, own: outputs }
  const own: CheckList = { source, reader, permissions }
  if (step.task === undefined || agent === undefined) return [own]
  const task = readerOfTask(step, reader)
  const name = textOf(child(step.source, 'task')) ?? ''
  return [
    { source: child(agent, 'checks'), reader: task, given, permissions, of: { agent, task: name } },
    { source: child(step.task, 'checks'), reader: task, given, permissions },
    own,
  ]
}

function permissionLevels(unit: Unit, step: StepDraft): (Source | undefined)[] {
  const { agents } = unit.session.project
  return [
    agents && sourceOf(agents.document),
    unit.session.coordinator,
    unit.source,
    step.layers.agent,
    step.task,
    step.source,
  ]
}

function ownsOf(step: StepDraft): readonly string[] {
  const source = child(step.source, 'owns') ?? child(step.task, 'owns') ?? child(step.layers.agent, 'owns')
  if (source === undefined) return NO_ITEMS
  return items(source).flatMap((entry) => {
    if (typeof entry.value === 'string') return [entry.value]
    return items(child(entry, 'paths')).map((path) => path.value as string)
  })
}

/** A default of `reject` is for approvals; nothing else can be rejected. */
function onTimeoutOf(step: StepDraft, source: Source | undefined): StepPlan['onTimeout'] {
  const written = textOf(source) as StepPlan['onTimeout'] | undefined
  return written === undefined || (written === 'reject' && step.kind !== 'approval') ? 'fail' : written
}

/** A repair comes before the next attempt: without one it never runs. */
function checkIdleRepairs(session: Session, step: Source): void {
  for (const [name, failure] of entries(child(step, 'failures'))) {
    const recover = child(failure, 'recover')
    if (recover === undefined) continue
    const message = `the repair of \`${name}\` never runs: the step has no second attempt`
    tell(session, 'plan/key-without-effect', keyAt(recover), message, { hint: 'add `retry: { attempts: 2 }`' })
  }
}

function stallOf(place: Place, source: Source | undefined): StepPlan['stall'] {
  const idleMs = fixedMs(place, child(source, 'idle'))
  // biome-ignore lint/suspicious/noThenProperty: a key of the language, and no promise
  return idleMs === undefined ? undefined : { idleMs, nudge: 0, then: 'kill' }
}

/** What `item` is inside the step; a list that is none is told here. */
function itemType(place: Place, foreach: Source, reader: Reader): ExprType {
  const source = child(foreach, 'items')
  if (source === undefined) return DYN
  const type = checkValueText(place, source, reader)
  if (type.kind === 'list') {
    if (type.nullable) {
      tell(place.session, 'expr/null', valueAt(source), '`foreach` wants a list, and this can be null', {
        hint: 'give a list for that case: `x != null ? x : []`',
      })
    }
    return anyOfIts(type.of)
  }
  if (type.kind !== 'dyn')
    tell(place.session, 'expr/type', valueAt(source), `\`foreach\` wants a list, and this is ${nameOfType(type)}`, {
      hint:
        type.kind === 'map' || type.kind === 'record'
          ? 'the names in a map are a list: `x.map(name, name)`'
          : 'write a list, `[a, b]`, or read what is declared as `{ type: array }`',
    })
  return DYN
}

function foreachOf(place: Place, foreach: Source | undefined, reader: Reader): StepPlan['foreach'] {
  if (foreach === undefined) return undefined
  const [key, needs] = [child(foreach, 'key'), child(foreach, 'needs')]
  checkPresent(place, key, reader, 'the key of an item')
  checkKind(place, needs, reader, ['list', 'null'], 'a list of item keys')
  checkForeachItems(place.session, foreach)
  return {
    items: child(foreach, 'items')!.value,
    key: textOf(key),
    needs: textOf(needs),
    maxParallel: countOf(place, child(foreach, 'max_parallel'), { ...reader, item: DYN }),
  }
}

function repeatOf(
  place: Place,
  repeat: Source | undefined,
  outer: Reader,
  own: NonNullable<Reader['own']>,
): StepPlan['repeat'] {
  if (repeat === undefined) return undefined
  const reader = { ...outer, own }
  return {
    until: checkCondition(place, child(repeat, 'until'), reader) ?? 'true',
    max: countOf(place, child(repeat, 'max'), reader) ?? 1,
    delayMs: fixedMs(place, child(repeat, 'delay')) ?? 0,
    onMax: textOf(child(repeat, 'on_max')) === 'stop' ? 'stop' : 'fail',
  }
}
