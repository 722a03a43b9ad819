import { Command, CommanderError, Option } from 'commander'
import { StoreError } from '../ports/store.ts'
import type { SpareSupervisor } from '../supervisor/client.ts'
import { nearest } from '../util/nearest.ts'
import { own } from '../util/own.ts'
import { createScreenFilter } from '../views/terminal/harmless.ts'
import { unheardIn } from '../views/terminal/unheard.ts'
import type { CommandFacts } from './command-facts.ts'
import { docsOf } from './docs-link.ts'
import type { ExitCode, Io } from './io.ts'
import { errorText, UsageError, WorldError } from './usage-error.ts'

/** Commands and flags that the language has and this version does not: refused by name, never ignored. */
const LATER_COMMANDS: Readonly<Record<string, string>> = {
  test: 'offline tests of pipelines',
  export: 'exporting a run',
  send: 'messages to an agent that a model drives',
  agents: 'listing and importing agents',
  mcp: 'the MCP server',
  lsp: 'the language server',
  serve: 'the local server',
}

const LATER_FLAGS: Readonly<Record<string, readonly string[]>> = {
  run: ['--dry-run', '--only', '--from'],
  retry: ['--new-key'],
}

/** Runs the command that the words name, and turns whatever was thrown into a line and an exit code. */
export async function runProgram(argv: readonly string[], world: Io, spare?: SpareSupervisor): Promise<ExitCode> {
  const io = shielded(world)
  let exit: ExitCode = 0
  try {
    refuseLater(argv)
    const done = (code: ExitCode): void => {
      exit = code
    }
    const { program, names } = buildProgram(io, done, argv[0], spare)
    const asked = names.includes(argv[0] ?? '') ? program : buildProgram(io, done).program
    const words = knownWords(argv, names)
    if (words.some((word) => word === '-h' || word === '--help')) {
      const { docsFolder, examplesText } = await import('./help-examples.ts')
      asked.addHelpText('after', `\nThe guide, and the pages that errors name: ${docsFolder()}`)
      for (const command of asked.commands) command.addHelpText('after', examplesText(command.name()))
    }
    await asked.parseAsync(words, { from: 'user' })
    return exit
  } catch (error) {
    return reportThrown(error, io)
  }
}

/** The same world, whose standard error says only text, also where it is piped to a terminal: messages quote files, programs and people. */
function shielded(io: Io): Io {
  const { stderr } = io
  const filter = createScreenFilter()
  const decoder = new TextDecoder()
  const shown = {
    isTTY: stderr.isTTY === true,
    get columns() {
      return stderr.columns
    },
    write: (text: string | Uint8Array) =>
      // Nor a carriage return: no message of ours draws over another.
      stderr.write(
        unheardIn(
          io.env,
          filter(typeof text === 'string' ? text : decoder.decode(text, { stream: true })).replaceAll('\r', ''),
        ),
      ),
  }
  // Not a copy: the world makes some of its parts when they are first looked at.
  return Object.create(io, { stderr: { value: shown, enumerable: true } }) as Io
}

/** The words as commander takes them: `help run` is `run --help`, and a first word that is no command is refused. */
function knownWords(argv: readonly string[], names: readonly string[]): string[] {
  const [first, ...more] = argv
  if (first === undefined || (first === 'help' && more.length === 0)) return ['--help']
  if (first === 'help') return [...knownWords(more.slice(0, 1), names), '--help']
  if (first.startsWith('-') || names.includes(first)) return [...argv]
  const near = nearest(first, names)
  throw new UsageError(
    `there is no command \`${first}\``,
    near === undefined ? 'see `opsflow --help`' : `did you mean \`opsflow ${near}\`?`,
  )
}

function refuseLater(argv: readonly string[]): void {
  const name = argv[0] ?? ''
  const what = own(LATER_COMMANDS, name)
  if (what !== undefined)
    throw new UsageError(`\`opsflow ${name}\` (${what}) is not yet supported`, 'see `opsflow --help` for what is')
  const end = argv.indexOf('--')
  for (const word of argv.slice(1, end < 0 ? undefined : end)) {
    const flag = word.split('=')[0]!
    if (own(LATER_FLAGS, name)?.includes(flag))
      throw new UsageError(
        `\`${flag}\` of \`opsflow ${name}\` is not yet supported`,
        `see \`opsflow ${name} --help\` for what is`,
      )
  }
}

