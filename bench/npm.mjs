import { join } from 'node:path'
import { TookTooLong } from './measure.mjs'

/**
 * Installs peers from npm into the folder of the benchmark, in exactly these versions: the folder, or why there is none.
 * Nothing they bring is run to install them.
 */
export async function install(bench, name, packages) {
  const cwd = bench.folder(`npm-${name}`)
  bench.file(`npm-${name}/package.json`, '{ "private": true }\n')
  const words = Object.entries(packages).map(([at, version]) => `${at}@${version}`)
  const options = ['--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error']
  try {
    await bench.run('npm', ['install', ...options, ...words], { cwd })
    return { folder: join(cwd, 'node_modules') }
  } catch (error) {
    if (error instanceof TookTooLong) throw error
    const said = error.message.split('\n').find((line) => /npm error (?!A complete)/.test(line) && !/code/.test(line))
    return { problem: `npm cannot install ${words.join(' ')}: ${said ?? error.message.split('\n')[0]}` }
  }
}
