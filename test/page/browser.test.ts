import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { compile } from '../../src/plan/compile.ts'
import type { RunHead, StepPicture } from '../../src/server/api.ts'
import { readAssets } from '../../src/server/assets.ts'
import { planPicture } from '../../src/server/picture.ts'
import { startBrowser } from '../support/browser.ts'
import { emptySource, openedUi, pageServer } from '../support/page-server.ts'
import { project, type TestProject } from '../support/project.ts'
import { projectOf } from '../support/project-of.ts'

let browser: Browser

beforeAll(async () => {
  browser = await startBrowser()
}, 120_000)
afterAll(() => browser.close())

type Look = { readonly width?: number; readonly dark?: boolean }

/** The page of a project in a browser of its own; whatever its scripts complain of fails the test. */
async function shown(it: TestProject, { dark = false, width = 1280 }: Look = {}) {
  const ui = await openedUi(it)
  const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme: dark ? 'dark' : 'light' })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  onTestFinished(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })
  // As whoever started it would: by the address for another browser.
  const next = /another browser: (\S+)/.exec(ui.started.out.stdout)![1]!
  await page.goto(next)
  await page.waitForURL((url) => url.search === '')
  await page.getByRole('heading', { name: 'Runs' }).waitFor()
  return { page, complaints, at: (hash: string) => page.goto(`http://127.0.0.1:${ui.port}/#/${hash}`) }
}

const LIVE = {
  'p.yaml': `pipeline: p
steps:
  build: { run: "echo begun; while ! test -e go; do sleep 0.02; done; echo over" }
  ship: { needs: [build], approval: { prompt: "Ship it?", show: "the \\u202enotes" } }
  tell: { needs: [ship], run: echo told }
`,
}

test('promise 25c: a run is followed live: its graph, its log, what it waits for, and who answered it', async () => {
  const it = project(LIVE)
  const running = it.start('run', 'p.yaml')
  await it.until((state) => state.steps.get('build')?.status === 'running')
  const { page } = await shown(it)
  await page.getByRole('link', { name: await it.run() }).click()
  await page.getByRole('heading', { name: 'p', exact: true }).waitFor()
  const box = (name: string | RegExp) => page.getByLabel(name)
  await box(/^build, running/).click()
  const log = page.getByRole('log')
  await expect.poll(() => log.textContent()).toBe('begun\n')
  await box(/^tell, pending/).waitFor()
  it.write({ go: '' })
  await expect.poll(() => log.textContent()).toBe('begun\nover\n')
  await box(/^build, succeeded/).waitFor()
  const question = page.getByRole('region', { name: /Ship it\?/ })
  expect(await question.textContent()).toContain('the notes')
  expect(await question.textContent()).toContain('you decide as tester')
  await question.getByLabel('Comment, for the record').fill('looks good')
  await question.getByRole('button', { name: 'Approve: ship' }).click()
  await running.ended.catch(() => undefined)
  if (it.state().phase !== 'ended') await it.opsflow('resume', await it.run())
  await page.getByRole('tab', { name: 'Record' }).click()
  await page.getByText('approved by tester').waitFor()
  expect(await page.getByRole('tabpanel').textContent()).toContain('looks good')
  await page.getByRole('tab', { name: 'Graph' }).click()
  await box(/^tell, succeeded, on the critical path/).waitFor()
  await page.getByText('✓ succeeded').first().waitFor()
})

const FAILING = {
  'pipelines/p.yaml': `pipeline: p
inputs: { target: { type: string, enum: [staging, production] }, level: { type: integer, default: 1 } }
steps:
  build: { run: echo built >> built }
  unit: { needs: [build], run: test -e mended }
  ship: { needs: [unit], approval: { prompt: "Ship it?" } }
`,
  'pipelines/ops.yaml':
    'coordinator: COORD_OPS\nsignals:\n  OPS:SHIP: { payload: { why: { type: string } }, pipeline: p }\n',
}

