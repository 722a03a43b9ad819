import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import {
  type Aftermath,
  ENDINGS,
  type Ending,
  endTree,
  isPossible,
  THOUSAND,
  TREES,
  type Tree,
} from '../support/trees.ts'
import { BUSY_MS } from '../support/waiting.ts'

/** Every tree with every end of its step, again and again: what is only sometimes so is a flake, and there is none. */
const REPETITIONS = Number(process.env.REPETITIONS ?? 50)
/** A thousand processes are made in seconds: fewer of those. */
const THOUSANDS = Math.ceil(REPETITIONS / 10)

interface Count {
  played: number
  flakes: number
  /** Ends that were told after the moment that promise 13 names, on this machine with this load. */
  late: number
  latestMs: number
}

const isClean = (tree: Tree, ending: Ending, found: Aftermath): boolean => {
  const livesOn = tree.escapes && ending === 'ends by itself'
  if (livesOn ? found.left.length !== tree.size : found.left.length + found.carrying.length > 0) return false
  if (found.outcome?.message?.includes('still alive')) return false
  return (found.lateMs ?? 0) < BUSY_MS
}

interface Cell {
  readonly tree: Tree
  readonly ending: Ending
}

/** Plays one cell, adds it to the count, and says what is wrong. */
async function play({ tree, ending }: Cell, count: Count): Promise<string | undefined> {
  const found = await endTree(tree, ending)
  if ((found.lateMs ?? 0) > 0) count.late++
  count.latestMs = Math.max(count.latestMs, found.lateMs ?? Number.NEGATIVE_INFINITY)
  return isClean(tree, ending, found) ? undefined : JSON.stringify({ ...found, tree: found.tree.length })
}

/** Plays cells side by side, a few more than there are cores, so that they also disturb each other. */
async function playAll(cells: readonly Cell[]): Promise<{
  readonly counts: ReadonlyMap<Ending, Count>
  readonly flakes: readonly string[]
}> {
  const counts = new Map<Ending, Count>()
  const flakes: string[] = []
  const queue = [...cells]
  const work = async (): Promise<void> => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      const count = counts.get(cell.ending) ?? { played: 0, flakes: 0, late: 0, latestMs: Number.NEGATIVE_INFINITY }
      counts.set(cell.ending, count)
      count.played++
      const flake = await play(cell, count).catch((error: Error) => error.message)
      if (flake === undefined) continue
      count.flakes++
      flakes.push(`${cell.tree.name}, ${cell.ending}: ${flake}`)
    }
  }
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, work))
  return { counts, flakes }
}

test.runIf(process.platform === 'linux')(
  `promise 13: ${REPETITIONS} times, nothing is left of any process tree after any end of its step`,
  async () => {
    const table = ENDINGS.flatMap((ending) =>
      TREES.filter((tree) => isPossible(tree, ending)).map((tree) => ({ tree, ending })),
    )
    const thousands = ENDINGS.map((ending) => ({ tree: THOUSAND, ending }))
    const { counts, flakes } = await playAll([
      ...Array.from({ length: REPETITIONS }, () => table).flat(),
      ...Array.from({ length: THOUSANDS }, () => thousands).flat(),
    ])
    const rows = [...counts].map(([ending, { played, flakes, late, latestMs }]) => {
      const latest = Number.isFinite(latestMs)
        ? `${late} late, the latest by ${Math.round(latestMs)} ms`
        : 'no time promised'
      return `  ${ending}: ${played} played, ${flakes} flakes, ${latest}`
    })
    console.log(`process trees, ${REPETITIONS} repetitions of ${table.length} cells:\n${rows.join('\n')}`)
    expect(flakes).toEqual([])
    expect([...counts.values()].reduce((sum, { played }) => sum + played, 0)).toBe(
      REPETITIONS * table.length + THOUSANDS * thousands.length,
    )
  },
)
