// Makes the pictures of the README, on demand: `npm run pictures`. Both are of one real release of a small project:
// the terminal it runs in (by tmux) as docs/pictures/terminal.svg, the page that shows it meanwhile as docs/pictures/page.png.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBrowser } from '../test/support/browser.ts'
import { quoted } from '../test/support/node.ts'
import { gitEnv, makeRepository } from './demo/repository.mjs'
import { terminalSvg } from './pictures/terminal-svg.mjs'

const home = fileURLToPath(new URL('..', import.meta.url))
const PICTURES = join(home, 'docs', 'pictures')
const OPSFLOW = [process.execPath, join(home, 'bin', 'opsflow.js')]
const SIZE = { columns: 100, rows: 33 }
const MOST_KB = 150
const PATIENCE_MS = 60_000

if (spawnSync('tmux', ['-V']).status !== 0) {
  console.error('pictures: the terminal is pictured by tmux, and there is none: install it')
  process.exit(1)
}
execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: home, stdio: 'inherit' })
mkdirSync(PICTURES, { recursive: true })

const folder = mkdtempSync(join(tmpdir(), 'opsflow-pictures-'))
const socket = `opsflow-pictures-${process.pid}`
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  LANG: 'C.UTF-8',
  TERM: 'screen-256color',
  GIT_CONFIG_GLOBAL: gitEnv.GIT_CONFIG_GLOBAL,
  GIT_CONFIG_NOSYSTEM: gitEnv.GIT_CONFIG_NOSYSTEM,
  NODE_OPTIONS: `--import=${new URL('./pictures/person.mjs', import.meta.url)}`,
}
const tmux = (...words) => execFileSync('tmux', ['-L', socket, '-f', '/dev/null', '-u', ...words], { encoding: 'utf8' })
const ends = [() => rmSync(folder, { recursive: true, force: true })]
try {
  // Long enough that somebody may look.
  const { project, commit } = makeRepository(folder, { test: 'node --test && sleep 2' })
  execFileSync(OPSFLOW[0], [OPSFLOW[1], 'init', 'release'], { cwd: project, env })
  commit('chore: add the release pipeline')

  const words = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...OPSFLOW, 'run', 'release']
  const line = `printf '$ opsflow run release\\n'; env -i ${words.map(quoted).join(' ')}; sleep 60`
  ends.push(() => spawnSync('tmux', ['-L', socket, 'kill-server']))
  tmux('new-session', '-d', '-x', `${SIZE.columns}`, '-y', `${SIZE.rows}`, '-c', project, line)
  const running = await shows(/▸ tests +.*[1-9](?:\.\d)?s/)
  const asked = await shows(/◆ +round@1\/approve[\s\S]*navigate/)
  await picturePage(project)
  tmux('send-keys', 'Down')
  await shows(/● approve/)
  tmux('send-keys', 'Enter')
  const over = await shows(/^succeeded in [\s\S]*next: /m)
  const slides = [
    { screen: running, seconds: 3 },
    { screen: asked, seconds: 7, still: true },
    { screen: over, seconds: 5 },
  ]
  const title = 'opsflow run release: the tests run, a person is asked, the release is out'
  write('terminal.svg', terminalSvg(slides, { title, ...SIZE }))
} finally {
  for (const end of ends.reverse()) await end()
}

/** The graph of the run that waits, in a browser. */
async function picturePage(cwd) {
  const ui = spawn(OPSFLOW[0], [OPSFLOW[1], 'ui'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  ends.push(() => ui.kill('SIGINT'))
  const address = await saysAddress(ui)
  const browser = await startBrowser()
  ends.push(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(address)
  await page
    .getByRole('link', { name: /^\d{8}-\d{6}-/ })
    .first()
    .click()
  await page.getByLabel(/^tests, succeeded/).waitFor()
  await page.getByRole('region', { name: /Publish v1\.1\.0/ }).waitFor()
  write('page.png', await page.screenshot({ fullPage: true }))
}

function saysAddress(ui) {
  return new Promise((resolve, reject) => {
    let said = ''
    const missing = () => reject(new Error(`opsflow ui never said its address, but\n${said}`))
    setTimeout(missing, PATIENCE_MS).unref()
    ui.once('exit', missing)
    ui.stdout.setEncoding('utf8').on('data', (piece) => {
      said += piece
      const address = /http:\S+\?token=\S+(?=\s)/.exec(said)?.[0]
      if (address !== undefined) resolve(address)
    })
  })
}

/** The screen, with its colours, once it shows this. */
async function shows(what) {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    if (what.test(tmux('capture-pane', '-p'))) return tmux('capture-pane', '-e', '-p').trimEnd()
    if (performance.now() > until)
      throw new Error(`the terminal never showed ${what}, but\n${tmux('capture-pane', '-p')}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function write(name, content) {
  const path = join(PICTURES, name)
  writeFileSync(path, content)
  const kb = statSync(path).size / 1024
  console.log(`docs/pictures/${name}: ${kb.toFixed(0)} KB`)
  if (kb > MOST_KB) throw new Error(`docs/pictures/${name} is larger than ${MOST_KB} KB`)
}
