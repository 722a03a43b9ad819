// Definitions -> docs/language.md: every key with what it says, an example, its default, and whether this version runs it.

/** The page of what teams write. */
export const LANGUAGE = {
  title: 'Language reference',
  intro: [
    'Every key of every file. What expressions read is named `[a-z][a-z0-9_]*`; agents, tasks, pipelines and files may have',
    'dashes; signals are `NS:NAME`. Durations are written `30s`, `5m`, `1h30m`, `3d` or `PT5M`. The keys `when`, `until` and',
    '`require` hold bare CEL; everywhere else an expression stands in `${{ }}`.',
    '',
    'A key marked **not yet** belongs to the language, and this version refuses it by name instead of ignoring it.',
    '',
    'Editors complete and check these files when their first line names the schema:',
    '',
    '```yaml',
    '# yaml-language-server: $schema=./node_modules/opsflow/schemas/pipeline.schema.json',
    '```',
  ],
  fence: 'yaml',
  roots: {
    pipeline: [
      'Pipeline files',
      'A pipeline is a graph of steps. Its file lies below `pipelines/` and starts with `pipeline: NAME`.',
    ],
    coordinator: [
      'Coordinator files',
      'A coordinator answers signals with pipelines. Its file lies below `pipelines/` and starts with `coordinator: NAME`.',
    ],
    agents: [
      'Agents file',
      '`agents.yaml` says who may do what: agents, their tasks, permissions, ownership and checks.',
    ],
    config: [
      'Config',
      '`opsflow.config.yaml` (also `.yml`, `.json`, `.js`, `.ts`, `.opsflowrc`, or `opsflow` in package.json) says where things live and who people are.',
    ],
  },
}

/** The page of what programs read. */
export const JSON_OUTPUTS = {
  title: 'JSON outputs',
  intro: [
    'What commands print for programs. A member that is not **required** is left out where there is nothing to say.',
  ],
  fence: 'json',
  roots: {
    'lint.output': ['Findings', '`opsflow lint --format json`.'],
    'plan.output': ['Plans', '`opsflow plan --format json`.'],
    'run.output': ['Runs', '`opsflow show RUN --json` and `opsflow run --json`.'],
    'doctor.output': ['Set-up', '`opsflow doctor --json`.'],
    'report.output': ['Reports', '`opsflow report RUN --json`.'],
    'overview.output': ['Overviews', '`opsflow report --since 7d --json`.'],
  },
}

/** Definitions that are one line of text: shown where they are used, without a section of their own. */
const isPlain = (schema) => !schema.properties && !schema.anyOf?.some((branch) => branch.properties)

export function referenceOf({ roots, defs }, page) {
  const rootNames = new Set(roots.map(({ name }) => name))
  const sections = [...defs].filter(([name, schema]) => !rootNames.has(name) && !isPlain(schema))
  const users = usersOf(defs, sections)
  const lines = [
    `# ${page.title}`,
    '',
    '<!-- Made from schemas/ by `npm run generate`. Edit the schemas, not this file. -->',
    '',
    ...page.intro,
    '',
    '## Contents',
    '',
    ...roots.map(({ kind }) => `- [${page.roots[kind][0]}](#${anchor(page.roots[kind][0])})`),
    ...sections.map(([name]) => `- [${heading(name)}](#${anchor(heading(name))})`),
    '',
  ]
  for (const { kind, name } of roots) {
    const [title, text] = page.roots[kind]
    lines.push(`## ${title}`, '', text, '', ...example(defs.get(name), page), ...table(name, defs), '')
  }
  lines.push('# Parts', '')
  for (const [name, schema] of sections) {
    lines.push(`## ${heading(name)}`, '', `${sentence(schema)}${note(schema)}`, '')
    const used = users.get(name)
    if (used?.length) lines.push(`Used by: ${used.map((user) => `\`${user}\``).join(', ')}.`, '')
    lines.push(...example(schema, page), ...rules(schema), ...table(name, defs), '')
  }
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`
}

function table(name, defs) {
  const schema = defs.get(name)
  if (!schema.properties)
    return [`One of: ${(schema.anyOf ?? []).map((branch) => typeOf(branch, defs)).join('; or ')}.`]
  const rows = Object.entries(schema.properties).map(([key, node]) => {
    const required = schema.required?.includes(key) ? ' **required**' : ''
    const fallback = node.default === undefined ? '' : ` Default: ${code(node.default)}.`
    const later = node['x-not-yet-supported'] === undefined ? '' : ` **not yet**: ${node['x-not-yet-supported']}.`
    return `| \`${key}\`${required} | ${cell(typeOf(node, defs))} | ${cell(`${node.description}.${fallback}${later}`)} | ${cell(code(node.examples?.[0]))} |`
  })
  return ['| key | value | meaning | example |', '|---|---|---|---|', ...rows]
}

