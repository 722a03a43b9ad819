import { useCallback, useEffect, useRef, useState } from 'react'
import type { Act, Told } from '../../src/server/api.ts'

/** What the server refused, in its own words. */
class Refused extends Error {}

/** What the server answers; what it refuses is thrown, with its remedy. */
export async function get(path: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(path, init).catch(() => undefined)
  if (answer === undefined) throw new Refused(SILENT)
  if (answer.ok) return answer
  const { hint, message = `refused (${answer.status})` } = (await answer.json()) as { message?: string; hint?: string }
  throw new Refused(hint === undefined ? message : `${message}; hint: ${hint}`)
}

const SILENT = 'the server does not answer: is `opsflow ui` still running?'

/** Asks the server for JSON. */
export async function ask<T>(path: string): Promise<T> {
  return (await (await get(path, { headers: { accept: 'application/json' } })).json()) as T
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
  if (answer === undefined) return { ok: false, message: SILENT }
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
  /** The last question that was answered: one that takes long is waited for, not asked again. */
  const answered = useRef(0)
  const again = useCallback(() => {
    const turn = ++newest.current
    ask<T>(path).then(
      (found) => {
        if (turn !== newest.current) return
        answered.current = turn
        setValue(found)
        setProblem(undefined)
      },
      (error: Error) => {
        if (turn !== newest.current) return
        answered.current = turn
        setProblem(error.message)
      },
    )
  }, [path])
  useEffect(() => {
    again()
    if (everyMs === undefined) return
    const timer = setInterval(() => {
      if (!document.hidden && answered.current === newest.current) again()
    }, everyMs)
    return () => clearInterval(timer)
  }, [again, everyMs])
  return { value, problem, again }
}
