import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Parser } from 'yaml'

const ROOT = join(import.meta.dirname, '..', '..')
const require = createRequire(import.meta.url)
const { withoutGenerators } = (await import(join(ROOT, 'scripts', 'plain-yaml.mjs'))) as {
  withoutGenerators(code: string, file: string): string
}

const PACKAGE = dirname(require.resolve('yaml'))

/** The parser as it is bundled: the package's own, without generators. */
function bundledParser(): typeof Parser {
  const folder = mkdtempSync(join(tmpdir(), 'opsflow-yaml-'))
  cpSync(PACKAGE, folder, { recursive: true })
  for (const name of ['parse/lexer.js', 'parse/parser.js'])
    writeFileSync(join(folder, name), withoutGenerators(readFileSync(join(PACKAGE, name), 'utf8'), name))
  const { Parser: Made } = require(folder)
  rmSync(folder, { recursive: true, force: true })
  return Made
}

const Bundled = bundledParser()

/** What a parser makes of a text: its tokens, and where it saw lines begin. */
function made(Of: typeof Parser, text: string) {
  const lines: number[] = []
  const tokens = [...new Of((offset) => lines.push(offset)).parse(text)]
  return { tokens, lines }
}

/** Every YAML file below a folder, by its path; not those that are made to break a parser by their depth. */
function yamlFiles(folder: string): string[] {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return paths
    .filter((path) => /\.ya?ml$/.test(path) && !path.startsWith('corpus'))
    .map((path) => join(ROOT, folder, path))
}

describe('the parser of the bundle makes what the package makes', () => {
  test('of the files of this repository, whole and cut off', () => {
    const files = ['test', 'pipelines'].flatMap((folder) => yamlFiles(folder))
    expect(files.length).toBeGreaterThan(100)
    for (const file of files) {
      const text = readFileSync(file, 'utf8')
      for (const part of [text, text.slice(0, text.length >> 1), text.replaceAll('\n', '\r\n')])
        expect(made(Bundled, part), file).toEqual(made(Parser, part))
    }
  })

  test('of any text', () => {
    const word = fc.constantFrom(
      ...[
        'a',
        'b: ',
        '- ',
        '? ',
        ': ',
        ' ',
        '  ',
        '\t',
        '\n',
        '\n  ',
        '\n- ',
        '\r\n',
        '\r',
        '#',
        ' # c',
        '"',
        "'",
        '""',
      ],
      ...[
        '\\',
        '|',
        '>',
        '|2\n',
        '>-\n',
        '|+\n',
        '{',
        '}',
        '[',
        ']',
        ',',
        '&a ',
        '*a',
        '!t ',
        '!!str ',
        '!<x>',
        '%YAML',
      ],
      ...[
        '---',
        '---\n',
        '...\n',
        '\n---\n',
        '\n...\n',
        '<<',
        '\u0000',
        '\uFEFF',
        '\u2028',
        'ä',
        '@',
        '`',
        '${{ x }}',
        '1',
      ],
    )
    const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(''))
    fc.assert(
      fc.property(text, (any) => {
        expect(made(Bundled, any)).toEqual(made(Parser, any))
      }),
      { numRuns: 3000 },
    )
  })

  test('of a text that comes in pieces, and when one parser reads twice', () => {
    const pieces = ['a: [1,', ' 2]\nb: |\n  x', '\n  y\n', 'c: d\n---\ne']
    const inPieces = (Of: typeof Parser) => {
      const parser = new Of()
      return pieces.flatMap((piece, at) => [...parser.parse(piece, at < pieces.length - 1)])
    }
    expect(inPieces(Bundled)).toEqual(inPieces(Parser))
  })

  test('of what is nested as deep as the call stack allows the package', () => {
    const text = `${'['.repeat(1500)}${']'.repeat(1500)}`
    expect(made(Bundled, text).tokens).toHaveLength(made(Parser, text).tokens.length)
  })
})

describe('a package that does not fit', () => {
  const lexer = readFileSync(join(PACKAGE, 'parse/lexer.js'), 'utf8')
  const parser = readFileSync(join(PACKAGE, 'parse/parser.js'), 'utf8')
  test('ends the build where a generator is left', () => {
    expect(() => withoutGenerators(`${lexer}\nfunction* more() {}`, 'parse/lexer.js')).toThrow('a generator is left')
    expect(() => withoutGenerators(`${lexer}\n    const x = yield\n`, 'parse/lexer.js')).toThrow('a generator is left')
  })
  test('ends the build where what is changed by name is not there, or there twice', () => {
    expect(() => withoutGenerators(parser.replaceAll('LOG_TOKENS', 'LOG'), 'parse/parser.js')).toThrow('does not fit')
    expect(() => withoutGenerators(parser + parser, 'parse/parser.js')).toThrow('does not fit')
  })
})