function typeOf(node, defs) {
  if (node.$ref !== undefined) {
    if (node.$ref === 'durationOrTemplate') return 'duration or `${{ }}`'
    if (node.$ref === 'limitOrTemplate') return 'duration above zero, or `${{ }}`'
    if (node.$ref === 'limit') return 'duration above zero'
    if (node.$ref === 'template') return '`${{ }}`'
    const target = defs.get(node.$ref)
    return isPlain(target) ? typeOf(target, defs) : `[${heading(node.$ref)}](#${anchor(heading(node.$ref))})`
  }
  if (node.enum) return node.enum.map((value) => code(value)).join(', ')
  if (node.const !== undefined) return code(node.const)
  if (node['x-is'] === 'condition') return 'bare CEL'
  if (node['x-is'] !== undefined) return node['x-is'].replaceAll('-', ' ')
  if (Array.isArray(node.type))
    return node.type.map((type) => (type === 'null' ? '`null`' : typeOf({ type }, defs))).join(' or ')
  if (node.anyOf) return node.anyOf.map((branch) => typeOf(branch, defs)).join(' or ')
  if (node.type === 'array') return `list of ${typeOf(node.items, defs)}`
  if (node.type === 'object' && typeof node.additionalProperties === 'object')
    return `map of name to ${typeOf(node.additionalProperties, defs)}`
  return (
    { string: 'text', integer: 'whole number', number: 'number', boolean: '`true` or `false`' }[node.type] ??
    'any value'
  )
}

function rules(schema) {
  const found = []
  if (schema['x-one-of']) found.push(`Exactly one of ${schema['x-one-of'].map((key) => `\`${key}\``).join(', ')}.`)
  for (const [key, needed] of Object.entries(schema.dependentRequired ?? {}))
    found.push(`\`${key}\` stands only beside \`${needed.join('`, `')}\`.`)
  for (const [key, rule] of Object.entries(schema.dependentSchemas ?? {}))
    found.push(`\`${key}\` goes with ${rule['x-belongs'].map((name) => `\`${name}\``).join(', ')}.`)
  if (schema['x-not']) found.push(`Not both \`${schema['x-not'].join('` and `')}\`.`)
  return found.length ? [...found.map((rule) => `- ${rule}`), ''] : []
}

function example(schema, page) {
  const first = schema.examples?.[0]
  if (first === undefined) return []
  const lines = page.fence === 'json' ? JSON.stringify(first, null, 2).split('\n') : yaml(first)
  return [`\`\`\`${page.fence}`, ...lines, '```', '']
}

/** Enough of a YAML writer for examples: maps and lists in block form, texts quoted where they must be. */
function yaml(value, indent = '') {
  if (Array.isArray(value)) return value.map((item) => `${indent}- ${flow(item)}`)
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, part]) =>
      part !== null &&
      typeof part === 'object' &&
      !Array.isArray(part) &&
      Object.values(part).some((inner) => typeof inner === 'object')
        ? [`${indent}${key}:`, ...yaml(part, `${indent}  `)]
        : [`${indent}${key}: ${flow(part)}`],
    )
  }
  return [`${indent}${flow(value)}`]
}

function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (value !== null && typeof value === 'object')
    return `{ ${Object.entries(value)
      .map(([key, part]) => `${key}: ${flow(part)}`)
      .join(', ')} }`
  if (typeof value !== 'string') return String(value)
  return /^[A-Za-z./][\w./ -]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value)
}

function usersOf(defs, sections) {
  const users = new Map(sections.map(([name]) => [name, []]))
  for (const [owner, schema] of defs) {
    for (const [key, node] of Object.entries(schema.properties ?? {})) {
      for (const target of reach(node, defs)) users.get(target)?.push(`${heading(owner).toLowerCase()}.${key}`)
    }
  }
  return users
}

function* reach(node, defs, seen = new Set()) {
  if (node === null || typeof node !== 'object') return
  if (typeof node.$ref === 'string' && !seen.has(node.$ref)) {
    seen.add(node.$ref)
    yield node.$ref
    if (isPlain(defs.get(node.$ref))) yield* reach(defs.get(node.$ref), defs, seen)
  }
  for (const [key, value] of Object.entries(node))
    if (key !== 'examples' && key !== 'default') yield* reach(value, defs, seen)
}

const heading = (name) =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/^./, (first) => first.toUpperCase())
    .replace(/ [A-Z]/g, (part) => part.toLowerCase())
const anchor = (title) => title.toLowerCase().replaceAll(' ', '-')
const sentence = (schema) => `${schema.description}.`
const note = (schema) =>
  schema['x-not-yet-supported'] === undefined ? '' : ` **Not yet**: ${schema['x-not-yet-supported']}.`
const code = (value) => (value === undefined ? '' : `\`${typeof value === 'string' ? value : flow(value)}\``)
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
