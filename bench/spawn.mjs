// Holds so many megabytes, lets a supervisor run 400 steps, eight at a time, and prints the milliseconds of one:
// node bench/spawn.mjs MEGABYTES FOLDER
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startSupervisorProcess } from '../src/supervisor/client.ts'

const [megabytes, runDir] = [Number(process.argv[2]), process.argv[3]]
const held = Array.from({ length: megabytes }, () => Buffer.alloc(1024 * 1024, 1))
mkdirSync(join(runDir, 'logs'), { recursive: true })
const supervisor = startSupervisorProcess({
  run: 'bench',
  runDir,
  env: { PATH: process.env.PATH },
  logLimitBytes: 1e9,
  lockFile: undefined,
  node: process.execPath,
})
const launch = (token) =>
  new Promise((done) => {
    const log = join(runDir, 'logs', `${token}.log`)
    supervisor.launch(
      token,
      { argv: ['/bin/sh', '-c', 'true'], cwd: '/', env: {}, log, graceMs: 2000, step: token },
      done,
    )
  })

async function launchMany(name, count) {
  let next = 0
  const slot = async () => {
    while (next < count) await launch(`${name}${next++}`)
  }
  await Promise.all(Array.from({ length: 8 }, slot))
}

await launchMany('warm', 40)
const begin = performance.now()
await launchMany('step', 400)
console.log((performance.now() - begin) / 400)
await supervisor.close()
if (held.some((part) => part[0] !== 1)) process.exitCode = 1
