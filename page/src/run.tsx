import { type KeyboardEvent, useMemo, useState } from 'react'
import type { Told } from '../../src/server/api.ts'
import { clockText, decisionText, waitingText } from '../../src/views/terminal/words.ts'
import { ToldText } from './act.tsx'
import { act } from './ask.ts'
import { criticalPath } from './critical-path.ts'
import { Graph } from './graph.tsx'
import { boxesOf, idOf, pipelineOf, type Scope } from './graph-model.ts'
import { GateFacts, Panel } from './panel.tsx'
import { Questions } from './questions.tsx'
import { Report } from './report.tsx'
import { go, writeRoute } from './route.ts'
import { Actions, StepActions } from './run-actions.tsx'
import { Steps } from './steps.tsx'
import { Timeline } from './timeline.tsx'
import { useTold } from './told.ts'
import { type KnownRun, useRun } from './use-run.ts'
import { Nowhere, Problem, Status, spanText, useNow, Values } from './words.tsx'

const TABS = [
  { word: 'graph', name: 'Graph' },
  { word: 'timeline', name: 'Timeline' },
  { word: 'steps', name: 'Steps' },
  { word: 'record', name: 'Record' },
  { word: 'report', name: 'Report' },
] as const

/** One run, live. */
export function RunView({
  query,
  run,
  tab,
  user,
}: {
  readonly run: string
  readonly tab: string
  readonly query: { readonly [name: string]: string }
  readonly user: string
}) {
  const { known, problem } = useRun(run)
  const [told, setTold] = useTold(known?.head)
  const critical = useMemo(
    () => (known?.plan ? criticalPath(known.plan, known.head, known.steps) : new Set<string>()),
    [known],
  )
  const now = useNow(known !== undefined && known.head.endedAt === undefined)
  const at = (words: readonly string[], more: { readonly [name: string]: string }) =>
    go({ words: ['runs', run, ...words], query: { ...query, ...more } }, true)
  if (TABS.every(({ word }) => word !== tab)) return <Nowhere />
  if (known === undefined)
    return problem === undefined ? <p role="status">Reading {run} …</p> : <Problem text={problem} />
  const { head, plan, steps } = known
  const picked = query.step
  const pick = (step: string) => at([tab], { step })
  return (
    <div className={picked ? 'run with-panel' : 'run'}>
      <div className="run-main">
        <header className="run-head">
          <h1>{head.pipeline}</h1>
          <Status status={head.status} />
          <span className="dim">
            {spanText(head.createdAt, head.endedAt, now)} · by {head.startedBy} at {clockText(head.createdAt)} ·{' '}
            <code>{head.run}</code>
          </span>
        </header>
        <Problem text={problem ?? head.damage} />
        {head.cancel && (
          <p className="problem">
            cancelled by {head.cancel.by.name}: {head.cancel.reason}
          </p>
        )}
        {head.waitingFor && <p>{waitingText(head.waitingFor, now)}</p>}
        <ToldText told={told} run={run} />
        <Questions run={run} user={user} questions={head.questions} onTold={setTold} />
        <Actions head={head} onTold={setTold} />
        <Tabs tab={tab} choose={(word) => at([word], {})} />
        <div id="tab-content" role="tabpanel" aria-labelledby={`tab-${tab}`} className="tab-content">
          {tab === 'graph' && plan && (
            <RunGraph known={known} scope={query.scope ?? ''} critical={critical} picked={picked} pick={pick} at={at} />
          )}
          {tab === 'graph' && !plan && <p>Its plan cannot be read any more; see its steps.</p>}
          {tab === 'timeline' && (
            <Timeline
              steps={steps}
              critical={critical}
              startedAt={head.createdAt}
              endedAt={head.endedAt}
              picked={picked}
              onPick={pick}
            />
          )}
          {tab === 'steps' && <Steps steps={steps} picked={picked} onPick={pick} />}
          {tab === 'record' && <Record known={known} run={run} onTold={setTold} />}
          {tab === 'report' && <Report asked={{ run }} name={run} moving={head.phase !== 'ended'} />}
        </div>
      </div>
      {picked && (
        <Panel
          run={run}
          path={picked}
          does={doesOf(known, picked)}
          step={steps.get(picked)}
          gate={head.gates.find((gate) => gatePath(gate) === picked)}
          actions={
            <StepActions
              key={`actions ${picked}`}
              head={head}
              step={picked}
              failed={head.goOn === 'retry' && FAILED.test(steps.get(picked)?.status ?? '')}
            />
          }
          onClose={() => at([tab], { step: '' })}
        />
      )}
    </div>
  )
}

const FAILED = /^(?:failed|timed-out|stalled|interrupted|cancelled)$/

function gatePath({ gate, path }: { readonly gate: string; readonly path: string }): string {
  return `${path.slice(0, path.length - gate.length)}gate:${gate}`
}

/** What the plan says of a step, by its path. */
function doesOf({ head, plan }: KnownRun, path: string): string | undefined {
  if (plan === undefined) return undefined
  const scope = head.scopes.filter((one) => one.path !== '' && path.startsWith(`${one.path}/`)).at(-1)
  const pipeline = pipelineOf(plan, scope?.pipeline ?? head.pipeline)
  const id = idOf(scope === undefined ? path : path.slice(scope.path.length + 1))
  return pipeline?.steps.find((step) => step.id === id)?.does
}

