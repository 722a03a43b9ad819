import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitsPath, mayOverlap, notOwned, overlapGroups, touches } from '../../src/policy/ownership.ts'

describe('globs', () => {
  test('dot files are files', () => {
    expect(fitsPath('.github/workflows/ci.yml', '**/*.yml')).toBe(true)
    expect(fitsPath('.env.local', '.env*')).toBe(true)
  })
  test('`*` stays within a folder, `**` and a closing slash go below', () => {
    expect(fitsPath('docs/a/b.md', 'docs/*')).toBe(false)
    expect(fitsPath('docs/a/b.md', 'docs/**')).toBe(true)
    expect(fitsPath('docs/a/b.md', 'docs/')).toBe(true)
  })
  test('a leading `!` is a character, not a negation', () => {
    expect(fitsPath('anything', '!secret')).toBe(false)
  })
  test('a path that almost fits a pattern of many wildcards is judged at once', () => {
    const path = 'a'.repeat(100)
    for (const pattern of ['*a*a*a*a*a*a*a*a*b', '+(a|aa)b', '!*a*a*a*a*a*a*a*a*b', '**/*a*a*a*a*a*a*b/**']) {
      // Of the processor: on a busy machine more time goes by. One that tries all ways takes years.
      const start = process.cpuUsage()
      expect(fitsPath(path, pattern)).toBe(false)
      expect(process.cpuUsage(start).user).toBeLessThan(3_000_000)
    }
    expect(fitsPath('!aab', '!*a*a*b')).toBe(true)
    expect(fitsPath('src/plan/deep/step.ts', 'src/**/deep/**/*.ts')).toBe(true)
  })
})

describe('ownership', () => {
  test('names the changed paths that no pattern covers, in order', () => {
    expect(notOwned(['b.ts', 'docs/x.md', 'a.ts'], ['docs/**'])).toEqual(['b.ts', 'a.ts'])
  })
  test('owning nothing covers nothing', () => {
    expect(notOwned(['a'], [])).toEqual(['a'])
  })
  test('a change touches a pattern when one path fits', () => {
    expect(touches(['src/a.ts'], ['docs/**', 'src/*.ts'])).toBe(true)
    expect(touches([], ['**'])).toBe(false)
  })
})

describe('overlap of two owners', () => {
  test('separate folders are separate, nested ones meet', () => {
    expect(mayOverlap('docs/**', 'src/**')).toBe(false)
    expect(mayOverlap('src/**', 'src/plan/*.ts')).toBe(true)
    expect(mayOverlap('package.json', 'package-lock.json')).toBe(false)
    expect(mayOverlap('src/a.ts', 'src/*.ts')).toBe(true)
    expect(mayOverlap('*.md', 'src/**')).toBe(false)
    expect(mayOverlap('**/*.md', 'src/**')).toBe(true)
    expect(mayOverlap('src/*.ts', 'src/*.md')).toBe(false)
    expect(mayOverlap('src/*/test.ts', 'src/plan/*.ts')).toBe(true)
    expect(mayOverlap('src/*/test.ts', 'src/*.ts')).toBe(false)
    expect(mayOverlap('src/', 'src/*/a')).toBe(true)
    expect(mayOverlap('src/*.{ts,md}', 'src/*.js')).toBe(true)
  })
  const segment = fc.constantFrom('a', 'b', 'ab', '*', '**', 'a*', '*b', '?', '?b', '**b')
  const pattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
  const path = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))

  test('groups have the name of their first pattern, and what nobody else may write is alone', () => {
    const groups = overlapGroups(['src/b/**', 'docs/**', 'src/**', './docs/a.md', 'package.json', 'src/a.ts'])
    expect(Object.fromEntries(groups)).toEqual({
      'src/b/**': 'src/**',
      'docs/**': './docs/a.md',
      'src/**': 'src/**',
      './docs/a.md': './docs/a.md',
      'package.json': 'package.json',
      'src/a.ts': 'src/**',
    })
    expect([...overlapGroups(['a', 'b/**', '**']).values()]).toEqual(['**', '**', '**'])
  })
  test('patterns that both fit one path are in one group', () => {
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { maxLength: 8 }), path, (patterns, file) => {
        const groups = overlapGroups(patterns)
        const names = patterns.filter((one) => fitsPath(file, one)).map((one) => groups.get(one))
        expect(new Set(names).size).toBeLessThanOrEqual(1)
      }),
      { numRuns: 1000 },
    )
  })
  test('never says no for two patterns that both fit one path', () => {
    fc.assert(
      fc.property(pattern, pattern, path, (one, two, file) => {
        if (fitsPath(file, one) && fitsPath(file, two)) expect(mayOverlap(one, two)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