test('a signal starts a run; its failed step runs again, it is cancelled, and what is refused is said', async () => {
  const it = project(FAILING)
  const { at, complaints, page } = await shown(it)
  await at('signals')
  await page.getByLabel('Send …: OPS:SHIP').click()
  const form = page.getByRole('form', { name: 'Send OPS:SHIP' })
  const send = form.getByRole('button', { name: 'Send OPS:SHIP' })
  await form.getByLabel('target').selectOption('staging')
  await send.click()
  await form.getByText('OPS:SHIP` is refused: missing: why').waitFor()
  expect(await form.getByRole('status').textContent()).not.toContain('--payload')
  expect(complaints.splice(0).join()).toContain('409')
  await form.getByLabel('why').fill('--detach')
  await send.click()
  await form.getByRole('link', { name: 'Open it' }).click()
  await page.getByLabel(/^unit, failed/).click()
  const again = page.getByRole('button', { name: 'Run this step again: unit' })
  const dialog = page.getByRole('dialog')
  await again.click()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  const run = await it.run()
  expect(it.state(run).phase).toBe('ended')
  // What was left at its default was not typed.
  expect(it.state(run).cause?.payload).toEqual({ target: 'staging', why: '--detach' })
  it.write({ mended: '' })
  await again.click()
  await dialog.getByRole('button', { name: 'Run this step again' }).click()
  await page.getByRole('button', { name: 'Go on' }).waitFor()
  await dialog.waitFor({ state: 'detached' })
  // The process that ran it parked it: nobody runs it any more.
  expect(await page.getByText('a process of its own').count()).toBe(0)
  expect(await again.count()).toBe(0)
  expect(it.lines('built')).toEqual(['built'])
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await dialog.getByLabel('Reason, for the record').fill('enough')
  await dialog.getByRole('button', { name: 'Cancel the run' }).click()
  await page.getByText(/^cancelled by .*: enough$/).waitFor()
  await page.getByRole('button', { name: 'Run again what did not succeed' }).waitFor()
  await dialog.waitFor({ state: 'detached' })
  expect(await page.getByText('a process of its own').count()).toBe(0)
})

const EVIL = '<img src=x onerror=alert(1)><script>alert(2)</script>'

test('promise 29f: what a run wrote is shown as text, wherever it stands', async () => {
  const it = project({
    'pipelines/p.yaml': `pipeline: p
description: '${EVIL}'
inputs: { target: { type: string, default: '${EVIL}' } }
steps:
  say:
    run: |
      printf '%s\\n' '${EVIL}'
      printf '\\033]0;title\\007\\033[31mred\\033[0m\\n'
      printf 'said=%s\\n' '${EVIL}' >> "$OPSFLOW_OUTPUT"
    outputs: { said: { type: string } }
  each: { foreach: { items: ['${EVIL}', 'javascript:alert(3)'], key: '\${{ item }}' }, run: 'echo x' }
  ask: { needs: [say], approval: { prompt: '${EVIL}', show: '\${{ steps.say.outputs.said }}' } }
  fail: { run: "echo '${EVIL}' >&2; exit 1", allow_failure: true }
`,
  })
  await it.opsflow('run', 'p')
  const run = await it.run()
  await it.opsflow('note', run, EVIL)
  await it.opsflow('approve', run, 'ask', '--comment', EVIL)
  await it.opsflow('resume', run)
  const { at, page } = await shown(it)
  const seen = async (hash: string, ready: () => Promise<unknown>) => {
    await at(hash)
    await ready()
    expect(await page.locator('img, script:not([src]), iframe, [onerror]').count()).toBe(0)
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0)
  }
  await seen(`runs/${run}/graph?step=say`, () => page.getByRole('log').getByText(EVIL).waitFor())
  expect(await page.getByRole('log').textContent()).toBe(`${EVIL}\nred\n`)
  await seen(`runs/${run}/record`, () => page.getByText(EVIL).first().waitFor())
  expect(await page.getByRole('tabpanel').textContent()).toContain(EVIL)
  await seen(`runs/${run}/steps`, () => page.getByText('each[', { exact: false }).first().waitFor())
  await seen(`runs/${run}/timeline`, () => page.getByText('critical path:').waitFor())
  await seen(`runs/${run}/report`, () => page.getByRole('article').getByText(EVIL).first().waitFor())
  await seen('reports', () => page.getByRole('article').waitFor())
  await seen('files/pipelines%2Fp.yaml', () => page.getByRole('heading', { name: 'Text' }).waitFor())
})

