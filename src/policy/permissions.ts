import { fitsPath } from './ownership.ts'
import { type ParsedRule, parseRule, type Rule } from './rules.ts'
import { ANY, ONE, parseCommands } from './shell.ts'

/** The rails of a step, resolved: names expanded, deny and ask from every level. */
export interface Permissions {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  /** Rule -> role that must say yes. */
  readonly ask: { readonly [rule: string]: string }
}

/** What opsflow is about to launch or let through, as far as it can see it. */
export type Launch =
  | { readonly kind: 'argv'; readonly argv: readonly string[] }
  | { readonly kind: 'script'; readonly script: string }
  | { readonly kind: 'action'; readonly uses: string }
  | { readonly kind: 'path'; readonly tool: 'Edit' | 'Write' | 'Read'; readonly path: string }

export type Verdict =
  | { readonly verdict: 'allow' }
  | { readonly verdict: 'ask'; readonly rule: string; readonly role: string }
  | { readonly verdict: 'deny'; readonly rule: string | undefined; readonly message: string }

/**
 * Decides one launch. Deny wins over ask, ask over allow. What the author of a pipeline wrote and no rule names is
 * allowed: `allow` names what needs no question, it does not forbid the rest. What cannot be judged while a rule could
 * apply is denied.
 */
export function decide(launch: Launch, permissions: Permissions): Verdict {
  if (launch.kind === 'script') return decideScript(launch.script, permissions)
  for (const text of permissions.deny) {
    const hit = applies(parseRule(text), launch)
    if (hit)
      return { verdict: 'deny', rule: text, message: `\`${describe(launch)}\` is denied by the rule \`${text}\`` }
  }
  for (const [text, role] of Object.entries(permissions.ask)) {
    if (applies(parseRule(text), launch)) return { verdict: 'ask', rule: text, role }
  }
  return { verdict: 'allow' }
}

/** Every rule by which a launch needs somebody's word, with the role that gives it. What cannot be judged is denied elsewhere. */
export function questions(launch: Launch, permissions: Permissions): readonly { rule: string; role: string }[] {
  const launches: readonly Launch[] =
    launch.kind === 'script' ? commandsOf(launch.script).map((argv) => ({ kind: 'argv', argv })) : [launch]
  return Object.entries(permissions.ask).flatMap(([rule, role]) =>
    launches.some((one) => one.kind !== 'script' && applies(parseRule(rule), one)) ? [{ rule, role }] : [],
  )
}

function commandsOf(script: string): readonly (readonly string[])[] {
  const parsed = parseCommands(script)
  return parsed.ok ? parsed.commands : []
}

/** A word of a list-form command of which only the run knows how it goes on from `start`, or how many words it becomes. */
export function unknownWord(start: string): string {
  return `${start}${ANY}`
}

/** Every simple command of the text is judged; where it cannot be taken apart and a command rule exists, the answer is no. */
function decideScript(script: string, permissions: Permissions): Verdict {
  const railed = [...permissions.deny, ...Object.keys(permissions.ask)].some((text) => {
    const rule = parseRule(text)
    return !rule.ok || rule.rule.kind === 'command' || (rule.rule.kind === 'tool' && rule.rule.tool === 'Bash')
  })
  if (!railed) return { verdict: 'allow' }
  const parsed = parseCommands(script)
  if (!parsed.ok) {
    return {
      verdict: 'deny',
      rule: undefined,
      message: `the script cannot be checked against the permissions: ${parsed.message}; write it as a list (\`run: [cmd, arg]\`) or as simple commands`,
    }
  }
  let asked: Verdict | undefined
  for (const argv of parsed.commands) {
    const verdict = decide({ kind: 'argv', argv }, permissions)
    if (verdict.verdict === 'deny') return verdict
    if (verdict.verdict === 'ask') asked ??= verdict
  }
  return asked ?? { verdict: 'allow' }
}

/** True where a rule speaks of launches of this kind at all. */
function concerns(rule: Rule, launch: Launch): boolean {
  switch (rule.kind) {
    case 'command':
      return launch.kind === 'argv'
    case 'tool':
      return launch.kind === 'argv' ? rule.tool === 'Bash' : launch.kind === 'path' && covers(rule.tool, launch.tool)
    case 'path':
      return launch.kind === 'path' && covers(rule.tool, launch.tool)
    case 'action':
      return launch.kind === 'action'
  }
}

function covers(tool: string, used: 'Edit' | 'Write' | 'Read'): boolean {
  return tool === used || (tool === 'Edit' && used === 'Write')
}

