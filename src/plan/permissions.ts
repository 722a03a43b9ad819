import type { Location } from '../diagnostics/diagnostic.ts'
import { decide, mergePermissions, type Permissions } from '../policy/permissions.ts'
import { expandRules, parseRule } from '../policy/rules.ts'
import type { Json } from '../util/json.ts'
import { checkRole } from './names.ts'
import type { StepAction } from './plan.ts'
import { hintFor, tell } from './report.ts'
import { child, entries, items, keyAt, type Source, sourceOf, textsOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'
import { holdsTemplate } from './values.ts'

const NONE: Permissions = { allow: [], deny: [], ask: {} }

type Named = { readonly [name: string]: readonly string[] }
const namedOf = new WeakMap<Session, Named>()

/** Name -> rules, from `actions` of the agents file. */
function namedActions(session: Session): Named {
  let named = namedOf.get(session)
  if (named === undefined) {
    const { agents } = session.project
    const written = agents === undefined ? [] : entries(child(sourceOf(agents.document), 'actions'))
    named = Object.fromEntries(written.map(([name, rules]) => [name, textsOf(rules)]))
    namedOf.set(session, named)
  }
  return named
}

/** The rails of all levels as one, outermost first; names expanded. */
export function resolvePermissions(session: Session, levels: readonly (Source | undefined)[]): Permissions {
  const named = namedActions(session)
  let merged = NONE
  for (const level of levels) {
    const source = child(level, 'permissions')
    if (source === undefined) continue
    const ask = entries(child(source, 'ask')).flatMap(([rule, role]) =>
      expandRules([rule], named).map((text) => [text, role.value as string]),
    )
    merged = mergePermissions(merged, {
      allow: expandRules(textsOf(child(source, 'allow')), named),
      deny: expandRules(textsOf(child(source, 'deny')), named),
      ask: Object.fromEntries(ask),
    })
  }
  return merged
}

/** A rule that can never apply is no rail: unknown names, circles of names and texts that are no rule. */
export function checkPermissions(session: Session, level: Source | undefined): void {
  const source = child(level, 'permissions')
  if (source === undefined) return
  const named = namedActions(session)
  for (const key of ['allow', 'deny']) for (const rule of items(child(source, key))) checkRule(session, rule, named)
  for (const [rule, role] of entries(child(source, 'ask'))) {
    checkRule(session, { ...role, value: rule }, named, keyAt(role))
    if (role.value !== 'human') checkRole(session, role)
  }
}

/** The rules that `actions` of the agents file gives names to. */
export function checkNamedActions(session: Session): void {
  const agents = session.project.agents
  if (agents === undefined) return
  const named = namedActions(session)
  for (const [, rules] of entries(child(sourceOf(agents.document), 'actions'))) {
    for (const rule of items(rules)) checkRule(session, rule, named)
  }
}

function checkRule(session: Session, rule: Source, named: Named, at: Location = valueAt(rule)): void {
  const text = rule.value as string
  const problem = (_: string, name: string, kind: 'unknown' | 'circle') => {
    if (kind === 'circle') tell(session, 'plan/cycle', at, `the name \`${name}\` stands for itself`)
    else if (!Object.hasOwn(named, text)) {
      tell(
        session,
        'plan/unknown-permission',
        at,
        `\`${name}\` is no rule and no name from \`actions\``,
        hintFor(name, Object.keys(named), 'names in `actions`'),
      )
    }
  }
  for (const expanded of expandRules([text], named, problem)) {
    const parsed = parseRule(expanded)
    if (!parsed.ok && expanded === text) {
      tell(session, 'plan/unknown-permission', at, parsed.message, {
        hint: 'rules look like `Bash(git push:*)`, `Edit(.env*)`, `git/tag` or `Read`',
      })
    }
  }
}

/** What the step launches, where that is written and not computed, against its own rails. */
export function checkLaunch(
  session: Session,
  at: Source,
  action: StepAction | undefined,
  permissions: Permissions,
): void {
  const verdict =
    action?.kind === 'action'
      ? decide({ kind: 'action', uses: action.uses }, permissions)
      : action?.kind === 'run' && 'argv' in action && !action.argv.some((word: Json) => holdsTemplate(word))
        ? decide({ kind: 'argv', argv: action.argv.map(String) }, permissions)
        : action?.kind === 'run' && 'script' in action
          ? decide({ kind: 'script', script: action.script }, permissions)
          : undefined
  if (verdict?.verdict !== 'deny') return
  const key = action?.kind === 'action' ? 'uses' : 'run'
  const source = child(at, key)
  tell(session, 'plan/denied', source ? keyAt(source) : keyAt(at), verdict.message)
}