function reportThrown(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UsageError || error instanceof WorldError || error instanceof StoreError) {
    io.stderr.write(errorText(error))
    const docs = docsOf(error)
    if (docs !== undefined) io.stderr.write(`  docs: ${docs}\n`)
    const isUsage =
      error instanceof UsageError ||
      (error instanceof StoreError && (error.reason === 'not-found' || error.reason === 'ambiguous'))
    return isUsage ? 2 : 1
  }
  const refusal = refusalOfSystem(error)
  if (refusal !== undefined) {
    io.stderr.write(`opsflow: ${refusal}\n`)
    return 1
  }
  io.stderr.write(
    `opsflow: this is a bug in opsflow, please report it with the lines below\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return 3
}

/** What the system says no to, whatever we asked of it: rights, space, limits. */
const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
  EDQUOT: 'the quota is used up',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on this machine',
  ENOTDIR: 'it is no folder',
  ELOOP: 'it is a symbolic link, which is not followed',
  EEXIST: 'it is there already, and is something else',
  EIO: 'the device failed',
}

function refusalOfSystem(error: unknown): string | undefined {
  const { code, syscall, path } = error as NodeJS.ErrnoException
  const why = code === undefined ? undefined : REFUSALS[code]
  if (why === undefined || syscall === undefined) return undefined
  return `cannot ${syscall}${path === undefined ? '' : ` \`${path}\``}: ${why}`
}

/** A complaint of commander in our words: names in backticks, no full stop. */
function asOurs(text: string): string {
  return text
    .replace(/^error: /, 'opsflow: ')
    .replace(/'([^']*)'/g, '`$1`')
    .replace(/\. (Allowed choices are|Expected) /, ': $1 ')
    .replace(/: (Allowed|Expected)/, (_, word: string) => `: ${word.toLowerCase()}`)
    .replace(/argument `([^`]*)` is invalid: allowed choices are ([^\n]*?)\.?(\n|$)/, nearestChoice)
    .replace(/\n\(Did you mean (.*)\?\)/, '\n  hint: did you mean `$1`?')
    .replace(/\.\n/, '\n')
}

function nearestChoice(complaint: string, written: string, choices: string, end: string): string {
  const near = nearest(written, choices.split(', '))
  return near === undefined
    ? complaint
    : `${complaint.trimEnd().replace(/\.$/, '')}\n  hint: did you mean \`${near}\`?${end}`
}

/** `k=v` words, in order, as pairs. Each value stays text: the pipeline's schema says what it is. */
function pair(
  text: string,
  previous: readonly (readonly [string, string])[] | undefined,
): readonly (readonly [string, string])[] {
  const at = text.indexOf('=')
  if (at <= 0) throw new UsageError(`\`${text}\` is not of the form \`name=value\``)
  return [...(previous ?? []), [text.slice(0, at), text.slice(at + 1)] as const]
}

function several(text: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), text]
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`\`${text}\` is no whole number`)
  return Number(text)
}

