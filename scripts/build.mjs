// Builds dist/: the bundled CLI with lazily loaded chunks, its two helper processes, and the unbundled typed library.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { rolldown } from 'rolldown'
import { takeBuiltinsLazily } from './bundle.mjs'

for (const made of ['dist', '.cache/v8']) rmSync(made, { recursive: true, force: true })
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

/** Bundles programs; what several of one call need is in `chunks/`. */
async function bundle(input) {
  const build = await rolldown({
    input,
    platform: 'node',
    transform: { define: { 'process.env.OPSFLOW_BUILD_VERSION': JSON.stringify(version) } },
    logLevel: 'warn',
  })
  await build.write({
    dir: 'dist',
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  })
  await build.close()
}

await bundle({
  cli: 'src/cli.ts',
  'action-host': 'src/executors/action/host.ts',
  'cel-library': 'src/expr/cel-library.ts',
})
// One file of its own: it is started for every run.
await bundle({ supervisor: 'src/supervisor/main.ts' })
takeBuiltinsLazily('dist')

const types = spawnSync('tsc', ['--project', 'tsconfig.build.json'], { stdio: 'inherit' })
process.exit(types.status ?? 1)
