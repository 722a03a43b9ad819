#!/usr/bin/env node
// JavaScript that every Node can read: an old one starts the Node that was installed beside opsflow, or says what is wrong.
if (Number(process.versions.node.split('.')[0]) < 24) {
  void Promise.all([import('node:child_process'), import('node:fs'), import('node:url')]).then(
    ([{ spawn }, fs, url]) => {
      const beside = url.fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
      if (!fs.existsSync(beside)) {
        console.error(`opsflow needs Node 24 or newer, and this is ${process.version}: install a newer one`)
        process.exit(2)
      }
      const words = [url.fileURLToPath(import.meta.url)].concat(process.argv.slice(2))
      const child = spawn(beside, words, { stdio: 'inherit' })
      // Ctrl-C reaches both, and a second one means more than the first.
      process.on('SIGINT', () => {})
      for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
      child.on('exit', (code) => process.exit(code === null ? 1 : code))
    },
  )
} else {
  // What V8 made of the sources is kept beside them, where whoever installed them may write, and nobody else: it is run
  // without another look. Without it all is slower.
  const fs = process.getBuiltinModule('node:fs')
  const cache = process.getBuiltinModule('node:url').fileURLToPath(new URL('../.cache/v8', import.meta.url))
  const mask = process.umask(0o022)
  try {
    fs.mkdirSync(cache, { recursive: true })
    if ((fs.statSync(cache).mode & 0o022) === 0) process.getBuiltinModule('node:module').enableCompileCache(cache)
  } catch {}
  process.umask(mask)
  void import(process.argv[2] === 'run' ? '../dist/run.js' : '../dist/cli.js').then((cli) => cli.run())
}
