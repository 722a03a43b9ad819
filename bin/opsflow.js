#!/usr/bin/env node
// An old Node gets one sentence, not a syntax error, so this file is JavaScript that every Node can read.
var major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error('opsflow needs Node 24 or newer, this is ' + process.version + ': run it through `npx opsflow`, or install a newer Node')
  process.exit(2)
} else {
  // What V8 made of the sources is kept beside them, where whoever installed them may write; without it all is slower.
  var cache = process.getBuiltinModule('node:url').fileURLToPath(new URL('../.cache/v8', import.meta.url))
  process.getBuiltinModule('node:module').enableCompileCache(cache)
  import('../dist/cli.js').then(function (cli) {
    return cli.run()
  })
}
