import type { Outline, PipelineOutline, StepOutline, TimeOutline } from '../../plan/outline.ts'
import type { NeedOn } from '../../plan/plan.ts'
import { formatDuration } from '../../util/duration.ts'
import { harmless } from './harmless.ts'
import { makeStyle, type Style } from './style.ts'
import { counted } from './words.ts'

interface Look {
  readonly style: Style
  readonly columns: number
}

/** A plan for a person: what runs when, what it may change, what it waits for, how long it can take. */
export function planText(
  outline: Outline,
  options: { readonly color: boolean; readonly columns: number | undefined },
): string {
  const look: Look = { style: makeStyle(options.color), columns: Math.max(60, options.columns ?? 100) }
  const parts = outline.pipelines.map((pipeline, index) =>
    pipelineText(pipeline, index === 0 ? outline : undefined, look),
  )
  return harmless(`${parts.join('\n\n')}\n`)
}

function pipelineText(pipeline: PipelineOutline, root: Outline | undefined, look: Look): string {
  const { style } = look
  const lines = [style.strong(root ? pipeline.name : `pipeline ${pipeline.name}`)]
  if (pipeline.description !== null)
    lines[0] += `  ${clip(pipeline.description, look.columns - pipeline.name.length - 12)}`
  const counts = [
    counted(pipeline.steps.filter((step) => step.section === 'steps').length, 'step'),
    pipeline.gates.length > 0 && counted(pipeline.gates.length, 'gate'),
    pipeline.inputs.length > 0 &&
      `inputs ${pipeline.inputs.map((input) => (input.required ? input.name : `${input.name}?`)).join(', ')}`,
    root && `plan ${root.plan.slice(0, 12)}`,
  ]
  lines.push(style.dim([pipeline.file, ...counts].filter(Boolean).join(' · ')), '')
  lines.push(...stepLines(pipeline, look))
  lines.push('', ...facts(pipeline, root, look))
  return lines.join('\n')
}

/** One row a step, under the earliest moment it can start; gates stand before what they hold up. */
function stepLines(pipeline: PipelineOutline, look: Look): string[] {
  const steps = new Map(pipeline.steps.map((step) => [step.id, step]))
  const last = pipeline.steps.filter((step) => step.section === 'finally')
  const shown = new Set<string>()
  const idWidth = Math.max(
    ...pipeline.steps.map((step) => step.id.length),
    ...pipeline.gates.map((gate) => gate.id.length),
  )
  const doesWidth = Math.min(44, Math.max(...pipeline.steps.map((step) => step.does.length)))
  const lines: string[] = []
  const row = (lead: string, step: StepOutline) => {
    const does = step.does.length > doesWidth ? `${step.does.slice(0, doesWidth - 1)}…` : step.does.padEnd(doesWidth)
    const effects =
      step.effects === 'external' ? look.style.warn(step.effects.padEnd(9)) : look.style.dim(step.effects.padEnd(9))
    lines.push(
      `  ${look.style.dim(lead.padEnd(7))} ${step.id.padEnd(idWidth)}  ${does}  ${effects}  ${traits(step, look)}`.trimEnd(),
    )
  }
  for (const [at, wave] of pipeline.waves.entries()) {
    const gates = pipeline.gates.filter((gate) => !shown.has(gate.id) && gate.before.some((id) => wave.includes(id)))
    for (const gate of gates) {
      shown.add(gate.id)
      lines.push(gateLine(gate, idWidth, look))
    }
    for (const [index, id] of wave.entries()) row(index === 0 ? `wave ${at + 1}` : '', steps.get(id)!)
  }
  for (const gate of pipeline.gates) if (!shown.has(gate.id)) lines.push(gateLine(gate, idWidth, look))
  for (const [index, step] of last.entries()) row(index === 0 ? 'finally' : '', step)
  return lines
}

const ON_WORDS: { readonly [on in NeedOn]: string } = {
  ok: '',
  succeeded: ' (succeeded)',
  completed: ' (however it ends)',
  failed: ' (failed)',
}

