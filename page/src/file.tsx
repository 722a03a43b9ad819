import { useMemo, useState } from 'react'
import type { FilePicture, Finding, PlanPicture } from '../../src/server/api.ts'
import { formatDuration } from '../../src/util/duration.ts'
import { StartForm } from './act.tsx'
import { useAsked } from './ask.ts'
import { Counts } from './files.tsx'
import { Graph } from './graph.tsx'
import { boxesOf, pipelineOf, type Scope } from './graph-model.ts'
import { Problem, Status } from './words.tsx'

const NONE = { head: undefined, steps: new Map(), critical: new Set<string>() }

/** A file: what would run, what the linter says, and its text with both beside each other. */
export function FileView({ path }: { readonly path: string }) {
  const { again, problem, value } = useAsked<FilePicture>(`/api/file?${new URLSearchParams({ path })}`)
  if (value === undefined)
    return problem === undefined ? <p role="status">Checking {path} …</p> : <Problem text={problem} />
  return (
    <div className="file">
      <header className="run-head">
        <h1>{value.name ?? value.path}</h1>
        <Counts row={value} />
        <span className="dim">
          {value.kind} · <code>{value.path}</code>
        </span>
        <button type="button" className="quiet" onClick={again}>
          Check again
        </button>
      </header>
      <Problem text={problem} />
      {value.findings.length > 0 && <Findings findings={value.findings} />}
      {value.inputs && value.name !== undefined && (
        <details>
          <summary>Run {value.name} …</summary>
          <StartForm verb="run" name={value.name} fields={value.inputs} word="Run" />
        </details>
      )}
      {value.plan && <PlanView plan={value.plan} />}
      {value.kind === 'pipeline' && !value.plan && <p>It does not compile: mend the findings first.</p>}
      <Source text={value.text} findings={value.findings} />
    </div>
  )
}

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <section aria-labelledby="findings-title">
      <h2 id="findings-title">Findings</h2>
      <ul className="findings">
        {findings.map((finding) => (
          <li key={`${finding.code} ${finding.line} ${finding.column} ${finding.message}`}>
            <Status status={finding.severity} />{' '}
            <a href={`#line-${finding.line}`} onClick={(event) => show(event, finding.line)}>
              line {finding.line}
            </a>
            : {finding.message} <code className="dim">{finding.code}</code>
            {finding.hint && (
              <p className="hint">
                <strong>hint</strong>: {finding.hint}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The words behind `#` are the page's own address: a line is gone to by hand. */
function show(event: { preventDefault(): void }, line: number): void {
  event.preventDefault()
  const element = document.getElementById(`line-${line}`)
  element?.scrollIntoView({ block: 'center' })
  element?.focus()
}

function PlanView({ plan }: { readonly plan: PlanPicture }) {
  const [scope, setScope] = useState<Scope>({ path: '', pipeline: plan.outline.root })
  const [picked, setPicked] = useState<string>()
  const outline = pipelineOf(plan, scope.pipeline)
  const boxes = useMemo(() => {
    const critical = new Set(outline?.criticalPath.map((id) => (scope.path === '' ? id : `${scope.path}/${id}`)))
    return boxesOf(plan, scope, { ...NONE, critical })
  }, [plan, scope, outline])
  const step = outline?.steps.find(({ id }) => id === picked?.split('/').at(-1))
  return (
    <section aria-labelledby="plan-title" className="plan">
      <h2 id="plan-title">Plan</h2>
      {outline && (
        <p>
          {outline.steps.length} steps, at most {outline.maxParallel} at once, effects: {outline.effects}; worst case{' '}
          {outline.worstCase.elapsed.ms === null
            ? `without limit (${outline.worstCase.elapsed.reasons.slice(0, 3).join('; ')})`
            : formatDuration(outline.worstCase.elapsed.ms)}
        </p>
      )}
      {scope.path !== '' && (
        <nav className="crumbs" aria-label="Pipelines">
          <button type="button" className="quiet" onClick={() => setScope({ path: '', pipeline: plan.outline.root })}>
            {plan.outline.root}
          </button>
          <span aria-hidden="true">›</span> <span>{scope.pipeline}</span>
        </nav>
      )}
      <Graph plan={plan} scope={scope} boxes={boxes} picked={picked} onPick={setPicked} onOpen={setScope} />
      {step && (
        <div className="step-facts" role="status">
          <strong>{step.id}</strong> ({step.kind}): <code>{step.does}</code>
          <p className="dim">
            {[
              step.needs.length > 0 && `needs ${step.needs.map((need) => need.step).join(', ')}`,
              step.when && `when ${step.when}`,
              step.timeout !== null &&
                `timeout ${typeof step.timeout === 'number' ? formatDuration(step.timeout) : step.timeout}`,
              step.attempts !== 1 && `${step.attempts} attempts`,
              `effects: ${step.effects}`,
              `when interrupted: ${step.interrupted}`,
              step.at,
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
      )}
    </section>
  )
}

function Source({ findings, text }: { readonly text: string; readonly findings: readonly Finding[] }) {
  const lines = text.split('\n').map((line, index) => ({ number: index + 1, line }))
  const worst = new Map<number, string>()
  for (const { line, severity } of findings) if (worst.get(line) !== 'error') worst.set(line, severity)
  return (
    <section aria-labelledby="text-title">
      <h2 id="text-title">Text</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region */}
      <section className="source" tabIndex={0} aria-label="Text of the file">
        <pre>
          {lines.map(({ number, line }) => (
            <span key={number} id={`line-${number}`} tabIndex={-1} className={`source-line ${worst.get(number) ?? ''}`}>
              <span className="number" aria-hidden="true">
                {number}
              </span>
              {line}
              {'\n'}
            </span>
          ))}
        </pre>
      </section>
    </section>
  )
}
