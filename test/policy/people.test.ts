import { describe, expect, test } from 'vitest'
import { isPerson, mayDecide, personsOf } from '../../src/policy/people.ts'

const people = { maintainers: ['alice', 'uid:1000'], ARCHITECT: ['bob', 'alice'], empty: [] }
const starter = { name: 'alice', uid: 7 }

describe('who is meant', () => {
  test('a role stands for its persons, a name that is no role for itself, each once', () => {
    expect(personsOf(['maintainers', 'ARCHITECT', 'carol'], people)).toEqual(['alice', 'uid:1000', 'bob', 'carol'])
  })

  test('a role named like a property of every object is no role', () => {
    expect(personsOf(['constructor'], people)).toEqual(['constructor'])
  })

  test('an entry is a login name or a user id', () => {
    expect(isPerson('alice', { name: 'alice' })).toBe(true)
    expect(isPerson('uid:1000', { name: 'who', uid: 1000 })).toBe(true)
    expect(isPerson('uid:1000', { name: 'uid:1000' })).toBe(false)
    expect(isPerson('uid:0', { name: 'root' })).toBe(false)
  })
})

describe('who may decide', () => {
  const rule = (over: object) => ({ from: [], persons: [], self: true, startedBy: starter, ...over })

  test('without `from` anyone may, the starter too', () => {
    expect(mayDecide(starter, rule({}))).toEqual({ ok: true })
    expect(mayDecide({ name: 'eve' }, rule({}))).toEqual({ ok: true })
  })

  test('`self: false` refuses the starter, also under another name with the same user id', () => {
    expect(mayDecide({ name: 'alias', uid: 7 }, rule({ self: false }))).toMatchObject({ ok: false })
    expect(mayDecide({ name: 'alice', uid: 8 }, rule({ self: false }))).toEqual({ ok: true })
  })

  test('`self: false` refuses who brought the run a plan, and tells them why', () => {
    const rules = rule({ self: false, plannedBy: [{ name: 'bob', uid: 8 }, { name: 'carol' }] })
    const message = (name: string) => `\`${name}\` brought a plan of this run, and another person must decide`
    expect(mayDecide({ name: 'alias', uid: 8 }, rules)).toEqual({ ok: false, message: message('alias') })
    expect(mayDecide({ name: 'carol', uid: 9 }, rules)).toEqual({ ok: false, message: message('carol') })
    expect(mayDecide({ name: 'dan', uid: 10 }, rules)).toEqual({ ok: true })
    expect(mayDecide({ name: 'carol' }, { ...rules, self: true })).toEqual({ ok: true })
  })

  test('`from` admits its persons and tells the others who it takes', () => {
    const limited = rule({ from: ['maintainers'], persons: ['alice', 'uid:1000'] })
    expect(mayDecide({ name: 'x', uid: 1000 }, limited)).toEqual({ ok: true })
    expect(mayDecide({ name: 'eve' }, limited)).toEqual({
      ok: false,
      message: '`eve` may not decide this; it takes maintainers: alice, uid:1000',
    })
  })

  test('a role without persons admits nobody', () => {
    expect(mayDecide({ name: 'eve' }, rule({ from: ['empty'], persons: [] }))).toMatchObject({ ok: false })
  })
})
