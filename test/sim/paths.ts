import type { PipelineSpec, Scenario, StepSpec } from './spec.ts'
import { ROOT } from './spec.ts'

/** One `id[key]@iteration` of a path. */
export interface Segment {
  readonly id: string
  readonly key: string | undefined
  readonly iteration: number | undefined
}

/** Where a path or token points to. */
export interface Place {
  readonly pipeline: PipelineSpec
  readonly step: StepSpec
  /** Path of the scope that the step is in: `''` for the run. */
  readonly scope: string
  readonly segment: Segment
  /** Work that belongs to an attempt of the step. */
  readonly extra: { readonly kind: string; readonly name: string } | undefined
}

const SEGMENT = /^([^[@]+)(?:\[([^\]]*)\])?(?:@(\d+))?$/

/** Segments read before: the oracle asks for the same few again and again. */
const known = new Map<string, Segment | undefined>()
const KNOWN_LIMIT = 20_000

/** Reads one segment; undefined where the text is none. */
export function parseSegment(text: string): Segment | undefined {
  if (known.has(text)) return known.get(text)
  if (known.size > KNOWN_LIMIT) known.clear()
  const segment = readSegment(text)
  known.set(text, segment)
  return segment
}

function readSegment(text: string): Segment | undefined {
  const match = SEGMENT.exec(text)
  if (match === null) return undefined
  return {
    id: match[1]!,
    key: match[2] === undefined ? undefined : decodeURIComponent(match[2]),
    iteration: match[3] === undefined ? undefined : Number(match[3]),
  }
}

/** Path and attempt of a token, and which delivery of a check or repair it is. */
export function parseToken(token: string): {
  readonly path: string
  readonly attempt: number
  readonly delivery: number
} {
  const cut = token.lastIndexOf('#')
  const [attempt, delivery = 1] = token
    .slice(cut + 1)
    .split('-')
    .map(Number)
  return { path: token.slice(0, cut), attempt: attempt!, delivery }
}

/** The token of a delivery of a check or repair. */
export function deliveryToken(path: string, attempt: number, delivery = 1): string {
  return `${path}#${attempt}${delivery === 1 ? '' : `-${delivery}`}`
}

/** The parent scope of a path: what is before its last `/`. */
export function scopeOf(path: string): string {
  const cut = path.lastIndexOf('/')
  return cut < 0 ? '' : path.slice(0, cut)
}

/** The pipeline that runs in a scope. */
export function pipelineOf(scenario: Scenario, scope: string): PipelineSpec | undefined {
  let pipeline = scenario.pipelines[ROOT]
  for (const part of scope === '' ? [] : scope.split('/')) {
    const step = pipeline?.steps.find((candidate) => candidate.id === parseSegment(part)?.id)
    pipeline = step?.action.kind === 'pipeline' ? scenario.pipelines[step.action.pipeline] : undefined
  }
  return pipeline
}

/** Finds the step of a path (`/check:id` and `/recover:name` belong to the step before them); undefined: of no step. */
export function locate(scenario: Scenario, path: string): Place | undefined {
  const extra = /^(.*)\/(check|recover):([^/]+)$/.exec(path)
  const own = extra ? extra[1]! : path
  const scope = scopeOf(own)
  const pipeline = pipelineOf(scenario, scope)
  const segment = parseSegment(scope === '' ? own : own.slice(scope.length + 1))
  const step = pipeline?.steps.find((candidate) => candidate.id === segment?.id)
  if (pipeline === undefined || step === undefined || segment === undefined) return undefined
  return { pipeline, step, scope, segment, extra: extra ? { kind: extra[2]!, name: extra[3]! } : undefined }
}
