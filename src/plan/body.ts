import { isTemplate } from '../expr/template.ts'
import { parseDuration } from '../util/duration.ts'
import { NO_FIELDS } from '../util/json.ts'
import { checkCondition, checkKind, checkTemplateText, checkTexts, checkValueText, type Place } from './expressions.ts'
import { checkArguments, checkScript } from './injection.ts'
import { checkRoles, checkSignal } from './names.ts'
import type { StepAction, StepPlan } from './plan.ts'
import { tell } from './report.ts'
import type { Reader } from './scope.ts'
import { child, entries, items, numberOf, type Source, textOf, textsOf, valueAt } from './source.ts'

/**
 * What a step, task, check or repair does, from the map that has the `run`, `uses`, `http` ... key. `shell` may stand in a
 * weaker layer and is handed in.
 */
export function runBody(place: Place, body: Source, shell: 'sh' | 'bash', reader: Reader): StepAction | undefined {
  const run = child(body, 'run')
  if (run !== undefined) {
    if (typeof run.value === 'string') {
      checkScript(place, run, body, reader)
      return { kind: 'run', script: run.value, shell }
    }
    const argv = items(run)
    for (const word of argv) checkPresent(place, word, reader, 'an argument')
    checkArguments(place, argv)
    return { kind: 'run', argv: argv.map((word) => word.value) }
  }
  const uses = child(body, 'uses')
  if (uses !== undefined) return { kind: 'action', uses: uses.value as string }
  const http = child(body, 'http')
  return http === undefined ? undefined : httpBody(place, http, reader)
}

function httpBody(place: Place, http: Source, reader: Reader): StepAction {
  const [url, body] = [child(http, 'url')!, child(http, 'body')]
  checkPresent(place, url, reader, 'an address')
  if (typeof url.value === 'string' && !isTemplate(url.value) && !/^https?:\/\/[^/?#]/i.test(url.value))
    tell(place.session, 'plan/value-type', valueAt(url), `\`${url.value}\` is no address of http`, {
      hint: 'write it whole: `https://example.org/path`',
    })
  if (body) checkValueText(place, body, reader)
  const headers = checkTexts(place, child(http, 'headers'), reader)
  const expect = child(http, 'expect')?.value
  return {
    kind: 'http',
    method: textOf(child(http, 'method')) ?? 'GET',
    url: url.value,
    headers,
    body: body?.value,
    expect: expect === undefined ? undefined : Array.isArray(expect) ? (expect as number[]) : [expect as number],
  }
}

/** Approvals, questions, waits and signals: what a step waits for or says, without running anything. */
export function quietBody(place: Place, step: Source, reader: Reader): StepAction | undefined {
  const approval = child(step, 'approval')
  if (approval !== undefined) {
    for (const key of ['prompt', 'show']) checkText(place, child(approval, key), reader)
    const from = child(approval, 'from')
    checkRoles(place.session, from)
    return {
      kind: 'approval',
      prompt: child(approval, 'prompt')!.value,
      show: child(approval, 'show')?.value,
      from: textsOf(from),
      self: child(approval, 'self')?.value !== false,
    }
  }
  const ask = child(step, 'ask')
  if (ask !== undefined) {
    checkText(place, child(ask, 'prompt'), reader)
    checkRoles(place.session, child(ask, 'from'))
    return {
      kind: 'ask',
      prompt: child(ask, 'prompt')!.value,
      from: textsOf(child(ask, 'from')),
      answer: schemasOf(child(ask, 'answer')),
    }
  }
  const wait = child(step, 'wait')
  if (wait !== undefined) {
    const signal = child(wait, 'signal')
    if (signal === undefined) return { kind: 'wait', forMs: durationOf(place, wait, reader) ?? 0 }
    checkSignal(place, signal, 'wait')
    const when = checkCondition(place, child(wait, 'when'), {
      ...reader,
      payload: { kind: 'map', of: { kind: 'dyn', nullable: true } },
    })
    return { kind: 'wait', signal: signal.value as string, when }
  }
  const signal = child(step, 'signal')
  if (signal === undefined) return undefined
  checkSignal(place, signal, 'send')
  return { kind: 'signal', signal: signal.value as string }
}

/** Any template text whose value may be anything that can be shown. */
export function checkText(place: Place, source: Source | undefined, reader: Reader): void {
  if (source && typeof source.value === 'string' && isTemplate(source.value)) checkTemplateText(place, source, reader)
}

/** A value that would be an empty text where it is null: an argument, a folder, a lock, an address. */
export function checkPresent(place: Place, source: Source | undefined, reader: Reader, what: string): void {
  if (source === undefined) return
  const type = checkValueText(place, source, reader)
  if (type.kind !== 'null' && !type.nullable) return
  const message = `${what} is wanted, and this can be null`
  tell(place.session, 'expr/null', valueAt(source), message, {
    hint: 'give a value for that case, `x != null ? x : ...`, or ask for it in `when`',
  })
}

/** A duration in milliseconds, or the checked template that will give one. */
export function durationOf(place: Place, source: Source | undefined, reader: Reader): number | string | undefined {
  const text = textOf(source)
  if (source === undefined || text === undefined) return undefined
  if (!isTemplate(text)) return fixedMs(place, source)
  checkKind(place, source, reader, ['string', 'duration'], 'a duration such as "5m"')
  return text
}

/** A duration that cannot be a template. */
export function fixedMs(place: Place, source: Source | undefined): number | undefined {
  const text = textOf(source)
  if (source === undefined || text === undefined) return undefined
  const ms = parseDuration(text)
  // What has the form of a duration and is none is longer than any: left out, it would be no limit at all.
  if (ms === undefined)
    tell(place.session, 'schema/bad-duration', valueAt(source), `\`${text}\` is longer than ten years`, {
      hint: 'the longest duration is `3650d`',
    })
  return ms
}

/** A whole number, or the checked template that will give one. */
export function countOf(place: Place, source: Source | undefined, reader: Reader): number | string | undefined {
  if (typeof source?.value === 'number') return source.value
  checkKind(place, source, reader, ['int', 'double'], 'a whole number')
  return textOf(source)
}

/** `80%` as 0.8. */
export function shareOf(source: Source | undefined): number | undefined {
  const text = textOf(source)
  return text === undefined ? undefined : Number.parseInt(text, 10) / 100
}

export function schemasOf(source: Source | undefined): StepPlan['outputs'] {
  if (source === undefined) return NO_FIELDS
  return Object.fromEntries(
    entries(source).map(([name, schema]) => [name, schema.value as StepPlan['outputs'][string]]),
  )
}

/** `retry` with all that it leaves out. */
export function retryOf(place: Place, source: Source | undefined, reader: Reader): StepPlan['retry'] {
  if (source === undefined) return undefined
  return {
    attempts: countOf(place, child(source, 'attempts'), reader) ?? 1,
    only: textsOf(child(source, 'only')),
    backoffMs: fixedMs(place, child(source, 'backoff')) ?? 1000,
    factor: numberOf(child(source, 'factor')) ?? 2,
    maxMs: fixedMs(place, child(source, 'max')) ?? 60_000,
    jitter: shareOf(child(source, 'jitter')) ?? 0.2,
  }
}
