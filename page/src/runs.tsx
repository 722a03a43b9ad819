import { useEffect, useRef } from 'react'
import type { RunList } from '../../src/server/api.ts'
import { clockText } from '../../src/views/terminal/words.ts'
import { useAsked } from './ask.ts'
import { Choice } from './choice.tsx'
import { go, writeRoute } from './route.ts'
import { Problem, Status, spanText, useNow } from './words.tsx'

const LOOK_MS = 2000
const STEP = 100

/** The runs of the project, newest first, as far as they fit the filter. */
export function Runs({ query }: { readonly query: { readonly [name: string]: string } }) {
  const { limit = `${STEP}`, pipeline = '', status = '', text = '' } = query
  const { value, problem } = useAsked<RunList>(
    `/api/runs?${new URLSearchParams({ text, pipeline, status, limit })}`,
    LOOK_MS,
  )
  const now = useNow(true)
  const search = useRef<HTMLInputElement>(null)
  const set = (change: { readonly [name: string]: string }) =>
    go({ words: ['runs'], query: { ...query, ...change } }, true)
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== '/' || /^(?:INPUT|SELECT|TEXTAREA)$/.test((event.target as Element).tagName)) return
      event.preventDefault()
      search.current?.focus()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
  return (
    <section aria-labelledby="runs-title">
      <h1 id="runs-title">Runs</h1>
      <search className="filters">
        <label>
          <span>Find</span>
          <input
            ref={search}
            type="search"
            placeholder="run, pipeline or person ( / )"
            value={text}
            onChange={(event) => set({ text: event.target.value })}
          />
        </label>
        <Choice
          all
          name="Pipeline"
          value={pipeline}
          among={value?.pipelines ?? []}
          set={(one) => set({ pipeline: one })}
        />
        <Choice all name="Status" value={status} among={value?.statuses ?? []} set={(one) => set({ status: one })} />
      </search>
      <Problem text={problem} />
      <p className="count" role="status">
        {value && countText(value)}
      </p>
      {value && value.runs.length > 0 && (
        <table className="list runs">
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Pipeline</th>
              <th scope="col">Run</th>
              <th scope="col">Started</th>
              <th scope="col">Took</th>
              <th scope="col">By</th>
            </tr>
          </thead>
          <tbody>
            {value.runs.map((row) => (
              <tr key={row.run}>
                <td>
                  <Status status={row.status} />
                </td>
                <td>{row.pipeline ?? '?'}</td>
                <td>
                  <a href={writeRoute({ words: ['runs', row.run], query: {} })}>{row.run}</a>
                </td>
                <td>{row.status === 'unreadable' ? '?' : clockText(row.createdAt)}</td>
                <td>{row.status === 'unreadable' ? '?' : spanText(row.createdAt, row.endedAt, now)}</td>
                <td>{row.by ?? '?'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {value && value.total > value.runs.length && (
        <button type="button" onClick={() => set({ limit: String(Number(limit) + STEP) })}>
          Show {Math.min(STEP, value.total - value.runs.length)} more
        </button>
      )}
    </section>
  )
}

function countText({ runs, statuses, total }: RunList): string {
  if (statuses.length === 0) return 'There are no runs yet: start one with `opsflow run PIPELINE`.'
  if (total === 0) return 'No run fits.'
  return total === runs.length ? `${total} ${total === 1 ? 'run' : 'runs'}` : `${runs.length} of ${total} runs`
}