function traits(step: StepOutline, { style }: Look): string {
  const words = [
    step.timeout !== null && (typeof step.timeout === 'number' ? formatDuration(step.timeout) : step.timeout),
    step.attempts !== 1 && `${step.attempts} attempts`,
    step.repeat !== null && `repeats up to ${step.repeat}x`,
    step.foreach && 'each item',
    step.when !== null && `when ${step.when}`,
    step.allowFailure && 'may fail',
    step.mutex !== null && `one at a time: ${step.mutex}`,
    step.checks.length > 0 && `checks ${step.checks.join(', ')}`,
    step.needs.length > 0 &&
      `after ${step.quorum === null ? '' : `${step.quorum} of `}${step.needs.map(({ step: id, on }) => id + ON_WORDS[on]).join(', ')}`,
    step.gates.length > 0 && `behind gate ${step.gates.join(', ')}`,
  ].filter((word) => typeof word === 'string')
  return style.dim(words.join(' · '))
}

function gateLine(gate: PipelineOutline['gates'][number], width: number, { style }: Look): string {
  const wants = [
    gate.success !== null && `${Math.round(gate.success * 100)} % of ${counted(gate.of.length, 'step')}`,
    gate.mustPass.length > 0 && `${gate.mustPass.join(', ')} must pass`,
    gate.checks.length > 0 && `checks ${gate.checks.join(', ')}`,
  ].filter((word) => typeof word === 'string')
  const end = gate.before.length > 0 ? `holds ${gate.before.join(', ')}` : 'judges the end'
  const bypass = gate.bypass.length > 0 ? `, bypass by ${gate.bypass.join(' or ')}` : ''
  return `  ${style.dim('gate'.padEnd(7))} ${style.strong(gate.id.padEnd(width))}  ${wants.join(' · ')}; ${end} ${style.dim(`(${gate.level}${bypass})`)}`
}

/** The block of facts below the steps: name, value; long values wrap under themselves. */
function facts(pipeline: PipelineOutline, root: Outline | undefined, look: Look): string[] {
  const of = (effects: string) => pipeline.steps.filter((step) => step.effects === effects).map((step) => step.id)
  const { elapsed, work } = pipeline.worstCase
  const deny = [...new Set(pipeline.steps.flatMap((step) => step.permissions.deny))]
  const ask = [
    ...new Set(
      pipeline.steps.flatMap((step) => Object.entries(step.permissions.ask).map(([rule, role]) => `${rule} (${role})`)),
    ),
  ]
  const owns = pipeline.steps
    .filter((step) => step.owns.length > 0)
    .map((step) => `${step.id}: ${step.owns.join(', ')}`)
  const people = root ? Object.entries(root.people).map(([role, names]) => `${role}: ${names.join(', ')}`) : []
  const waits = pipeline.steps
    .filter((step) => ['approval', 'ask', 'wait'].includes(step.kind))
    .map((step) => `${step.id} (${step.does})`)
  const rows: (readonly [string, string])[] = [
    ['critical path', pipeline.criticalPath.join(' → ')],
    ['worst case', worstText(work, elapsed)],
    ...elapsed.reasons.map((reason): [string, string] => ['', reason]),
    ['at once', `${pipeline.maxParallel} steps`],
    ['changes files', of('workspace').join(', ')],
    ['reaches outside', of('external').join(', ')],
    ['waits for', waits.join(', ')],
    ['may not', deny.join(', ')],
    ['asks before', ask.join(', ')],
    ['writes only', owns.join(' · ')],
    ['secrets', pipeline.secrets.join(', ')],
    ['people', people.join(' · ')],
    ['gives', pipeline.outputs.map(({ name, deliverable }) => deliverable ?? name).join(', ')],
  ]
  return rows.filter(([, value]) => value !== '').flatMap(([name, value]) => wrapped(name, value, look))
}

function worstText(work: TimeOutline, elapsed: TimeOutline): string {
  const of = (time: TimeOutline) => (time.ms === null ? 'no limit' : formatDuration(time.ms))
  if (!elapsed.limited && work.limited) return `${of(work)} of work; with waiting no limit:`
  if (!elapsed.limited) return 'no limit:'
  return work.ms === elapsed.ms ? of(elapsed) : `${of(work)} of work, ${of(elapsed)} with waiting`
}

function wrapped(name: string, value: string, { style, columns }: Look): string[] {
  const indent = 18
  const lines: string[] = []
  let line = ''
  for (const word of value.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > columns - indent) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((text, at) => `  ${style.dim((at === 0 ? name : '').padEnd(indent - 2))}${text}`)
}

function clip(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > width ? `${line.slice(0, Math.max(1, width - 1))}…` : line
}
