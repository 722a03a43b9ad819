import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react'
import type { Act, Told } from '../../src/server/api.ts'
import { act } from './ask.ts'
import { ValueFields } from './fields.tsx'
import { writeRoute } from './route.ts'
import { type Schemas, textsOf } from './typed.ts'

/** What became of an act, in the words of its command, said aloud where it is heard. */
export function ToldText({ run: here, told }: { readonly told: Told | undefined; readonly run?: string }) {
  const { hint, message, ok, run } = told ?? {}
  return (
    <p className={told === undefined ? 'told' : ok ? 'told good' : 'told bad'} role="status">
      {message}
      {run !== undefined && run !== here && (
        <>
          {' '}
          <a href={writeRoute({ words: ['runs', run], query: {} })}>Open it</a>
        </>
      )}
      {hint !== undefined && (
        <span className="hint">
          {'\n'}
          <strong>hint</strong>: {hint}
        </span>
      )}
    </p>
  )
}

/** A button that does something at once. */
export function ActButton({
  onTold,
  what,
  word,
}: {
  readonly word: string
  readonly what: Act
  readonly onTold: (told: Told) => void
}) {
  const [busy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    onTold(await act(what))
    setBusy(false)
  }
  return (
    <button type="button" className="yes" disabled={busy} onClick={() => void go()}>
      {word}
    </button>
  )
}

/** A button that asks first. What the form holds goes into what is done; Escape leaves everything as it is. */
export function AskingButton({
  children,
  of,
  onTold,
  what,
  word,
}: {
  readonly word: string
  /** Which one, where there are several. */
  readonly of?: string | undefined
  /** What will happen, and fields for more. */
  readonly children: ReactNode
  readonly what: (form: FormData) => Act
  readonly onTold: (told: Told) => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [busy, setBusy] = useState(false)
  const id = useId()
  const name = of === undefined ? word : `${word}: ${of}`
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const asked = what(new FormData(event.currentTarget))
    setBusy(true)
    const told = await act(asked)
    setBusy(false)
    dialog.current?.close()
    onTold(told)
  }
  return (
    <>
      <button type="button" aria-label={name} aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        {word}
      </button>
      <dialog ref={dialog} aria-labelledby={id}>
        <form className="asked" onSubmit={(event) => void submit(event)}>
          <h2 id={id}>{name}?</h2>
          {children}
          <div className="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              Leave it
            </button>
            <button type="submit" className="no" disabled={busy}>
              {word}
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}

/** A form that starts something: a signal with its payload, a pipeline with its inputs. What is wrong the command says. */
export function StartForm({
  fields,
  name,
  verb,
  word,
}: {
  readonly verb: 'signal' | 'run'
  /** Ends in `*` where the rest of it is to be typed. */
  readonly name: string
  readonly fields: Schemas
  readonly word: string
}) {
  const [busy, setBusy] = useState(false)
  const [told, setTold] = useState<Told>()
  const open = name.endsWith('*')
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setTold(await act({ verb, name: open ? String(form.get('name')) : name, values: textsOf(form, fields) }))
    setBusy(false)
  }
  return (
    <form className="start" aria-label={`${word} ${name}`} onSubmit={(event) => void submit(event)}>
      {open && (
        <label>
          <span>Signal</span>
          <input name="name" defaultValue={name.slice(0, -1)} />
        </label>
      )}
      <ValueFields schemas={fields} id={`${verb} ${name}`} />
      <div className="buttons">
        <button type="submit" className="yes" disabled={busy} aria-label={`${word} ${name}`}>
          {word}
        </button>
      </div>
      <ToldText told={told} />
    </form>
  )
}
