import type { Token } from '../ports/executor.ts'

/** A request for locks as the index has it. */
export interface LockRow {
  readonly id: number
  readonly run: string
  readonly token: Token
  readonly path: string
  readonly held: boolean
  readonly keys: readonly string[]
}

export function pathOf(token: Token): string {
  return token.slice(0, token.lastIndexOf('#'))
}

/** The step whose locks they are, also where its pipeline took them; empty: the run itself did. */
export const stepOf = (path: string): string => path.replace(/(?:^|\/)pipeline:$/, '')

/**
 * Whether a path stands around another: `a` around `a/b`, `a[key]/b` and `a@2/b`, and what a pipeline itself took around all
 * of its steps: `a/pipeline:` around `a/b`, `pipeline:` of the run around everything.
 */
export function isAround(outer: { readonly path: string }, inner: { readonly path: string }): boolean {
  if (outer.path === inner.path) return false
  const path = stepOf(outer.path)
  return path === '' || (inner.path.startsWith(path) && '/[@'.includes(inner.path[path.length] ?? ' '))
}

/**
 * Requests that wait for each other in a circle, each for the next one, beginning with the oldest; empty where there is
 * no circle. One that waits needs those who hold its keys, or asked for them before; one that holds needs the steps
 * inside of it that wait. Nothing but a timeout, a failure or a cancel opens such a circle.
 */
export function findCircle(rows: readonly LockRow[]): readonly LockRow[] {
  const done = new Set<LockRow>()
  const way: LockRow[] = []
  const search = (row: LockRow): readonly LockRow[] => {
    const met = way.indexOf(row)
    if (met >= 0) return way.slice(met)
    if (done.has(row)) return []
    way.push(row)
    for (const next of neededBy(row, rows)) {
      const found = search(next)
      if (found.length > 0) return found
    }
    way.pop()
    done.add(row)
    return []
  }
  for (const row of rows) {
    const circle = search(row)
    if (circle.length === 0) continue
    const first = circle.reduce((at, { id }, index) => (id < circle[at]!.id ? index : at), 0)
    return [...circle.slice(first), ...circle.slice(0, first)]
  }
  return []
}

function neededBy(row: LockRow, rows: readonly LockRow[]): readonly LockRow[] {
  const inRun = rows.filter((other) => other !== row && other.run === row.run)
  if (row.held) return inRun.filter((other) => !other.held && isAround(row, other))
  const around = inRun.filter((other) => other.held && isAround(other, row))
  /** See `isInside` of the locks: within its run, only those are passed that may wait for a step around it. */
  const passes = (other: LockRow): boolean =>
    around.some((holder) => other.run !== row.run || stepOf(holder.path) !== '')
  return rows.filter(
    (other) =>
      other !== row &&
      other.keys.some((key) => row.keys.includes(key)) &&
      (other.held ? other.run !== row.run || !isAround(other, row) : !passes(other) && other.id < row.id),
  )
}

/** What a person must know of a circle to open it. */
export function circleMessage(circle: readonly LockRow[], run: string): string {
  const name = (row: LockRow): string => {
    const step = stepOf(row.path)
    if (row.run === run) return step === '' ? 'this run' : `\`${step}\``
    return step === '' ? `run \`${row.run}\`` : `\`${step}\` of run \`${row.run}\``
  }
  const parts = circle.flatMap((row, at) => {
    const next = circle[(at + 1) % circle.length]!
    if (row.held) return []
    const key = row.keys.find((one) => next.keys.includes(one))
    return [`${name(row)} waits for lock \`${key}\`, which ${name(next)} ${next.held ? 'holds' : 'asked for before'}`]
  })
  const others = [...new Set(circle.map((row) => row.run))].filter((other) => other !== run)
  return `steps wait for each other's locks: ${parts.join('; ')}; end one of them: opsflow cancel ${others[0] ?? run}`
}