/** The commands as commander takes them, and all their names. `only` leaves out what was not asked for: it takes time. */
function buildProgram(
  io: Io,
  done: (code: ExitCode) => void,
  only?: string,
  spare?: SpareSupervisor,
): { readonly program: Command; readonly names: readonly string[] } {
  const program = new Command('opsflow')
  program
    .description(
      'Operations work as files: pipelines, agents and coordinators in YAML, checked, compiled and run the same every time.',
    )
    .option('-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(asOurs(text)),
    })
  const json = new Option('--json', 'print JSON for programs')
  const names: string[] = []
  const add = (usage: string, text: string, define: (command: Command) => unknown): void => {
    const name = usage.split(' ')[0]!
    names.push(name)
    if (only !== undefined && name !== only) return
    define(program
      .command(usage)
      .description(text)
      .exitOverride()
      .configureOutput(program.configureOutput())
      .showHelpAfterError(`  hint: see \`opsflow ${name} --help\``))
  }

  program.commandsGroup('Check:')
  add('lint [paths...]', 'check pipelines, coordinators, agents and config', (command) =>
    command
      .addOption(
        new Option('--format <format>', 'how findings are printed')
          .choices(['text', 'json', 'sarif', 'github'])
          .default('text'),
      )
      .option('--fix', 'apply the safe fixes')
      .option('--explain <code>', 'say what a finding means and how to mend it')
      .option('--max-warnings <n>', 'fail when there are more warnings', whole)
      .action(async (paths: string[], options) =>
        done(await (await import('./lint.ts')).lint({ paths, ...options }, io)),
      ),
  )
  add('plan <pipeline>', 'show what would run: graph, waves, critical path, worst-case time', (command) =>
    command
      .addOption(
        new Option('--format <format>', 'how the plan is printed')
          .choices(['text', 'json', 'mermaid', 'dot'])
          .default('text'),
      )
      .action(async (target: string, options) =>
        done(await (await import('./plan.ts')).plan({ target, ...options }, io)),
      ),
  )

  program.commandsGroup('Run:')
  add('run <pipeline>', 'run a pipeline, by file or by name', (command) =>
    command
      .option('-i, --input <name=value>', 'an input; repeat for more', pair)
      .option('--approve <step>', 'approve a step beforehand; repeat for more', several)
      .option('--detach', 'do not prompt; park when only people, signals or long waits are left')
      .option('--strict', 'exit 1 also for succeeded-with-failures')
      .addOption(json)
      .action(async (target: string, options) =>
        done(await (await import('./run.ts')).run({ target, ...options, ...(spare && { spare }) }, io)),
      ),
  )
  add('resume <run>', 'go on with a parked or interrupted run', (command) =>
    command
      .option(
        '--with-plan',
        'compile the files again; finished steps stay where they and what they need did not change',
      )
      .option('--take-over', 'end the process that owns the run first')
      .option('--detach', 'do not prompt')
      .option('--strict', 'exit 1 also for succeeded-with-failures')
      .addOption(json)
      .action(async (id: string, options) => done(await (await import('./resume.ts')).resume({ id, ...options }, io))),
  )
  add('retry <run>', 'reopen an ended run: failed steps and what follows them run again', (command) =>
    command
      .option('--step <step>', 'this step instead of the failed ones; repeat for more', several)
      .option('--downstream', 'says what is so anyway: what follows the named steps runs again too')
      .option('--detach', 'do not prompt')
      .option('--strict', 'exit 1 also for succeeded-with-failures')
      .addOption(json)
      .action(async (id: string, options) => done(await (await import('./retry.ts')).retry({ id, ...options }, io))),
  )
  add('cancel <run>', 'end a run: TERM, then `finally`', (command) =>
    command
      .option('--kill', 'KILL everything at once; `finally` does not run')
      .option('--reason <text>', 'why, for the record')
      .action(async (id: string, options) => done(await (await import('./cancel.ts')).cancel({ id, ...options }, io))),
  )
  add('signal <name>', 'send a signal to the coordinators', (command) =>
    command
      .option('-p, --payload <name=value>', 'a field of the payload; repeat for more', pair)
      .option('--detach', 'do not prompt')
      .addOption(json)
      .action(async (name: string, options) =>
        done(await (await import('./signal.ts')).signal({ name, ...options }, io)),
      ),
  )
  add('signals [name]', 'list who answers which signal: routes, what it must carry, permissions', (command) =>
    command
      .addOption(json)
      .action(async (name: string | undefined, options) =>
        done(await (await import('./signals.ts')).signals({ ...(name !== undefined && { name }), ...options }, io)),
      ),
  )

  program.commandsGroup('Look:')
  add('runs', 'list runs, newest first', (command) =>
    command
      .option('-n, --limit <n>', 'at most so many', whole)
      .addOption(json)
      .action(async (options) => done(await (await import('./runs.ts')).runs(options, io))),
  )
  add('show <run>', 'show what a run did, does and waits for', (command) =>
    command
      .addOption(json)
      .action(async (id: string, options) => done(await (await import('./show.ts')).show({ id, ...options }, io))),
  )
  add('report [run]', 'the result of a run, or many runs at a glance', (command) =>
    command
      .option('--since <when>', 'many runs: those that began since then: 7d, 2026-11-01')
      .option('--until <when>', 'those that began before then; left out: now')
      .option('--pipeline <name>', 'only runs of this pipeline')
      .addOption(
        new Option(
          '--format <format>',
          'how it is printed (default: as the ending of --output says, else markdown)',
        ).choices(['markdown', 'json', 'html']),
      )
      .addOption(json)
      .option('-o, --output <file>', 'write it to this file, whole or not at all')
      .action(async (id: string | undefined, options) =>
        done(await (await import('./report.ts')).report({ id, ...options }, io)),
      ),
  )
  add('logs <run> [step]', 'print the output of a run or of one step', (command) =>
    command
      .option('-f, --follow', 'go on printing until it ends')
      .action(async (id: string, step: string | undefined, options) =>
        done(await (await import('./logs.ts')).logs({ id, step, ...options }, io)),
      ),
  )
  add('watch <run>', 'follow a run of another terminal', (command) =>
    command
      .option('--resume', 'go on with it here when nobody owns it')
      .action(async (id: string, options) => done(await (await import('./watch.ts')).watch({ id, ...options }, io))),
  )
  add('ui', 'open the page of this project: look at runs, plans and reports, decide, start and end runs', (command) =>
    command
      .option('-p, --port <n>', 'listen there; without it wherever there is room', whole)
      .option('--open', 'open it in the browser too')
      .action(async (options) => done(await (await import('./ui.ts')).ui(options, io))),
  )
  add('prune [runs...]', 'remove runs that have ended; shows which, until you say --yes', (command) =>
    command
      .option('--older-than <duration>', 'only runs that ended longer ago: 12h, 30d')
      .option('--keep <n>', 'never the newest so many of those that ended', whole)
      .option('-y, --yes', 'remove them')
      .action(async (ids: string[], options) =>
        done(await (await import('./prune.ts')).prune({ ids, ...options }, io)),
      ),
  )

  program.commandsGroup('Decide:')
  const decide = (name: 'approve' | 'reject', text: string) =>
    add(`${name} <run> <step>`, text, (command) =>
      command
        .option('--comment <text>', 'why, for the record')
        .option('--resume', 'go on with the run here when it is parked')
        .action(async (id: string, step: string, options) =>
          done(await (await import('./decide.ts'))[name]({ id, step, ...options }, io)),
        ),
    )
  decide('approve', 'approve a step that waits for a person')
  decide('reject', 'reject a step, or a held gate')
  add('answer <run> <step> [values...]', 'answer a question: name=value…', (command) =>
    command
      .option('--resume', 'go on with the run here when it is parked')
      .action(async (id: string, step: string, values: string[], options) => {
        const pairs = values.reduce<readonly (readonly [string, string])[] | undefined>(
          (before, text) => pair(text, before),
          undefined,
        )
        done(await (await import('./decide.ts')).answer({ id, step, values: pairs ?? [], ...options }, io))
      }),
  )
  add('bypass <run> <gate>', 'let a held gate pass, on record', (command) =>
    command
      .requiredOption('--reason <text>', 'why, for the record')
      .requiredOption('--expires <duration>', 'how long the bypass holds: 1h, 3d')
      .option('--resume', 'go on with the run here when it is parked')
      .action(async (id: string, gate: string, options) =>
        done(await (await import('./decide.ts')).bypass({ id, gate, ...options }, io)),
      ),
  )
  add('note <run> <text>', 'put a note into the record of a run', (command) =>
    command.action(async (id: string, text: string) =>
      done(await (await import('./decide.ts')).note({ id, text }, io)),
    ),
  )

  program.commandsGroup('Begin:')
  add(
    'init [template]',
    'put ready pipelines into this repository: release, commit, ci, audit, coordinator, blank',
    (command) =>
      command.action(async (template: string | undefined) =>
        done(await (await import('./init.ts')).init({ template }, io)),
      ),
  )
  add('doctor', 'look at everything that runs need here, with a remedy for each finding', (command) =>
    command
      .option('--strict', 'exit 1 also for warnings')
      .addOption(json)
      .action(async (options) => done(await (await import('./doctor.ts')).doctor(options, io))),
  )
  add(
    'completion <shell> [words...]',
    'print what makes bash, zsh or fish complete commands, pipelines, runs and steps',
    (command) =>
      command.action(async (shell: string, words: string[]) =>
        done(await (await import('./completion.ts')).completion({ shell, words, commands: commandFacts(io) }, io)),
      ),
  )
  return { program, names }
}

/** All commands as data, from the same definitions that read the words. */
export function commandFacts(io: Io): readonly CommandFacts[] {
  const { program } = buildProgram(io, () => {})
  return program.commands.map((command) => ({
    name: command.name(),
    text: command.description(),
    operands: command.registeredArguments.map((operand) => ({ name: operand.name(), variadic: operand.variadic })),
    options: [...command.options, program.createOption('-h, --help', 'show help')].map((option) => ({
      names: [option.short, option.long].filter((name) => name !== undefined),
      text: option.description,
      value: option.required || option.optional ? /<([^>]+)>/.exec(option.flags)?.[1] : undefined,
      choices: option.argChoices ?? [],
    })),
  }))
}
