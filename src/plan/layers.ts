import { child, entries, type Source } from './source.ts'

/**
 * The sources that may set a step key, weakest first: config, agents file, coordinator, pipeline, agent, task, step.
 * A stronger one replaces a key whole, except that `env` and `failures` are joined name by name.
 */
export interface Layers {
  /** `defaults` maps: they reach a step only where its kind has a use for the key. */
  readonly defaults: readonly Source[]
  /** The agent itself: only `failures`, `checks`, `owns`, `permissions` of it belong to steps. */
  readonly agent: Source | undefined
  readonly task: Source | undefined
  readonly step: Source
}

/** Keys whose defaults reach only steps that run something: an approval has no use for a default timeout or retry. */
const RUNNING_ONLY = new Set([
  'timeout',
  'retry',
  'stall',
  'env',
  'cwd',
  'shell',
  'isolation',
  'failures',
  'due',
  'interrupted',
])
const RUNNING = new Set(['run', 'agent', 'uses', 'http'])

/** The strongest source that sets a key for a step of this kind. */
export function pick(layers: Layers, key: string, kind: string): Source | undefined {
  const own = child(layers.step, key) ?? child(layers.task, key)
  if (own !== undefined) return own
  if (RUNNING_ONLY.has(key) && !RUNNING.has(kind)) return undefined
  for (let at = layers.defaults.length - 1; at >= 0; at--) {
    const found = child(layers.defaults[at], key)
    if (found !== undefined) return found
  }
  return undefined
}

/** A map key joined over all layers, name by name, the strongest last word; each entry with its own place. */
export function pickJoined(layers: Layers, key: 'env' | 'failures', kind: string): ReadonlyMap<string, Source> {
  const { defaults, agent, task, step } = layers
  const isRunning = RUNNING.has(kind)
  let joined = NONE
  if (isRunning) for (const source of defaults) joined = joinedBy(joined, child(source, key))
  if (isRunning) joined = joinedBy(joined, child(agent, key))
  return joinedBy(joinedBy(joined, child(task, key)), child(step, key))
}

const NONE: ReadonlyMap<string, Source> = new Map()

/** Most steps have neither: no map is made for them. */
function joinedBy(joined: ReadonlyMap<string, Source>, source: Source | undefined): ReadonlyMap<string, Source> {
  return source === undefined ? joined : new Map([...joined, ...entries(source)])
}
