import { type FormEvent, useState } from 'react'
import type { QuestionPicture, Told, Word } from '../../src/server/api.ts'
import { clockText } from '../../src/views/terminal/words.ts'
import { tell } from './ask.ts'

/** What a run asks of people, with the buttons that answer. */
export function Questions({
  onTold,
  questions,
  run,
  user,
}: {
  readonly run: string
  readonly user: string
  readonly questions: readonly QuestionPicture[]
  readonly onTold: (told: Told) => void
}) {
  return questions.map((question) => (
    <QuestionCard key={question.path} run={run} question={question} user={user} onTold={onTold} />
  ))
}

/** What yes and no are called, by what is asked. */
const YES: { readonly [kind in QuestionPicture['kind']]?: string } = {
  approval: 'Approve',
  interrupted: 'Run it again',
  answer: 'Answer',
  bypass: 'Let it pass',
}
const NO: { readonly [kind in QuestionPicture['kind']]?: string } = { interrupted: 'It failed' }

function QuestionCard({
  onTold,
  question,
  run,
  user,
}: {
  readonly run: string
  readonly user: string
  readonly question: QuestionPicture
  readonly onTold: (told: Told) => void
}) {
  const [busy, setBusy] = useState(false)
  const { answer, command, deadlineMs, from, kind, path, prompt, refused, show } = question
  const say = async (word: Word) => {
    setBusy(true)
    onTold(await tell(run, word))
    setBusy(false)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const field = (name: string) => String(form.get(name) ?? '')
    const says = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value')
    if (says === 'no') return void say({ verb: 'reject', path, comment: field('comment') })
    if (kind === 'answer') {
      const names = Object.keys((answer as object | undefined) ?? {})
      const given = names.map((name) => [name, field(`field:${name}`)] as const).filter(([, value]) => value !== '')
      return void say({ verb: 'answer', path, values: Object.fromEntries(given) })
    }
    if (kind === 'bypass') return void say({ verb: 'bypass', path, reason: field('reason'), expires: field('expires') })
    void say({ verb: 'approve', path, comment: field('comment') })
  }
  const id = `question-${path}`
  return (
    <section className="question" aria-labelledby={id}>
      <h2 id={id}>
        <span aria-hidden="true">…</span> {path}: {prompt}
      </h2>
      {show !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
        <section className="shown" tabIndex={0} aria-label="What is to be decided">
          <pre>{show}</pre>
        </section>
      )}
      <p className="dim">
        {from.length > 0 ? `for ${from.join(' or ')}` : 'for anyone'}
        {deadlineMs !== undefined && `, until ${clockText(deadlineMs)}`} · you decide as <strong>{user}</strong>
      </p>
      {refused !== undefined ? (
        <p className="problem">{refused}</p>
      ) : (
        <form onSubmit={submit}>
          {kind === 'answer' && <Fields schemas={(answer ?? {}) as unknown as Schemas} path={path} />}
          {kind === 'bypass' && (
            <>
              <label>
                <span>Reason, for the record</span>
                <input name="reason" />
              </label>
              <label>
                <span>Holds for</span>
                <input name="expires" defaultValue="1h" size={6} />
              </label>
            </>
          )}
          {(kind === 'approval' || kind === 'interrupted') && (
            <label>
              <span>Comment, for the record</span>
              <input name="comment" />
            </label>
          )}
          <div className="buttons">
            <button type="submit" className="yes" value="yes" disabled={busy} aria-label={`${YES[kind]}: ${path}`}>
              {YES[kind]}
            </button>
            <button
              type="submit"
              className="no"
              value="no"
              disabled={busy}
              aria-label={`${NO[kind] ?? 'Reject'}: ${path}`}
            >
              {NO[kind] ?? 'Reject'}
            </button>
          </div>
        </form>
      )}
      <details>
        <summary>The same by command</summary>
        <code>{command}</code>
      </details>
    </section>
  )
}

type Schemas = {
  readonly [field: string]: {
    readonly type?: string
    readonly enum?: readonly unknown[]
    readonly description?: string
    readonly default?: unknown
  }
}

/** One control for each field of an answer; what is wrong with a value the server says. */
function Fields({ path, schemas }: { readonly schemas: Schemas; readonly path: string }) {
  return Object.entries(schemas).map(([name, schema]) => {
    const choices = schema.enum ?? (schema.type === 'boolean' ? [true, false] : undefined)
    const common = { name: `field:${name}`, id: `${path}:${name}` }
    return (
      <label key={name} htmlFor={common.id}>
        <span>
          {name}
          {schema.description && <span className="dim"> · {schema.description}</span>}
        </span>
        {choices ? (
          <select {...common} defaultValue={schema.default === undefined ? '' : String(schema.default)}>
            <option value="" />
            {choices.map((choice) => (
              <option key={String(choice)}>{String(choice)}</option>
            ))}
          </select>
        ) : (
          <input
            {...common}
            inputMode={schema.type === 'integer' ? 'numeric' : undefined}
            defaultValue={schema.default === undefined ? '' : String(schema.default)}
          />
        )}
      </label>
    )
  })
}