/** Tabs as readers of screens know them: arrows go between them. */
function Tabs({ choose, tab }: { readonly tab: string; readonly choose: (word: string) => void }) {
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    const at = TABS.findIndex(({ word }) => word === tab)
    const next = TABS[(at + by + TABS.length) % TABS.length]!
    choose(next.word)
    document.getElementById(`tab-${next.word}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label="Views of the run" onKeyDown={move}>
      {TABS.map(({ name, word }) => (
        <button
          key={word}
          type="button"
          role="tab"
          id={`tab-${word}`}
          aria-selected={tab === word}
          aria-controls={tab === word ? 'tab-content' : undefined}
          tabIndex={tab === word ? 0 : -1}
          onClick={() => choose(word)}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

function RunGraph({
  at,
  critical,
  known,
  pick,
  picked,
  scope: path,
}: {
  readonly known: KnownRun
  readonly scope: string
  readonly critical: ReadonlySet<string>
  readonly picked: string | undefined
  readonly pick: (path: string) => void
  readonly at: (words: readonly string[], more: { readonly [name: string]: string }) => void
}) {
  const { head, plan, steps } = known
  const scope: Scope = useMemo(
    () => head.scopes.find((one) => one.path === path) ?? { path: '', pipeline: head.pipeline },
    [head.scopes, head.pipeline, path],
  )
  const [unopened, setUnopened] = useState<Scope>()
  const shown = unopened?.path === path && path !== '' ? unopened : scope
  const boxes = useMemo(() => boxesOf(plan!, shown, { head, steps, critical }), [plan, shown, head, steps, critical])
  const open = (to: Scope) => {
    setUnopened(to)
    at(['graph'], { scope: to.path })
  }
  const siblings = head.scopes.filter((one) => shown.path !== '' && idOf(one.path) === idOf(shown.path))
  return (
    <>
      {shown.path !== '' && (
        <nav className="crumbs" aria-label="Pipelines">
          <a href={writeRoute({ words: ['runs', head.run, 'graph'], query: {} })}>{head.pipeline}</a>
          <span aria-hidden="true">›</span>
          {siblings.length > 1 ? (
            <select
              aria-label="Part of the run"
              value={shown.path}
              onChange={(event) => at(['graph'], { scope: event.target.value })}
            >
              {siblings.map((one) => (
                <option key={one.path}>{one.path}</option>
              ))}
            </select>
          ) : (
            <span>{shown.path}</span>
          )}
        </nav>
      )}
      <Graph plan={plan!} scope={shown} boxes={boxes} picked={picked} onPick={pick} onOpen={open} />
    </>
  )
}

/** What the record holds beside the steps: inputs, outputs, gates, signals, notes. */
function Record({
  known: { head, steps },
  onTold,
  run,
}: {
  readonly known: KnownRun
  readonly run: string
  readonly onTold: (told: Told) => void
}) {
  const decided = [...steps.values()].filter(({ decision }) => decision !== undefined)
  return (
    <div className="record">
      <Part title="Inputs" empty={Object.keys(head.inputs).length === 0}>
        <Values values={head.inputs} />
      </Part>
      <Part title="Outputs" empty={Object.keys(head.outputs).length === 0}>
        <Values values={head.outputs} labels={head.labels} />
      </Part>
      <Part title="Next steps" empty={head.nextSteps.length === 0}>
        <ul>
          {head.nextSteps.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </Part>
      <Part title="Decisions" empty={decided.length === 0}>
        <ul>
          {decided.map(({ decision, path }) => (
            <li key={path}>
              <code>{path}</code>: {decisionText(decision!)} at {clockText(decision!.at)}
              {decision!.comment && ` — ${decision!.comment}`}
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Gates" empty={head.gates.length === 0}>
        {head.gates.map((gate) => (
          <div key={gate.path}>
            <h3>{gate.path}</h3>
            <GateFacts gate={gate} />
          </div>
        ))}
      </Part>
      <Part title="Signals" empty={head.signals.length === 0}>
        <ul className="signals">
          {head.signals.map((signal) => (
            <li key={`${signal.kind} ${signal.path} ${signal.signal} ${signal.at}`}>
              <strong>{signal.signal}</strong> {signal.kind === 'waiting' ? 'is waited for' : signal.kind} by{' '}
              <code>{signal.path}</code>
              {signal.at !== undefined && ` at ${clockText(signal.at)}`}
              {signal.kind === 'waiting' && (
                <>
                  {' '}
                  — send it with <code>opsflow signal {signal.signal}</code>
                </>
              )}
              {signal.payload && <Values values={signal.payload} />}
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Notes" empty={head.notes.length === 0 && head.phase === 'ended'}>
        <ul>
          {head.notes.map((note) => (
            <li key={`${note.at} ${note.text}`}>
              {note.text}{' '}
              <span className="dim">
                — {note.by.name}, {clockText(note.at)}
              </span>
            </li>
          ))}
        </ul>
        {head.phase !== 'ended' && <NoteForm run={run} onTold={onTold} />}
      </Part>
    </div>
  )
}

function NoteForm({ onTold, run }: { readonly run: string; readonly onTold: (told: Told) => void }) {
  const [text, setText] = useState('')
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault()
        void act({ verb: 'note', run, text }).then((told) => {
          onTold(told)
          if (told.ok) setText('')
        })
      }}
    >
      <label>
        <span>A note for the record</span>
        <input value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit">Note it</button>
    </form>
  )
}

function Part({
  children,
  empty,
  title,
}: {
  readonly title: string
  readonly empty: boolean
  readonly children: React.ReactNode
}) {
  return empty ? null : (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  )
}
