import { expect, test } from 'vitest'
import { fakeGitHub } from '../support/github.ts'
import { project } from '../support/project.ts'

const PIPELINE = (api: string) => `pipeline: p
secrets: [{ name: GITHUB_TOKEN, optional: true }]
outputs: { url: { value: "\${{ steps.hub.outputs.url }}" }, created: { value: "\${{ steps.hub.outputs.created }}" } }
steps:
  hub:
    uses: github/release
    with: { tag: v1.0.0, notes: First, repository: acme/app, api: "${api}" }
    env: { GITHUB_TOKEN: "\${{ secrets.GITHUB_TOKEN }}" }
    interrupted: rerun
    failures: { busy: { match: takes no more requests } }
    retry: { attempts: 2, only: [busy], backoff: 10ms }
    timeout: 1m
`

test('a runner that is killed after GitHub made the release, and before it said so, makes no second one', async () => {
  const hub = await fakeGitHub()
  hub.tags.add('v1.0.0')
  const it = project({ 'p.yaml': PIPELINE(hub.api) }, { env: { GITHUB_TOKEN: hub.token } })
  hub.next('POST', /releases$/, 'hang', 'after')
  const first = it.spawn('run', 'p.yaml')
  await hub.hanging()
  const run = await it.run()
  first.kill('SIGKILL')
  await first.ended
  expect(hub.releases.size).toBe(1)
  const { exit, stdout } = await it.opsflow('resume', run)
  expect(exit, stdout).toBe(0)
  expect(it.state(run).outputs).toEqual({ url: 'https://github.com/acme/app/releases/tag/v1.0.0', created: false })
  expect(hub.seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

test('a limit is waited for as long as GitHub asks, and then the release is made', async () => {
  const hub = await fakeGitHub()
  hub.tags.add('v1.0.0')
  const it = project({ 'p.yaml': PIPELINE(hub.api) }, { env: { GITHUB_TOKEN: hub.token } })
  hub.next('GET', /releases\/tags/, { status: 403, headers: { 'retry-after': '1' }, body: { message: 'slow down' } })
  const { exit, stdout } = await it.opsflow('run', 'p.yaml')
  expect(exit, stdout).toBe(0)
  const waited = it.events().find((event) => event.type === 'retry-scheduled')
  expect(waited).toMatchObject({ failure: 'busy', delayMs: 1000 })
  expect(it.state().outputs).toMatchObject({ created: true })
})
