import { type FormEvent, useState } from 'react'
import type { Act, QuestionPicture, Told } from '../../src/server/api.ts'
import { plain } from '../../src/views/terminal/harmless.ts'
import { clockText } from '../../src/views/terminal/words.ts'
import { act } from './ask.ts'
import { ValueFields } from './fields.tsx'
import { type Schemas, textsOf } from './typed.ts'

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
  const say = async (word: Act) => {
    setBusy(true)
    onTold(await act(word))
    setBusy(false)
  }
  const schemas = (answer ?? {}) as unknown as Schemas
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const field = (name: string) => String(form.get(name) ?? '')
    const says = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value')
    if (says === 'no') return void say({ verb: 'reject', run, path, comment: field('comment') })
    if (kind === 'answer') return void say({ verb: 'answer', run, path, values: textsOf(form, schemas) })
    if (kind === 'bypass')
      return void say({ verb: 'bypass', run, path, reason: field('reason'), expires: field('expires') })
    void say({ verb: 'approve', run, path, comment: field('comment') })
  }
  const id = `question-${path}`
  return (
    <section className="question" aria-labelledby={id}>
      <h2 id={id}>
        <span aria-hidden="true">…</span> {path}: {plain(prompt)}
      </h2>
      {show !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
        <section className="shown" tabIndex={0} aria-label="What is to be decided">
          <pre>{plain(show)}</pre>
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
          {kind === 'answer' && <ValueFields schemas={schemas} id={path} />}
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
