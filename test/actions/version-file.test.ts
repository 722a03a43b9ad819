import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crateOf, patternFile, versionFiles } from '../../src/actions/release/version-file.ts'

const file = (path: string, folder = '') =>
  versionFiles(folder, { crates: ['mine', 'core'] }).find((one) => one.path === path)!

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

describe('the version of a Python project', () => {
  const before =
    '# project.version = "9"\n[build-system]\nrequires = [\n  "x == 1.0.0",\n]\n\n[project]\nname = "mine"\nversion = \'1.0.0\'  # ours\ntext = """\nversion = "7.0.0"\n"""\n\n[tool.other]\nversion = "6.0.0"\n'
  test('is that of `[project]`, in its own quotes, and no other', () => {
    expect(file('pyproject.toml').get(before)).toBe('1.0.0')
    expect(file('pyproject.toml').name?.(before)).toBe('mine')
    expect(file('pyproject.toml').set(before, '1.1.0')).toBe(before.replace("'1.0.0'", "'1.1.0'"))
  })
  test('may be that of poetry, with line ends of Windows', () => {
    const poetry = '[tool.poetry]\r\nversion   =   "0.3.0"\r\n[tool.poetry.dependencies]\r\npython = "^3"\r\n'
    expect(file('pyproject.toml').set(poetry, '0.4.0')).toBe(poetry.replace('0.3.0', '0.4.0'))
  })
  test('writes a pre-release as Python does, reads it back, and refuses what Python has no word for', () => {
    const after = file('pyproject.toml').set(before, '1.1.0-rc.2')
    expect(after).toContain("version = '1.1.0rc2'")
    expect(file('pyproject.toml').get(after)).toBe('1.1.0-rc.2')
    expect(() => file('pyproject.toml').set(before, '1.1.0-next.1')).toThrow(/no version that Python knows/)
  })
  test('that is made when it is built is none', () => {
    expect(file('pyproject.toml').get('[project]\nname = "mine"\ndynamic = ["version"]\n')).toBeUndefined()
  })
})

describe('the version of a crate', () => {
  const manifest =
    '[package]\nname = "mine"\nversion = "1.0.0"\n\n[dependencies]\nserde = { version = "1.0.0" }\nversion = "1.0.0"\n'
  test('is that of `[package]`, and no dependency', () => {
    expect(file('Cargo.toml').set(manifest, '1.0.1')).toBe(manifest.replace('version = "1.0.0"', 'version = "1.0.1"'))
  })
  test('may be that of the workspace, which its crates take over', () => {
    const workspace = '[workspace]\nmembers = ["a"]\n[workspace.package]\nversion = "0.2.0"\n'
    expect(file('Cargo.toml').set(workspace, '0.3.0')).toBe(workspace.replace('0.2.0', '0.3.0'))
    expect(crateOf('[package]\nname = "a"\nversion.workspace = true\n', true)).toBe('a')
    expect(crateOf('[package]\nname = "a"\nversion = { workspace = true }\n', true)).toBe('a')
    expect(crateOf('[package]\nname = "a"\nversion = "1.0.0"\n', true)).toBeUndefined()
  })
  test('is set in the lock file for the own crates, and not for one of a registry that has the same name', () => {
    const lock =
      'version = 4\n\n[[package]]\nname = "mine"\nversion = "1.0.0"\ndependencies = [\n "core",\n]\n\n[[package]]\nname = "core"\nversion = "1.0.0"\nsource = "registry+x"\n\n[[package]]\nname = "other"\nversion = "1.0.0"\n'
    expect(file('Cargo.lock').get(lock)).toBe('1.0.0')
    expect(file('Cargo.lock').set(lock, '1.1.0')).toBe(lock.replace('1.0.0', '1.1.0'))
  })
})

describe('a file that is named by a pattern', () => {
  test('changes wherever the text stands, and nowhere else', () => {
    const badge = patternFile('README.md', 'badge/v{version}-blue')
    expect(badge.get('badge/v1.0.0-blue')).toBe('1.0.0')
    expect(badge.set('a badge/v1.0.0-blue, badge/v1.0.0-blue; v1.0.0', '2.0.0')).toBe(
      'a badge/v2.0.0-blue, badge/v2.0.0-blue; v1.0.0',
    )
  })
  test('takes its text by the letter', () => {
    const file = patternFile('x.py', '__version__ = ("{version}") # .*')
    expect(file.set('__version__ = ("1.0.0") # .*\n__version__ = ("1.0.0") # xx', '1.0.1')).toBe(
      '__version__ = ("1.0.1") # .*\n__version__ = ("1.0.0") # xx',
    )
  })
})

describe('a package of a monorepo', () => {
  test('has its version in the lock file at the root, too', () => {
    const lock = '{"version": "9.0.0", "packages": {"": {"version": "9.0.0"}, "packages/app": {"version": "1.0.0"}}}'
    expect(file('package-lock.json', 'packages/app').set(lock, '1.1.0')).toBe(lock.replace('1.0.0', '1.1.0'))
  })
})
