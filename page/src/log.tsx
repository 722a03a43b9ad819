import { useEffect, useRef, useState } from 'react'
import type { LogInfo } from '../../src/server/api.ts'
import { get, useAsked } from './ask.ts'
import { createLogText } from './log-text.ts'
import { Problem } from './words.tsx'

const LOOK_MS = 700
/** What is read of a long log at first: its end. */
const END_BYTES = 131_072

/** The output of a step: of each attempt, each check and each repair; the newest first, and it follows. */
export function Logs({ moving, path, run }: { readonly run: string; readonly path: string; readonly moving: boolean }) {
  const address = `/api/runs/${encodeURIComponent(run)}`
  const { problem, value } = useAsked<readonly LogInfo[]>(
    `${address}/logs?${new URLSearchParams({ path })}`,
    moving ? LOOK_MS : undefined,
  )
  const [chosen, setChosen] = useState<string>()
  const logs = value ?? []
  const key = (log: LogInfo) => `${log.attempt}-${log.delivery}#${log.path}`
  const log = logs.find((one) => key(one) === chosen) ?? logs.at(-1)
  if (problem !== undefined) return <Problem text={problem} />
  if (log === undefined) return <p className="dim">{value === undefined ? 'Reading …' : 'It has printed nothing.'}</p>
  return (
    <>
      {logs.length > 1 && (
        <label className="which">
          <span>Output of</span>
          <select value={key(log)} onChange={(event) => setChosen(event.target.value)}>
            {logs.map((one) => (
              <option key={key(one)} value={key(one)}>
                {nameOf(one, path)}
              </option>
            ))}
          </select>
        </label>
      )}
      <Log key={`${key(log)}`} address={address} log={log} moving={moving} name={nameOf(log, path)} />
    </>
  )
}

function nameOf({ attempt, delivery, path }: LogInfo, step: string): string {
  const what = path === step ? '' : `${path.slice(step.length + 1).replace(':', ' ')}, `
  return `${what}attempt ${attempt}${delivery > 1 ? `, made again, ${delivery}` : ''}`
}

function Log({
  address,
  log,
  moving,
  name,
}: {
  readonly address: string
  readonly log: LogInfo
  readonly moving: boolean
  readonly name: string
}) {
  const [text, setText] = useState('')
  const [left, setLeft] = useState(0)
  const [whole, setWhole] = useState(false)
  const [follow, setFollow] = useState(true)
  const [problem, setProblem] = useState<string>()
  const box = useRef<HTMLPreElement>(null)
  const { attempt, delivery, path } = log
  useEffect(() => {
    const stop = new AbortController()
    const shown = createLogText()
    let from = whole ? 0 : -END_BYTES
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async (): Promise<void> => {
      const query = new URLSearchParams({ path, attempt: `${attempt}`, delivery: `${delivery}`, from: `${from}` })
      const answer = await get(`${address}/log?${query}`, { signal: stop.signal })
      const bytes = new Uint8Array(await answer.arrayBuffer())
      const start = Number(answer.headers.get('x-log-from'))
      const size = Number(answer.headers.get('x-log-size'))
      if (from < 0) setLeft(start)
      from = start + bytes.length
      if (bytes.length > 0) {
        shown.add(bytes)
        setText(shown.text())
      }
      setProblem(undefined)
      if (bytes.length > 0 && from < size) return look()
      if (moving) timer = setTimeout(again, LOOK_MS)
    }
    const again = () => {
      look().catch((error: Error) => {
        if (stop.signal.aborted) return
        setProblem(error.message)
        timer = setTimeout(again, LOOK_MS * 4)
      })
    }
    again()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [address, path, attempt, delivery, moving, whole])
  useEffect(() => {
    if (follow && box.current && text !== '') box.current.scrollTop = box.current.scrollHeight
  }, [text, follow])
  return (
    <div className="log">
      <div className="log-bar">
        <label>
          <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} /> Follow
        </label>
        {left > 0 && !whole && (
          <button type="button" className="quiet" onClick={() => setWhole(true)}>
            {Math.ceil(left / 1024)} KiB before this are left out: read from the start
          </button>
        )}
        {moving && <span className="status live">▸ live</span>}
      </div>
      <Problem text={problem} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region */}
      <pre ref={box} tabIndex={0} role="log" aria-label={`Output of ${path}, ${name}`}>
        {text}
      </pre>
    </div>
  )
}
