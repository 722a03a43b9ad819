// Which tests say that they show a promise: reads the titles, runs nothing. `promise 13c: …` or `promises 3, 17b: …` at
// the head of a title (of a test, or of a group: then of all in it) names what it shows.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const TAG = /(['"`])promises? (\d+[a-z]?(?:, ?\d+[a-z]?)*): ((?:\\.|(?!\1)[\s\S])*)\1/g
const CALL = /\b(test|it|describe)((?:\s*\.\s*\w+(?:\((?:[^()]|\([^()]*\))*\))?)*)(?:<[^()]*>)?\(\s*$/
/** A test that is not run shows nothing. */
const NOT_RUN = /\.\s*(skip|todo|fails)\b/

/**
 * @param {Record<string, string>} files path to text
 * @returns {{ tests: { file: string, title: string, promises: string[], long: boolean }[], problems: string[] }}
 */
export function collect(files) {
  const tests = []
  const problems = []
  for (const [file, text] of Object.entries(files)) {
    for (const match of text.matchAll(TAG)) {
      const title = match[3].replaceAll(/\\(['"`\\])/g, '$1').replaceAll(/\s+/g, ' ')
      const before = text.slice(0, match.index)
      const call = callBefore(before)
      if (call === undefined) problems.push(`${file}: \`${title}\` names a promise and is no title of a test`)
      else if (NOT_RUN.test(call)) problems.push(`${file}: \`${title}\` names a promise and is not run`)
      else tests.push({ file, title, promises: match[2].split(/, ?/), long: file.endsWith('.long.test.ts') })
    }
  }
  return { tests, problems }
}

/** The call whose first argument stands here: `test`, `test.each(rows)`, `describe.runIf(here)`. */
function callBefore(before) {
  // Brackets within texts are no brackets.
  const text = before.replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''")
  const plain = CALL.exec(text.slice(-400))
  if (plain) return plain[0]
  if (!/\)\(\s*$/.test(text)) return undefined
  // A table of rows of any length stands between the word and the title.
  let depth = 0
  for (let at = text.trimEnd().length - 2; at >= 0; at--) {
    if (text[at] === ')') depth++
    if (text[at] === '(' && --depth === 0)
      return /\b(?:test|it|describe)(?:\s*\.\s*\w+)+(?:<[^()]*>)?$/.exec(text.slice(0, at))?.[0]
  }
  return undefined
}

/** The test of this file quotes titles that are none. */
const QUOTES = 'test/guarantees.test.ts'

/** Every test file, and the contracts that several of them run. */
export function readTests(root = '.') {
  const paths = ['test/**/*.test.ts', 'test/**/*.contract.ts'].flatMap((pattern) => globSync(pattern, { cwd: root }))
  return Object.fromEntries(
    paths
      .sort()
      .filter((path) => path !== QUOTES)
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
}

/** What the simulated world watches on every seed, by the promises that it stands for. */
export function readInvariants(root = '.') {
  const paths = globSync('test/sim/oracle/*.ts', { cwd: root }).sort()
  return paths.flatMap((path) =>
    [
      ...readFileSync(join(root, path), 'utf8').matchAll(
        /name: (['"])((?:\\.|(?!\1).)*)\1,\s*promises: \[([\d, ]*)\]/g,
      ),
    ].map((match) => ({
      file: path,
      name: match[2],
      promises: match[3].split(', ').map(Number),
    })),
  )
}

/**
 * Promises without a test, tags without a promise.
 * @param {readonly { number: number, name: string, parts: Record<string, string>, open?: Record<string, string> }[]} promises
 * @param {{ tests: readonly { file: string, title: string, promises: readonly string[] }[], problems: readonly string[] }} found
 */
export function faults(promises, { tests, problems }) {
  const known = new Map(promises.map((promise) => [promise.number, promise]))
  const shown = new Set(tests.flatMap((test) => test.promises))
  const strange = tests.flatMap((test) =>
    test.promises
      .filter((tag) => {
        const [, number, part] = /^(\d+)([a-z]?)$/.exec(tag)
        const promise = known.get(Number(number))
        return promise === undefined || (part !== '' && promise.parts[part] === undefined)
      })
      .map((tag) => `${test.file}: \`${test.title}\` names promise ${tag}, which does not exist`),
  )
  const missing = promises.flatMap((promise) =>
    Object.entries(promise.parts)
      .filter(([part]) => !shown.has(`${promise.number}${part}`))
      .map(([part, says]) => `promise ${promise.number}${part} has no test: ${says}`),
  )
  return [...problems, ...strange, ...missing]
}
