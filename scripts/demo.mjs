// The whole road in one command: a real repository with history and a bare remote in a temporary folder, the release
// pipeline put into it, and a release run to its end. On a terminal it asks you to approve; elsewhere it runs detached and
// approves with the command that a second person would type. It never reads standard input then.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gitEnv, makeRepository } from './demo/repository.mjs'

const home = join(dirname(fileURLToPath(import.meta.url)), '..')
const opsflow = join(home, 'bin', 'opsflow.js')
const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env.CI

// Always: what an earlier build left may be of other sources, or of a build that failed.
const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: home, stdio: 'inherit' })
if (built.status !== 0) {
  console.error('the build failed')
  process.exit(1)
}

const folder = mkdtempSync(join(tmpdir(), 'opsflow-demo-'))
const { project, remote, commit } = made()
try {
  console.log(`A repository with a history and a remote is in ${folder}\n`)
  mustBeZero(run('init', 'release'))
  commit('chore: add the release pipeline')
  if (interactive) {
    const exit = run('run', 'release')
    if (exit !== 0) finish(`The release did not go out (exit code ${exit}); nothing was pushed.`, exit)
  } else {
    const exit = run('run', 'release', '--detach')
    if (exit !== 4)
      finish(`The run should wait for an approval (exit code 4), but its exit code is ${exit}.`, exit || 1)
    const id = JSON.parse(capture(process.execPath, [opsflow, 'runs', '--json'])).runs[0].run
    console.log('It waits for a person now. From any terminal:\n')
    mustBeZero(run('approve', id, 'approve'))
    mustBeZero(run('resume', id))
  }
  console.log('\nWhat the remote has now:\n')
  show('log', '--oneline', '--decorate', '-3', 'main')
  show('for-each-ref', '--format=%(objecttype) %(refname:short): %(contents:subject)', 'refs/tags/v1.1.0')
  console.log('\nThe changelog in your checkout:\n')
  process.stdout.write(capture('git', ['show', 'HEAD:CHANGELOG.md'], project))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function made() {
  try {
    return makeRepository(folder)
  } catch (error) {
    return finish(error.message, 1)
  }
}

/** Runs opsflow in the project, as a person would, and shows the command. */
function run(...args) {
  console.log(`$ opsflow ${args.join(' ')}`)
  const stdin = interactive ? 'inherit' : 'ignore'
  const { status } = spawnSync(process.execPath, [opsflow, ...args], {
    cwd: project,
    env: gitEnv,
    stdio: [stdin, 'inherit', 'inherit'],
  })
  console.log()
  return status ?? 1
}

function show(...args) {
  process.stdout.write(capture('git', args, remote))
}

function capture(command, args, cwd = project) {
  const result = spawnSync(command, args, { cwd, env: gitEnv, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  if (result.status !== 0) finish(`${command} failed`, 1)
  return result.stdout
}

function mustBeZero(exit) {
  if (exit !== 0) finish(`The command above should succeed, but its exit code is ${exit}.`, exit)
}

function finish(message, exit) {
  console.error(message)
  rmSync(folder, { recursive: true, force: true })
  process.exit(exit)
}
