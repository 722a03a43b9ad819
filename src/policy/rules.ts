/**
 * Permission rules: what a step may launch, as text that people write. Three forms:
 * `Bash(git push --force:*)` a tool with a specifier, `git/tag` or `github/*` an action by the name in `uses`, and a bare
 * word: a tool (`Read`, `mcp__github`) or a name from `actions` of agents.yaml that stands for a list of rules.
 */
export type Rule =
  | { readonly kind: 'command'; readonly text: string; readonly argv: readonly string[]; readonly prefix: boolean }
  | { readonly kind: 'path'; readonly text: string; readonly tool: string; readonly pattern: string }
  | { readonly kind: 'tool'; readonly text: string; readonly tool: string }
  | { readonly kind: 'action'; readonly text: string; readonly pattern: string }

export type ParsedRule = { readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly message: string }

const PATH_TOOLS: readonly string[] = ['Edit', 'Write', 'Read', 'Glob', 'Grep']
const TOOL = /^([A-Za-z][A-Za-z0-9_]*)(?:\(([\s\S]*)\))?$/
const ACTION = /^(?:\.{0,2}\/)?[\w.@*-]+(?:\/[\w.@*-]+)+$/

/** Reads one rule. What is none is refused with the reason: a rule that silently never matches is no rail. */
export function parseRule(text: string): ParsedRule {
  const match = TOOL.exec(text)
  if (match === null) {
    if (ACTION.test(text)) return { ok: true, rule: { kind: 'action', text, pattern: text } }
    return { ok: false, message: `\`${text}\` is no permission rule` }
  }
  const tool = match[1]!
  const specifier = match[2]
  if (specifier === undefined || specifier === '*' || specifier === '**')
    return { ok: true, rule: { kind: 'tool', text, tool } }
  if (specifier.trim() === '') return { ok: false, message: `\`${text}\` has nothing between its brackets` }
  if (tool === 'Bash') return parseCommandRule(text, specifier)
  if (PATH_TOOLS.includes(tool)) return { ok: true, rule: { kind: 'path', text, tool, pattern: specifier } }
  return { ok: false, message: `\`${tool}\` takes no specifier; only Bash, ${PATH_TOOLS.join(', ')} do` }
}

/** `git push:*` is the command with anything behind it, `git status` exactly that command. */
function parseCommandRule(text: string, specifier: string): ParsedRule {
  const prefix = specifier.endsWith(':*') || specifier.endsWith(' *')
  const argv = (prefix ? specifier.slice(0, -2) : specifier).trim().split(/\s+/)
  if (argv.some((word) => /["'`$;&|<>]/.test(word))) {
    return { ok: false, message: `\`${text}\` holds shell syntax; a rule names one command and its first words` }
  }
  return { ok: true, rule: { kind: 'command', text, argv, prefix } }
}

/** True for the bare word that may be a name from `actions` of agents.yaml. */
function isName(text: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(text)
}

/**
 * Replaces names from `actions` by the rules they stand for, each rule once, in order. A name may use other names;
 * unknown ones and circles are handed to `problem` with the name at fault.
 */
export function expandRules(
  texts: readonly string[],
  named: { readonly [name: string]: readonly string[] },
  problem: (text: string, name: string, kind: 'unknown' | 'circle') => void = () => {},
): string[] {
  const found = new Set<string>()
  const expand = (text: string, root: string, open: readonly string[]): void => {
    if (Object.hasOwn(named, text)) {
      if (open.includes(text)) problem(root, text, 'circle')
      else for (const inner of named[text] ?? []) expand(inner, root, [...open, text])
      return
    }
    if (isName(text) && !text.startsWith('mcp__')) problem(root, text, 'unknown')
    else found.add(text)
  }
  for (const text of texts) expand(text, text, [])
  return [...found]
}
