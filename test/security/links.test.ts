import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { project, type TestProject } from '../support/project.ts'

vi.setConfig({ testTimeout: 120_000 })

const PARKS = `pipeline: p
steps:
  a: { run: echo a }
  ask: { needs: [a], approval: { prompt: "go?" }, timeout: 1h }
  b: { needs: [ask], run: echo b }
`

/** A project with a parked run in which somebody said something; `anew` makes its state again what it was. */
async function parked() {
  const it = project({ 'p.yaml': PARKS })
  expect((await it.opsflow('run', 'p.yaml', '--detach')).exit).toBe(4)
  const run = await it.run()
  expect((await it.opsflow('note', run, 'a note')).exit).toBe(0)
  const pristine = join(it.folder, 'pristine')
  cpSync(it.stateDir, pristine, { recursive: true })
  const anew = (): void => {
    rmSync(it.stateDir, { recursive: true, force: true })
    cpSync(pristine, it.stateDir, { recursive: true })
  }
  return { it, run, folder: join(it.stateDir, 'runs', run), anew }
}

/** Puts a link in the place of a file, to that file moved elsewhere. */
function replaceByLink(path: string, elsewhere: string): void {
  if (existsSync(path)) renameSync(path, elsewhere)
  symlinkSync(elsewhere, path)
}

describe('a link in the place of', () => {
  const places: { readonly [what: string]: (it: TestProject, folder: string) => string } = {
    'the ledger': (_, folder) => join(folder, 'ledger.db'),
    'the inbox': (_, folder) => join(folder, 'inbox.db'),
    'the lock of the runner': (_, folder) => join(folder, 'owner.lock'),
    'the lock of the supervisor': (_, folder) => join(folder, 'supervisor.lock'),
    'the folder of logs': (_, folder) => join(folder, 'logs'),
    'the folder of the run': (_, folder) => folder,
    'the folder of runs': (_, folder) => dirname(folder),
    'the index': (it) => join(it.stateDir, 'index.db'),
    'the state folder': (it) => it.stateDir,
  }
  test('promise 29c: anything that decides is not followed to write, by any command, and leads to nothing new', async () => {
    const { it, run, folder, anew } = await parked()
    for (const [what, place] of Object.entries(places)) {
      anew()
      const elsewhere = join(it.folder, 'elsewhere')
      rmSync(elsewhere, { recursive: true, force: true })
      replaceByLink(place(it, folder), elsewhere)
      const before = existsSync(elsewhere)
      const approve = await it.opsflow('approve', run, 'ask', '--resume')
      expect({ what, exit: approve.exit }).not.toEqual({ what, exit: 0 })
      expect(approve.stdout).not.toContain('✓ b')
      // What is of one run alone does not keep another from starting.
      if (/^the (state folder|folder of runs)$/.test(what)) {
        const start = await it.opsflow('run', 'p.yaml', '--detach')
        expect(start).toMatchObject({ exit: 1, stderr: expect.stringContaining('is a symbolic link') })
      }
      expect({ what, made: existsSync(elsewhere) }).toEqual({ what, made: before })
    }
  })

  test('promise 29c: a file that is appended to leaves what it leads to as it is', async () => {
    const { it, run, folder } = await parked()
    const victim = join(it.folder, 'victim')
    writeFileSync(victim, 'as it was\n')
    for (const name of ['children.jsonl', 'supervisor.log', 'logs/b.1.out']) {
      execFileSync('rm', ['-f', join(folder, name)])
      symlinkSync(victim, join(folder, name))
    }
    expect((await it.opsflow('approve', run, 'ask', '--resume')).exit).toBe(0)
    expect(readFileSync(victim, 'utf8')).toBe('as it was\n')
  })

  test('the folder of logs keeps what it leads to, and the run from being decided', async () => {
    const { it, run, folder } = await parked()
    const victim = join(it.folder, 'victim')
    mkdirSync(victim)
    writeFileSync(join(victim, 'report.1.out'), 'as it was\n')
    rmSync(join(folder, 'logs'), { recursive: true })
    symlinkSync(victim, join(folder, 'logs'))
    const refused = await it.opsflow('approve', run, 'ask', '--resume')
    expect(refused).toMatchObject({ exit: 1, stdout: '', stderr: expect.stringContaining('is a symbolic link') })
    expect(readdirSync(victim)).toEqual(['report.1.out'])
  })

  test('a lock is told with what to do, before anything is decided, and by who lists runs', async () => {
    const { it, run, folder, anew } = await parked()
    for (const name of ['owner.lock', 'supervisor.lock']) {
      anew()
      replaceByLink(join(folder, name), join(it.folder, `elsewhere-${name}`))
      const told = [
        `opsflow: \`${join(folder, name)}\` is a symbolic link, which is not followed`,
        '  hint: remove it: a lock holds nothing, and is made anew\n',
      ].join('\n')
      for (const words of [
        ['approve', run, 'ask', '--resume'],
        ['resume', run],
        ['show', run],
      ])
        expect(await it.opsflow(...words)).toMatchObject({ exit: 1, stdout: '', stderr: told })
      const [, line] = (await it.opsflow('runs')).stdout.split('\n')
      expect(line?.split(/ +/)).toEqual([run, '?', 'unreadable', '?', '?', '?'])
      rmSync(join(folder, name))
      expect(await it.opsflow('approve', run, 'ask', '--resume')).toMatchObject({ exit: 0, stderr: '' })
    }
  })

  test('the log of a step fails that step, by name', async () => {
    const it = project({
      'p.yaml': `pipeline: p
steps:
  a: { run: 'ln -s "$PWD/new" "\${OPSFLOW_OUTPUT%a.1.out}b.1.log"' }
  b: { needs: [a], run: echo b }
`,
    })
    const ended = await it.opsflow('run', 'p.yaml')
    expect(ended.exit).toBe(1)
    expect(ended.stdout).toContain('b.1.log` cannot be written: ELOOP')
    expect(it.has('new')).toBe(false)
  })

  test('the file that keeps the state out of git is left alone', async () => {
    const it = project({ 'p.yaml': PARKS, ignored: 'mine\n' })
    mkdirSync(it.stateDir)
    symlinkSync(join(it.folder, 'ignored'), join(it.stateDir, '.gitignore'))
    expect((await it.opsflow('run', 'p.yaml', '--detach')).exit).toBe(4)
    expect(it.read('ignored')).toBe('mine\n')
  })
})

