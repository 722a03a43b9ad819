// Builds dist/: the bundled CLI with lazily loaded chunks, its two helper processes, and the unbundled typed library.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { rolldown } from 'rolldown'

rmSync('dist', { recursive: true, force: true })
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

const bundle = await rolldown({
  input: { cli: 'src/cli.ts', supervisor: 'src/supervisor/main.ts', 'action-host': 'src/executors/action/host.ts' },
  platform: 'node',
  transform: { define: { 'process.env.OPSFLOW_BUILD_VERSION': JSON.stringify(version) } },
  logLevel: 'warn',
})
await bundle.write({ dir: 'dist', format: 'esm', minify: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' })
await bundle.close()

const types = spawnSync('tsc', ['--project', 'tsconfig.build.json'], { stdio: 'inherit' })
process.exit(types.status ?? 1)
