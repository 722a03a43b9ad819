import { expect } from 'vitest'
import { type Played, play, targetOf } from './cell.ts'
import { type Cell, type Promised, promised } from './matrix.ts'

/** Plays cells side by side and judges each by what the promises say of it. */
export async function playAll(cells: readonly Cell[]): Promise<void> {
  const played = await Promise.all(
    cells.map(async (cell) => {
      const promise = promised(cell)
      return { cell, promise, played: await play(cell, promise) }
    }),
  )
  for (const { cell, promise, played: found } of played) judge(cell, promise, found)
}

/** What a run must have left behind, and what not. */
function judge(cell: Cell, promise: Promised, played: Played): void {
  const { moment, victim } = cell
  const target = targetOf(moment)
  const of = (what: 'begin' | 'end', step: string) =>
    played.effects.filter((one) => one.what === what && one.step === step)
  const within = ([least, most]: readonly [number, number], count: number) => count >= least && count <= most

  expect(played.exits, 'exit codes').toEqual(promise.exits)
  expect(played).toMatchObject({ outcome: promise.outcome, status: promise.status })
  expect(played.questions, 'questions asked').toBe(promise.exits.length - 1)
  const lived = victim === 'supervisor' || victim === 'action host'
  expect(played.shown.split('\n')[0]).toMatch(
    lived ? / (live|succeeded|failed|succeeded-with-failures|parked) / : / (ending|interrupted) /,
  )
  if (victim === 'both' && moment === 'in effect') expect(played.shown).toMatch(/pid \d+ of target/)

  const begun = of('begin', target)
  expect(within(promise.begun, begun.length), `begun ${begun.length} times, promised ${promise.begun}`).toBe(true)
  const done = of('end', target).length
  expect(within(promise.done, done), `done ${done} times, promised ${promise.done}`).toBe(true)
  expect(new Set(begun.map(({ attempt }) => attempt)).size, 'an attempt is started once').toBe(begun.length)
  // One key a step, whatever happened to it, and no step has that of another.
  const keys = new Map(played.effects.map(({ step, key }) => [step, key]))
  for (const { step, key } of played.effects) expect(keys.get(step)).toBe(key)
  expect(new Set(keys.values()).size).toBe(keys.size)
  expect(keys.get(target) ?? `${played.run}/${target}`).toContain(target)

  // What had ended is not done again; what follows is done once, where it may be done at all.
  const once = (step: string) => expect([step, of('begin', step).length, of('end', step).length]).toEqual([step, 1, 1])
  once('first')
  const isGood = promise.status === 'succeeded'
  const follows = moment === 'in a sub-pipeline' ? ['after', 'call/after'] : ['after']
  for (const step of follows) {
    if (isGood) once(step)
    else expect(of('begin', step)).toEqual([])
  }
  if (moment === 'in a sub-pipeline') once('call/first')
  if (moment === 'in a foreach') for (const item of ['target[a]', 'target[c]']) once(item)

  expect(played.overlaps).toEqual([])
  expect(played.orphans).toEqual([])
  expect(played.liveness).toBe('free')
}