test('a script that is not the page’s own is refused by the browser, should one ever get into it', async () => {
  const it = project(LIVE)
  const { complaints, page } = await shown(it)
  const ran = await page.evaluate(async () => {
    const doc = (
      globalThis as unknown as {
        document: { createElement(name: string): Record<string, unknown>; body: { append(one: unknown): void } }
      }
    ).document
    const script = doc.createElement('script')
    script.textContent = 'globalThis.ran = true'
    doc.body.append(script)
    return (globalThis as { ran?: boolean }).ran === true
  })
  expect(ran).toBe(false)
  await expect.poll(() => complaints.splice(0).join()).toContain('Content Security Policy')
}, 60_000)

test('everything can be done by keys alone', async () => {
  const it = project(LIVE)
  it.write({ go: '' })
  await it.opsflow('run', 'p.yaml')
  const { page } = await shown(it)
  const focused = () =>
    page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent')
  const tabTo = async (wanted: RegExp) => {
    for (let count = 0; count < 60; count++) {
      if (wanted.test(String(await focused()))) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab never came to ${wanted}`)
  }
  await page.keyboard.press('/')
  await page.keyboard.type('nothing of that name')
  await page.getByText('No run fits.').waitFor()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Delete')
  await tabTo(/^\d{8}-/)
  await page.keyboard.press('Enter')
  await page.getByLabel(/^build, succeeded/).waitFor()
  await tabTo(/^Graph$/)
  await page.keyboard.press('ArrowRight')
  expect(await focused()).toBe('Timeline')
  await page.getByText('critical path:').waitFor()
  await page.keyboard.press('ArrowLeft')
  await page.getByLabel(/^build, succeeded/).waitFor()
  await tabTo(/^build, succeeded/)
  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: 'build' }).waitFor()
  expect(await focused()).toBe('build')
  await page.keyboard.press('Escape')
  await page.getByRole('complementary').waitFor({ state: 'detached' })
  await page.keyboard.press('Shift+Tab')
  await tabTo(/^Approve: ship/)
  await page.keyboard.press('Enter')
  await page.getByText('approved: ship of').waitFor()
})

test('a thousand steps: only what can be seen is in the document, and all of it can be reached', async () => {
  const steps = Array.from(
    { length: 1000 },
    (_, at) => `  s${at}: { run: x${at < 10 ? '' : `, needs: [s${at - 10}]`} }`,
  )
  const compiled = compile(projectOf({ 'big.yaml': `pipeline: big\nsteps:\n${steps.join('\n')}\n` }), 'big')
  if (!compiled.ok) throw new Error('the plan does not compile')
  const pictures = steps.map((_, at): StepPicture => {
    const startedAt = 1000 + at * 10
    return { ...NOTHING, path: `s${at}`, status: 'succeeded', attempts: 1, startedAt, endedAt: startedAt + 50 }
  })
  const server = await pageServer(
    emptySource({
      follow: async function* (_, signal) {
        yield { fresh: true, plan: planPicture(compiled.value), head: HEAD, steps: pictures.map(pending) }
        // Each step in its turn, as a run tells it.
        for (let at = 0; at < 1000; at += 50)
          yield { fresh: false, plan: undefined, head: HEAD, steps: pictures.slice(at, at + 50) }
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    }),
    readAssets(join(import.meta.dirname, '..', '..', 'dist', 'page')),
  )
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  onTestFinished(() => page.close())
  await page.goto(server.address())
  await page.waitForURL((url) => url.search === '')
  const at = (tab: string) => page.goto(`http://127.0.0.1:${server.port}/#/runs/big/${tab}`)
  await at('graph')
  await page.getByLabel(/^s0, succeeded/).waitFor()
  expect(await page.locator('.box').count()).toBeLessThan(150)
  await page.getByRole('button', { name: /zoom out/i }).click()
  await at('timeline')
  await page.getByRole('button', { name: /^s0 / }).waitFor()
  expect(await page.locator('.bar-row').count()).toBeLessThan(60)
  // The list grows for as long as steps come in.
  await vi.waitFor(
    async () => {
      await page.getByRole('list', { name: 'Steps by their start' }).press('End')
      await page.getByRole('button', { name: /^s999 / }).waitFor({ timeout: 1000 })
    },
    { timeout: 30_000 },
  )
  await at('steps')
  await page.getByText('1000 of 1000 steps').waitFor()
  await page.getByLabel('Find a step').fill('s77')
  await page.getByText('11 of 1000 steps').waitFor()
  expect(await page.locator('.line').count()).toBe(11)
})

const NOTHING = {
  waitingFor: undefined,
  reason: undefined,
  message: undefined,
  hint: undefined,
  outputs: undefined,
  decision: undefined,
  checks: undefined,
  late: undefined,
  items: undefined,
} as const

const HEAD: RunHead = {
  run: 'big',
  pipeline: 'big',
  status: 'succeeded',
  phase: 'ended',
  outcome: 'succeeded',
  liveness: 'free',
  startedBy: 'tester',
  createdAt: 1000,
  endedAt: 12_000,
  waitingFor: undefined,
  cancel: undefined,
  inputs: {},
  outputs: {},
  labels: {},
  nextSteps: [],
  notes: [],
  questions: [],
  gates: [],
  scopes: [{ path: '', pipeline: 'big' }],
  signals: [],
  damage: undefined,
  goOn: undefined,
}

function pending(step: StepPicture): StepPicture {
  return { ...step, status: 'pending', attempts: 0, startedAt: undefined, endedAt: undefined }
}

describe('every view has names for screen readers, contrast, and room at the width of a phone', () => {
  test.for<Look>([{}, { width: 375, dark: true }])('%j', async (look) => {
    const it = project({
      ...LIVE,
      'bad.yaml': 'pipeline: bad\nsteps: { a: { run: x, neds: [] } }\n',
      'opsflow.config.yaml': 'pipelines: ["*.yaml"]\n',
      'ops.yaml': FAILING['pipelines/ops.yaml'],
    })
    it.write({ go: '' })
    await it.opsflow('run', 'p.yaml')
    const run = await it.run()
    const { at, page } = await shown(it, look)
    const views: readonly (readonly [hash: string, ready: string])[] = [
      ['runs', 'tbody tr'],
      [`runs/${run}`, '.box.good'],
      [`runs/${run}/graph?step=build`, '[role=log]'],
      [`runs/${run}/timeline`, '.bar'],
      [`runs/${run}/steps`, '.line'],
      [`runs/${run}/record`, '.note-form'],
      [`runs/${run}/report`, '.report-table'],
      ['reports', '.report-table'],
      ['signals', 'tbody tr'],
      ['files', 'tbody tr'],
      ['files/p.yaml', '.box'],
      ['files/bad.yaml', '.findings li'],
      ['nonsense', 'main a[href="#/runs"]'],
      [`runs/${run}/nonsense`, 'main a[href="#/runs"]'],
    ]
    for (const [hash, ready] of views) {
      await at(hash)
      await page.locator(ready).first().waitFor()
      for (const more of await page.locator('summary').all()) await more.click()
      expect({ hash, faults: await faultsOf(page) }).toEqual({ hash, faults: [] })
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      expect({ hash, wide }).toEqual({ hash, wide: 0 })
      expect({ hash, broken: await page.evaluate(BROKEN_TABS) }).toEqual({ hash, broken: [] })
    }
    await at(`runs/${run}`)
    await page.getByRole('button', { name: 'Cancel the run' }).click()
    expect(await faultsOf(page)).toEqual([])
  })
})

/** The names of tabs that stand on more than one line. */
const BROKEN_TABS = `[...document.querySelectorAll('[role=tab]')].map((tab) => tab.firstChild).filter((text) => {
  const range = document.createRange()
  range.selectNode(text)
  return range.getClientRects().length > 1
}).map((text) => text.textContent)`

async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(`${axe.source}; undefined`)
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
  }
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ failureSummary, html }) => `${id}: ${html} ${failureSummary}`),
  )
}