/** A rule that cannot be read applies to everything: when a rail cannot be evaluated, the answer is no. */
function applies(parsed: ParsedRule, launch: Launch): boolean {
  if (!parsed.ok) return true
  const rule = parsed.rule
  if (!concerns(rule, launch)) return false
  if (rule.kind === 'tool') return true
  if (rule.kind === 'action') return launch.kind === 'action' && fitsPath(launch.uses, rule.pattern)
  if (rule.kind === 'path') return launch.kind === 'path' && fitsPath(launch.path, rule.pattern)
  return launch.kind === 'argv' && commandMatches(rule, launch.argv)
}

/**
 * The first words must be the rule's, options of the rule (`--force`) may stand anywhere behind them: `git push --force`
 * also means `git push origin main --force`, and a path before the program's name changes nothing. A word that only the run
 * knows could be whatever the rule names.
 */
function commandMatches(rule: Extract<Rule, { kind: 'command' }>, launched: readonly string[]): boolean {
  const argv = withoutGlobals([launched[0]?.split('/').at(-1) ?? '', ...launched.slice(1)])
  const words = rule.prefix ? rule.argv.filter((word) => !word.startsWith('-')) : rule.argv
  for (const [at, word] of words.entries()) {
    const given = argv[at]
    if (given === undefined || !couldBe(given, word)) return false
    // from here on nothing is sure any more: an unquoted value may be all the words that are left
    if (given.includes(ANY)) return true
  }
  const rest = argv.slice(words.length)
  if (!rule.prefix) return rest.length === 0 || rest.some((word) => word.includes(ANY))
  const end = rest.indexOf('--')
  const candidates = end === -1 ? rest : rest.slice(0, end)
  const options = rule.argv.filter((word) => word.startsWith('-'))
  return options.every((option) => candidates.some((word) => hasOption(word, option)))
}

/** Whether a word, with what is unknown of it, can be the rule's. */
function couldBe(word: string, pattern: string): boolean {
  const known = word.search(/[\u0000\u0001]/)
  if (known >= 0) return pattern.startsWith(word.slice(0, known))
  return word === pattern || (pattern.includes('*') && fitsPath(word, pattern))
}

/** `-f` is also in `-uf`; `--force` is also `--force=x`, but not `--force-with-lease`. */
function hasOption(word: string, option: string): boolean {
  if (word === option || word.startsWith(`${option}=`)) return true
  if (word.includes(ANY)) return true
  if (word.includes(ONE)) return option.startsWith(word.slice(0, word.indexOf(ONE)))
  return /^-[A-Za-z]$/.test(option) && /^-[A-Za-z]+$/.test(word) && word.includes(option[1]!)
}

/** `git -C dir -c key=value push` launches `git push`: git's own options before the subcommand are passed over. */
function withoutGlobals(argv: readonly string[]): readonly string[] {
  if (argv[0] !== 'git') return argv
  let at = 1
  while (at < argv.length && argv[at]!.startsWith('-')) {
    at += ['-C', '-c', '--git-dir', '--work-tree', '--namespace', '--exec-path', '--config-env'].includes(argv[at]!)
      ? 2
      : 1
  }
  return ['git', ...argv.slice(at)]
}

function describe(launch: Exclude<Launch, { kind: 'script' }>): string {
  if (launch.kind === 'argv') return launch.argv.join(' ').replaceAll(/[\u0000\u0001]/g, '$…')
  return launch.kind === 'action' ? launch.uses : `${launch.tool}(${launch.path})`
}

/** Two levels of rails as one: deny and ask add up, and only what both allow stays allowed. The outer role is asked. */
export function mergePermissions(outer: Permissions, inner: Permissions): Permissions {
  return {
    allow:
      outer.allow.length === 0 ? inner.allow : inner.allow.length === 0 ? outer.allow : both(outer.allow, inner.allow),
    deny: [...new Set([...outer.deny, ...inner.deny])],
    ask: { ...inner.ask, ...outer.ask },
  }
}

/** Rules that stand in both lists, word for word or within a wider rule of the other. */
function both(a: readonly string[], b: readonly string[]): readonly string[] {
  const within = (text: string, list: readonly string[]) =>
    list.some((other) => other === text || contains(other, text))
  return [...new Set([...b.filter((text) => within(text, a)), ...a.filter((text) => within(text, b))])]
}

function contains(wide: string, narrow: string): boolean {
  const [a, b] = [parseRule(wide), parseRule(narrow)]
  if (!a.ok || !b.ok) return false
  if (a.rule.kind === 'tool') {
    return b.rule.kind === 'command' ? a.rule.tool === 'Bash' : b.rule.kind === 'path' && a.rule.tool === b.rule.tool
  }
  if (a.rule.kind === 'action' && b.rule.kind === 'action') return fitsPath(b.rule.pattern, a.rule.pattern)
  if (a.rule.kind === 'command' && b.rule.kind === 'command') {
    const words = b.rule.argv
    return a.rule.prefix && a.rule.argv.every((word, i) => words[i] === word)
  }
  return false
}
