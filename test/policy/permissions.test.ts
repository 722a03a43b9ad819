import { describe, expect, test } from 'vitest'
import { decide, mergePermissions } from '../../src/policy/permissions.ts'
import { expandRules, parseRule } from '../../src/policy/rules.ts'
import { parseCommands } from '../../src/policy/shell.ts'

const deny = (...rules: string[]) => ({ allow: [], deny: rules, ask: {} })
const argv = (text: string) => ({ kind: 'argv' as const, argv: text.split(' ') })
const script = (text: string) => ({ kind: 'script' as const, script: text })

describe('reading a rule', () => {
  test('a command with anything behind it, and exactly a command', () => {
    expect(parseRule('Bash(git push --force:*)')).toMatchObject({
      rule: { kind: 'command', argv: ['git', 'push', '--force'], prefix: true },
    })
    expect(parseRule('Bash(git status)')).toMatchObject({ rule: { kind: 'command', prefix: false } })
  })
  test('a path, a tool, an action, the tools of a server', () => {
    expect(parseRule('Edit(.env*)')).toMatchObject({ rule: { kind: 'path', tool: 'Edit', pattern: '.env*' } })
    expect(parseRule('Read')).toMatchObject({ rule: { kind: 'tool', tool: 'Read' } })
    expect(parseRule('github/*')).toMatchObject({ rule: { kind: 'action', pattern: 'github/*' } })
    expect(parseRule('mcp__github')).toMatchObject({ rule: { kind: 'tool' } })
  })
  test.each(['Bash()', 'Bash(git push | tee)', 'Agent(x)', '(x)', '', 'git push'])('`%s` is refused', (text) => {
    expect(parseRule(text)).toMatchObject({ ok: false })
  })
  test('names stand for their rules, through other names, each once', () => {
    const named = { force: ['Bash(git push --force:*)', 'Bash(git push -f:*)'], all: ['force', 'git/tag'] }
    expect(expandRules(['all', 'force', 'Read'], named)).toEqual([
      'Bash(git push --force:*)',
      'Bash(git push -f:*)',
      'git/tag',
      'Read',
    ])
  })
  test('an unknown name and a circle are told with the rule that led there', () => {
    const problems: string[][] = []
    expandRules(['a', 'lost'], { a: ['b'], b: ['a'] }, (...problem) => problems.push(problem))
    expect(problems).toEqual([
      ['a', 'a', 'circle'],
      ['lost', 'lost', 'unknown'],
    ])
  })
})

describe('what is denied', () => {
  test.each([
    'git push --force',
    'git push origin main --force',
    '/usr/bin/git push --force=yes',
    'git -C ../x -c a=b push --force',
    'git push -uf origin',
  ])('a forced push in every spelling: %s', (text) => {
    expect(decide(argv(text), deny('Bash(git push --force:*)', 'Bash(git push -f:*)'))).toMatchObject({
      verdict: 'deny',
    })
  })
  test.each(['git push', 'git push --force-with-lease', 'git pull --force', 'git push -- --force'])(
    'not: %s',
    (text) => {
      expect(decide(argv(text), deny('Bash(git push --force:*)', 'Bash(git push -f:*)'))).toEqual({ verdict: 'allow' })
    },
  )
  test('deny wins over ask, ask names the role', () => {
    const rails = { allow: ['git/tag'], deny: ['git/push'], ask: { 'git/*': 'human' } }
    expect(decide({ kind: 'action', uses: 'git/push' }, rails)).toMatchObject({ verdict: 'deny', rule: 'git/push' })
    expect(decide({ kind: 'action', uses: 'git/tag' }, rails)).toEqual({ verdict: 'ask', rule: 'git/*', role: 'human' })
  })
  test('promise 27c: a rule that cannot be read denies: a rail that cannot be evaluated says no', () => {
    expect(decide(argv('ls'), deny('Bash(a | b)'))).toMatchObject({ verdict: 'deny' })
  })
  test('a rule on editing also holds for writing', () => {
    const path = { kind: 'path' as const, path: '.env.local' }
    expect(decide({ ...path, tool: 'Write' }, deny('Edit(.env*)'))).toMatchObject({ verdict: 'deny' })
    expect(decide({ ...path, tool: 'Read' }, deny('Edit(.env*)'))).toEqual({ verdict: 'allow' })
  })
})

describe('shell texts', () => {
  test('every simple command is judged', () => {
    expect(decide(script('npm test && git push --force'), deny('Bash(git push --force:*)'))).toMatchObject({
      verdict: 'deny',
    })
    expect(decide(script('echo "git push --force"\nnpm test'), deny('Bash(git push --force:*)'))).toEqual({
      verdict: 'allow',
    })
    expect(decide(script('A=1 git "push" --for\\ce'), deny('Bash(git push --force:*)'))).toMatchObject({
      verdict: 'deny',
    })
  })
  const force = deny('Bash(git push --force:*)')
  test.each([
    ['git push "$REMOTE"', true],
    ['git push $ARGS', true],
    ['git $SUB --force', true],
    ['x=$(git push --force) && echo done', true],
    ['(cd sub && git push --force)', true],
    ['if true; then git push --force; fi', true],
    ['git push --force > log 2>&1', true],
    ['git commit -m "$MESSAGE"', false],
    ['git push "origin/$BRANCH"', false],
    ['for f in *.md; do wc -l "$f"; done', false],
    ['echo "costs 5$" 2>/dev/null', false],
    ['test -n "$X" && npm publish --tag "v$(cat VERSION)"', false],
  ])('%s could be a forced push: %s', (text, could) => {
    expect(decide(script(text), force).verdict).toBe(could ? 'deny' : 'allow')
  })
  test.each([
    '$CMD push',
    'git `x`',
    'sh -c "git push"',
    'eval git push',
    'cat <<E\nE',
    'x() { y; }',
    'echo "a',
    '(a',
    'diff <(a) b',
  ])('what cannot be told is refused where a rail could apply, and runs where none does: %s', (text) => {
    expect(decide(script(text), deny('Bash(rm:*)'))).toMatchObject({ verdict: 'deny' })
    expect(decide(script(text), deny('Edit(.env*)', 'git/tag'))).toEqual({ verdict: 'allow' })
  })
  test('words, quotes, comments and separators', () => {
    expect(parseCommands(`npm ci; npm 'run  x' # no; more\n"a b"\\ c | wc -l &`)).toEqual({
      ok: true,
      commands: [['npm', 'ci'], ['npm', 'run  x'], ['a b c'], ['wc', '-l']],
    })
  })
})

describe('a caller and its sub-pipeline', () => {
  test('deny and ask add up, allow keeps what both have', () => {
    expect(
      mergePermissions(
        { allow: ['Bash(git:*)', 'git/tag'], deny: ['a/b'], ask: { 'x/y': 'human' } },
        { allow: ['Bash(git status)', 'npm/x'], deny: ['c/d'], ask: { 'x/y': 'anyone' } },
      ),
    ).toEqual({ allow: ['Bash(git status)'], deny: ['a/b', 'c/d'], ask: { 'x/y': 'human' } })
  })
})
