import { useCallback, useEffect, useRef, useState } from 'react'
import type { Act, Told } from '../../src/server/api.ts'

/** What the server refused, in its own words. */
class Refused extends Error {}

/** Asks the server for JSON. */
export async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(path, { headers: { accept: 'application/json' } }).catch(() => undefined)
  if (answer === undefined) throw new Refused('the server does not answer: is `opsflow ui` still running?')
  const body = (await answer.json()) as T
  if (!answer.ok) {
    const { hint, message = `refused (${answer.status})` } = body as { message?: string; hint?: string }
    throw new Refused(hint === undefined ? message : `${message}; hint: ${hint}`)
  }
  return body
}

const KEY = 'key'

/** Takes what acting needs out of the address that the server led to, and keeps it where only this page's origin reads it. */
export function takeKey(): void {
  const key = /^#key=([\w-]+)$/.exec(location.hash)?.[1]
  if (key === undefined) return
  localStorage.setItem(KEY, key)
  history.replaceState(null, '', '/')
}

/** Does what a person wants by the command of that name; gives what became of it. */
export async function act(what: Act): Promise<Told> {
  const answer = await fetch('/api/act', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-opsflow-key': localStorage.getItem(KEY) ?? '' },
    body: JSON.stringify(what),
  }).catch(() => undefined)
  if (answer === undefined) return { ok: false, message: 'the server does not answer: is `opsflow ui` still running?' }
  return (await answer.json()) as Told
}

export interface Asked<T> {
  readonly value: T | undefined
  readonly problem: string | undefined
  readonly again: () => void
}

/** What the server says under an address; asked again each `everyMs` while somebody can see the page. */
export function useAsked<T>(path: string, everyMs?: number): Asked<T> {
  const [value, setValue] = useState<T>()
  const [problem, setProblem] = useState<string>()
  const newest = useRef(0)
  const again = useCallback(() => {
    const turn = ++newest.current
    ask<T>(path).then(
      (found) => {
        if (turn !== newest.current) return
        setValue(found)
        setProblem(undefined)
      },
      (error: Error) => {
        if (turn === newest.current) setProblem(error.message)
      },
    )
  }, [path])
  useEffect(() => {
    again()
    if (everyMs === undefined) return
    const timer = setInterval(() => {
      if (!document.hidden) again()
    }, everyMs)
    return () => clearInterval(timer)
  }, [again, everyMs])
  return { value, problem, again }
}
