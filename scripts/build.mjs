// Builds dist/: the bundled CLI with lazily loaded chunks, its two helper processes, and the unbundled typed library.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { rolldown } from 'rolldown'
import { finish, inTwoFiles } from './bundle.mjs'
import { buildPage } from './page.mjs'
import { plainYaml } from './plain-yaml.mjs'

for (const made of ['dist', '.cache/v8']) rmSync(made, { recursive: true, force: true })
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

const yaml = plainYaml()

/** Bundles programs; what several of one call need is in `chunks/`. Gives what was made. */
async function bundle(input, { codeSplitting, plugins = [], ...more } = {}) {
  const build = await rolldown({
    input,
    platform: 'node',
    plugins: [yaml.plugin, ...plugins],
    transform: { define: { 'process.env.OPSFLOW_BUILD_VERSION': JSON.stringify(version) } },
    logLevel: 'warn',
    ...more,
  })
  const { output } = await build.write({
    dir: 'dist',
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    ...(codeSplitting && { codeSplitting }),
  })
  await build.close()
  return output
}

const made = await bundle({
  cli: 'src/cli.ts',
  'action-host': 'src/executors/action/host.ts',
  'cel-library': 'src/expr/cel-library.ts',
  'regex-library': 'src/expr/regex-library.ts',
})
await bundle({ run: 'src/cli.ts' }, inTwoFiles(made))
// One file of its own: it is started for every run.
await bundle({ supervisor: 'src/supervisor/main.ts' })
yaml.finish()
finish('dist')
await buildPage()

const types = spawnSync('tsc', ['--project', 'tsconfig.build.json'], { stdio: 'inherit' })
process.exit(types.status ?? 1)
