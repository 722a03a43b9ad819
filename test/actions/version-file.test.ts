import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VERSION_FILES } from '../../src/actions/release/version-file.ts'

const file = (path: string) => VERSION_FILES.find((one) => one.path === path)!

describe('a version file changes only the bytes of its version', () => {
  test('package.json keeps indentation, line ends, order and odd spacing', () => {
    const before = '{\r\n\t"name":"x",\r\n\t"version" :  "1.0.0" ,\r\n\t"nested": {"version": "9.9.9"}\r\n}'
    expect(file('package.json').set(before, '1.1.0')).toBe(before.replace('1.0.0', '1.1.0'))
    expect(file('package.json').get(before)).toBe('1.0.0')
  })
  test('a nested or later-declared version is not mistaken for the top one', () => {
    const before =
      '{"config": {"version": "7"}, "list": [{"version": "8"}, "}"], "text": "\\"version\\": \\"6\\"", "version": "1.0.0"}'
    expect(file('package.json').set(before, '2.0.0')).toBe(before.replace('"1.0.0"', '"2.0.0"'))
  })
  test('package-lock.json changes the top and its own package, no dependency', () => {
    const lock = {
      name: 'x',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': { name: 'x', version: '1.0.0' }, 'node_modules/a': { version: '1.0.0' } },
    }
    const after = JSON.parse(file('package-lock.json').set(JSON.stringify(lock, null, 2), '1.2.0'))
    expect(after).toEqual({
      ...lock,
      version: '1.2.0',
      packages: { '': { name: 'x', version: '1.2.0' }, 'node_modules/a': { version: '1.0.0' } },
    })
  })
  test('VERSION keeps its `v`, its line end and what follows', () => {
    expect(file('VERSION').set('v1.0.0\r\n', '1.0.1')).toBe('v1.0.1\r\n')
    expect(file('VERSION').set('1.0.0', '1.0.1')).toBe('1.0.1')
    expect(file('VERSION').get(' v2.0.0\n')).toBe('2.0.0')
  })
  test('a package.json without a version says none and stays as it is', () => {
    for (const text of ['{}', '{"name": "x"}', '[]', '"version"', '{"version": 3}', '']) {
      expect(file('package.json').get(text)).toBeUndefined()
      expect(file('package.json').set(text, '1.0.0')).toBe(text)
    }
  })
  test('for any JSON with a version, only that version changes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(0, 1, 2, '\t'),
        (before, after, indent) => {
          const value = Object.assign({}, before, { version: '1.2.3' }, after, { version: '1.2.3' })
          const text = JSON.stringify(value, null, indent)
          const changed = file('package.json').set(text, '10.20.30')
          expect(JSON.parse(changed)).toEqual(JSON.parse(JSON.stringify({ ...value, version: '10.20.30' })))
          expect(changed.length).toBe(text.length + 3)
        },
      ),
    )
  })
})
