import type { CoordinatorPlan, Schemas, SignalPlan } from '../../plan/coordinator.ts'
import type { Json } from '../../util/json.ts'
import type { Style } from './style.ts'

/** A field of a payload, as who sends the signal must know it. */
interface ListedField {
  readonly name: string
  readonly type: string
  readonly description: string | null
  readonly default: Json
}

interface ListedSignal {
  readonly signal: string
  readonly description: string | null
  /** Empty: anyone. */
  readonly from: readonly string[]
  readonly forward: string | null
  /** What every signal of this name carries. */
  readonly requires: readonly ListedField[]
  readonly optional: readonly ListedField[]
  /** The first whose condition holds answers; what its pipeline wants besides. */
  readonly routes: readonly {
    readonly when: string | null
    readonly pipeline: string
    readonly requires: readonly ListedField[]
    readonly optional: readonly ListedField[]
  }[]
}

/** A coordinator and what it answers, as `opsflow signals` tells it. */
export interface ListedCoordinator {
  readonly name: string
  readonly file: string
  readonly description: string | null
  readonly domain: string | null
  readonly reportsTo: string | null
  /** How many of its runs may be at work at once; null: any number. */
  readonly maxParallel: number | null
  /** The only agents it may spawn; null: all. */
  readonly agents: readonly string[] | null
  readonly permissions: CoordinatorPlan['permissions']
  readonly gates: CoordinatorPlan['gates']
  readonly signals: readonly ListedSignal[]
}

/** What a coordinator says of itself and of these signals. */
export function listed(plan: CoordinatorPlan, signals: readonly (readonly [string, SignalPlan])[]): ListedCoordinator {
  const { name, file, description, domain, reportsTo, maxParallel, agents, permissions, gates } = plan
  return {
    name,
    file,
    description: description ?? null,
    domain: domain ?? null,
    reportsTo: reportsTo ?? null,
    maxParallel: maxParallel ?? null,
    agents: agents ?? null,
    permissions,
    gates,
    signals: signals.map(([signal, entry]) => ({
      signal,
      description: entry.description ?? null,
      from: entry.from,
      forward: entry.forward ?? null,
      ...fields(entry.payload),
      routes: entry.routes.map(({ when, pipeline, inputs }) => {
        const others = Object.entries(inputs).filter(([input]) => !Object.hasOwn(entry.payload, input))
        return { when: when ?? null, pipeline, ...fields(Object.fromEntries(others)) }
      }),
    })),
  }
}

function fields(schemas: Schemas): Pick<ListedSignal, 'requires' | 'optional'> {
  const all = Object.entries(schemas).map(([name, schema]) => ({
    field: {
      name,
      type: schema.enum ? schema.enum.map(String).join(' | ') : (schema.type ?? 'any'),
      description: schema.description ?? null,
      default: schema.default ?? null,
    },
    needed: schema.default === undefined && schema.optional !== true,
  }))
  return {
    requires: all.filter(({ needed }) => needed).map(({ field }) => field),
    optional: all.filter(({ needed }) => !needed).map(({ field }) => field),
  }
}

/** One coordinator as lines: who it is, what binds it, and each signal with its routes and what it must carry. */
export function coordinatorLines(coordinator: ListedCoordinator, style: Style): readonly string[] {
  const { name, domain, description, agents, reportsTo, maxParallel, permissions, gates, file, signals } = coordinator
  const head = [style.strong(name), ...(domain === null ? [] : [domain]), style.dim(file)].join('  ')
  const { allow, ask, deny } = permissions
  const rails = [
    ...(allow.length === 0 ? [] : [`allow ${allow.join(', ')}`]),
    ...Object.entries(ask).map(([rule, role]) => `ask ${role} for ${rule}`),
    ...(deny.length === 0 ? [] : [`deny ${deny.join(', ')}`]),
  ]
  const about: (readonly [string, string | undefined])[] = [
    ['agents', agents === null ? undefined : agents.length === 0 ? 'none' : agents.join(', ')],
    ['reports to', reportsTo ?? undefined],
    ['runs at once', maxParallel === null ? undefined : `${maxParallel}`],
    ['permissions', rails.length === 0 ? undefined : rails.join('; ')],
    ['gates', gates.length === 0 ? undefined : gates.map(({ id, level }) => `${id} (${level})`).join(', ')],
  ]
  return [
    head,
    ...(description === null ? [] : [`  ${description}`]),
    ...about.flatMap(([what, said]) => (said === undefined ? [] : [`  ${style.dim(`${what}:`)} ${said}`])),
    ...signals.flatMap((signal) => signalLines(signal, style).map((line) => `  ${line}`)),
  ]
}

function signalLines(signal: ListedSignal, style: Style): readonly string[] {
  const { requires, optional, routes, forward, from, description } = signal
  const targets = routes.map((route) => ({
    text: `${route.when === null ? (routes.length > 1 ? 'else ' : '') : `when ${route.when}: `}${route.pipeline}`,
    ...route,
  }))
  const lines = [
    `${style.strong(signal.signal)}${description === null ? '' : `  ${description}`}`,
    ...(forward === null ? [] : [`  -> forwarded to ${forward}`]),
    ...(from.length === 0 ? [] : [`  ${style.dim('from:')} ${from.join(', ')}`]),
    ...fieldLines({ requires, optional }, style),
  ]
  for (const target of targets)
    lines.push(`  -> ${target.text}`, ...fieldLines(target, style).map((line) => `   ${line}`))
  return lines
}

function fieldLines({ requires, optional }: Pick<ListedSignal, 'requires' | 'optional'>, style: Style): string[] {
  const told = (list: readonly ListedField[]) => list.map(({ name, type }) => `${name} (${type})`).join(', ')
  return [
    ...(requires.length === 0 ? [] : [`  ${style.dim('must carry:')} ${told(requires)}`]),
    ...(optional.length === 0 ? [] : [`  ${style.dim('may carry:')} ${told(optional)}`]),
  ]
}
