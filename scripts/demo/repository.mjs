// A small project at 1.0.0 with a feature and a fix since, and a bare remote of it: a real repository to release.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What git is told: whoever uses this machine configures nothing here. */
export const gitEnv = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }

/**
 * Makes both in this folder. Gives where they are, and git in the project; `test` is the script that tests the project.
 * @param {string} folder
 * @param {{ test?: string }} [options]
 */
export function makeRepository(folder, { test = 'node --test' } = {}) {
  const project = join(folder, 'greeter')
  const remote = join(folder, 'remote.git')
  const run = (cwd, ...args) => {
    const { status } = spawnSync('git', args, { cwd, env: gitEnv, stdio: ['ignore', 'inherit', 'inherit'] })
    if (status !== 0) throw new Error(`git ${args[0]} failed`)
  }
  const git = (...args) => run(project, ...args)
  const commit = (message, files = {}) => {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(project, path), text)
    git('add', '--all')
    git('commit', '--quiet', '--message', message)
  }
  mkdirSync(project)
  run(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote)
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Demo')
  git('config', 'user.email', 'demo@example.org')
  git('remote', 'add', 'origin', remote)
  commit('feat: greet the world', {
    'package.json': `${JSON.stringify({ name: 'greeter', version: '1.0.0', type: 'module', scripts: { test } }, undefined, 2)}\n`,
    'greet.js': 'export const greet = (name) => `Hello, ${name}`\n',
    'greet.test.js':
      "import assert from 'node:assert'\nimport { test } from 'node:test'\nimport { greet } from './greet.js'\n\ntest('greets', () => assert.match(greet('you'), /you/))\n",
    'CHANGELOG.md': '# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-15\n\n### Added\n\n- A greeting\n',
  })
  git('tag', '--annotate', '--message', 'v1.0.0', 'v1.0.0')
  commit('feat: greet with an exclamation mark', { 'greet.js': 'export const greet = (name) => `Hello, ${name}!`\n' })
  commit('fix: greet nobody as the world', {
    'greet.js': "export const greet = (name) => `Hello, ${name || 'world'}!`\n",
  })
  git('push', '--quiet', '--follow-tags', 'origin', 'main')
  return { project, remote, commit }
}