describe('a pipe in the place of', () => {
  test('the log, put there by the step itself, holds up nobody', async () => {
    // The log has its name a moment after the step began.
    const it = project({
      'p.yaml': `pipeline: p
steps:
  a: { run: 'log="\${OPSFLOW_OUTPUT%.out}.log"; until test -e "$log"; do sleep 0.01; done; rm -f "$log" "$OPSFLOW_OUTPUT"; mkfifo "$log" "$OPSFLOW_OUTPUT"; exit 3', outputs: { x: { type: string, optional: true } } }
`,
    })
    const ended = await it.opsflow('run', 'p.yaml')
    expect(ended).toMatchObject({ exit: 1, stdout: expect.stringContaining('a  failed: exit code 3') })
    expect((await it.opsflow('logs', await it.run(), 'a')).exit).toBe(1)
  })

  test('the list of what runs is told, and waited for by nobody', async () => {
    const { it, run, folder } = await parked()
    const journal = join(folder, 'children.jsonl')
    rmSync(journal, { force: true })
    execFileSync('mkfifo', [journal])
    const stderr = `opsflow: \`${journal}\` cannot be read (ENXIO): what the run started is found by its environment alone\n`
    expect(await it.opsflow('approve', run, 'ask', '--resume')).toMatchObject({ exit: 0, stderr })
  })

  test('a ledger is told as unreadable by who lists runs', async () => {
    const { it, run } = await parked()
    const other = join(it.stateDir, 'runs', '20260101-000000-aaaaa')
    mkdirSync(other)
    execFileSync('mkfifo', [join(other, 'ledger.db')])
    const listed = await it.opsflow('runs', '--json')
    expect(listed.exit).toBe(0)
    expect((JSON.parse(listed.stdout) as { runs: { run: string; phase: string }[] }).runs).toEqual([
      expect.objectContaining({ run, phase: 'parked' }),
      expect.objectContaining({ run: '20260101-000000-aaaaa', phase: 'unreadable' }),
    ])
    expect((await it.opsflow('show', '20260101')).stderr).toContain('something else was put there')
  })
})

describe('what every user of the machine may write', () => {
  const places: { readonly [what: string]: (it: TestProject, folder: string) => string } = {
    'the state folder': (it) => it.stateDir,
    'the folder of runs': (_, folder) => dirname(folder),
    'the folder of the run': (_, folder) => folder,
    'the ledger': (_, folder) => join(folder, 'ledger.db'),
    'the inbox': (_, folder) => join(folder, 'inbox.db'),
  }
  test('decides nothing and runs nothing, can be looked at, and is mended as it is told', async () => {
    const { it, run, folder, anew } = await parked()
    for (const [what, place] of Object.entries(places)) {
      anew()
      const path = place(it, folder)
      chmodSync(path, path.endsWith('.db') ? 0o666 : 0o777)
      const refused = await it.opsflow('approve', run, 'ask', '--resume')
      expect({ what, ...refused }).toMatchObject({
        exit: 1,
        stderr: expect.stringContaining('every user of this machine can write'),
      })
      const [, remedy] = /(chmod (?:-R )?o-w (?:'[^']*'|[^\s`]+))/.exec(refused.stderr) ?? []
      expect((await it.opsflow('show', run)).stdout).toContain('waiting for approval')
      execFileSync('sh', ['-c', remedy!])
      expect({ what, ...(await it.opsflow('approve', run, 'ask', '--resume')) }).toMatchObject({ exit: 0, stderr: '' })
    }
  })

  test('is nothing that opsflow makes, whatever the umask', async () => {
    const umask = process.umask(0)
    onTestFinished(() => void process.umask(umask))
    const it = project({ 'p.yaml': PARKS })
    expect(await it.opsflow('run', 'p.yaml', '--detach')).toMatchObject({ exit: 4, stderr: '' })
    const run = await it.run()
    expect(await it.opsflow('approve', run, 'ask', '--resume')).toMatchObject({ exit: 0, stderr: '' })
    const made = readdirSync(it.stateDir, { recursive: true, encoding: 'utf8' })
    expect(made).toContain(join('runs', run, 'logs', 'b.1.log'))
    expect(made.filter((path) => (statSync(join(it.stateDir, path)).mode & 0o002) !== 0)).toEqual([])
  })

  test('a group that may write shares the runs on purpose', async () => {
    const { it, run, folder } = await parked()
    for (const path of [it.stateDir, dirname(folder), folder]) chmodSync(path, 0o2775)
    expect((await it.opsflow('approve', run, 'ask', '--resume')).exit).toBe(0)
    expect(readdirSync(join(folder, 'logs'))).toContain('b.1.log')
  })
})
