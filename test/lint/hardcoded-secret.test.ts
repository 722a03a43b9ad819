import { expect, test } from 'vitest'
import { readDocument } from '../../src/document/read.ts'
import { hardcodedSecret } from '../../src/lint/rules/hardcoded-secret.ts'

/** What the rule says of a text in a pipeline, without the common end of its message. */
function said(value: string): string[] {
  const { document } = readDocument({ path: 'x.yaml', text: JSON.stringify({ pipeline: 'x', vars: { v: value } }) })
  const files = [{ document: document!, checked: undefined }]
  const found = hardcodedSecret.check({ files, project: undefined, plans: new Map(), diagnostics: [] })
  return found.map(({ message }) => message.replace(', in a file that others can read', ''))
}

// Put together here, so that no scanner takes this file for the leak.
const long = (length: number) => 'a1B2'.repeat(length).slice(0, length)

test.each([
  ['a GitHub token', `ghp_${long(36)}`],
  ['a GitHub token', `github_pat_${long(60)}`],
  ['an AWS access key', `AKIA${'A1'.repeat(8)}`],
  ['a Slack token', `xoxb-${long(24)}`],
  ['an npm token', `npm_${long(36)}`],
  ['a GitLab token', `glpat-${long(20)}`],
  ['an API key', `sk-${long(40)}`],
  ['an API key', `sk-ant-${long(40)}`],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----'],
  ['a password in an address', `postgres://me:${long(8)}@db.example.org/x`],
])('%s is known by its form, wherever it stands', (what, secret) => {
  expect(said(secret)).toEqual([`this looks like ${what}`])
  expect(said(`curl -H "X: ${secret}" https://example.org`)).toEqual([`this looks like ${what}`])
})

test.each([
  'sk-this-is-only-the-name-of-a-branch',
  'postgres://me@db.example.org/x',
  'postgres://me:${{ secrets.PW }}@db.example.org/x',
  'https://example.org:8080/a@b',
  'npm_config_registry',
  '-----BEGIN PUBLIC KEY-----',
])('`%s` is no secret', (text) => {
  expect(said(text)).toEqual([])
})

test('a long text is looked through in time that grows with it', () => {
  const { user } = process.threadCpuUsage()
  expect(said('a.'.repeat(300_000))).toEqual([])
  expect((process.threadCpuUsage().user - user) / 1000).toBeLessThan(4000)
})
