// What a run promises, in parts that one test can show. A test names what it shows at the head of its title:
// `promise 13c: …`, `promises 3, 17b: …`; a promise without a letter is all of it. `limit` is where the promise ends,
// `open` names parts that are not there yet, with the reason: they want no test and are printed as missing.

/** @type {readonly { number: number, name: string, says: string, parts: Record<string, string>, open?: Record<string, string>, limit?: string }[]} */
export const PROMISES = [
  {
    number: 1,
    name: 'one record',
    says: 'What happened in a run is a list of events that only grows, and everything that is shown of the run is computed from it.',
    parts: {
      a: 'The state of a run is one function of its events, whether it is live, resumed or long over.',
      b: 'Events are numbered without gaps, written once and never changed.',
      c: 'Another terminal, or a later look, is told exactly what the run itself recorded.',
      d: 'Whether somebody is at the run is not read from the record but looked up when you ask.',
      e: 'A report, and the page, say of a run what its record says: of an ended one always the same.',
    },
  },
  {
    number: 2,
    name: 'written before it is done',
    says: 'The record is ahead of the world, never behind it.',
    parts: {
      a: 'What was decided in one turn is on disk before anything of it starts.',
      b: 'The end of a step and the start of what follows it are one commit.',
      c: 'Nobody hears of an event, an outcome above all, before it is on disk.',
    },
  },
  {
    number: 3,
    name: 'a plan that stands still',
    says: 'A run follows the plan that it began with, whatever becomes of the files.',
    parts: {
      a: 'Pipelines and all that they call are frozen under one hash at the start.',
      b: 'A module whose code has changed since does not run.',
      c: 'A list that is made during the run is laid out once and on record; one that cannot be laid out fails its step before any item starts.',
      d: '`resume --with-plan` keeps what is finished and unchanged, with all before it, and asks again for what was approved over the old plan.',
      e: 'A record of a newer opsflow is refused; one of an older is migrated after a backup.',
      f: 'Where things stand in the files, and comments, are no part of the hash.',
    },
    limit: 'Programs and scripts that a step calls, the work tree and secrets are not frozen.',
  },
  {
    number: 4,
    name: 'a scheduler without surprises',
    says: 'What is started next follows from plan and events alone.',
    parts: {
      a: 'The scheduler reads no clock, throws no dice and does no input or output.',
      b: 'The same plan in the same world gives the same record.',
      c: 'How arrivals are batched, which of two comes first and where it crashed change no result that the plan decides.',
    },
    limit: 'One engine exists, beside the simulated one; both keep one written contract.',
  },
  {
    number: 5,
    name: 'words for every end',
    says: 'Every step and every run ends in a word with a fixed meaning.',
    parts: {
      a: 'A step ends as succeeded, failed, skipped, cancelled, timed out, stalled or interrupted, with a reason.',
      b: 'A rejected approval has failed, because it was rejected.',
      c: 'The outcome of a run (succeeded, succeeded with failures, partial, failed, escalated, cancelled) follows from its steps and gates.',
      d: 'A run out of time ends what runs as timed out and cancels the rest.',
      e: 'What was done and what was not is shown whatever the outcome.',
    },
  },
  {
    number: 6,
    name: 'no waiting for others',
    says: 'A step waits for what it needs and for nothing else.',
    parts: {
      a: 'It starts the moment its own needs are met; there are no waves.',
      b: 'A failure that something reacted to is still a failure of the run.',
      c: 'What reacts to a failure is skipped like a step whose condition is false where there was none.',
    },
  },
  {
    number: 7,
    name: 'two kinds of skipped',
    says: 'Skipped on purpose is fine, skipped because something broke is not.',
    parts: {
      a: 'A step that its own condition skipped lets what follows run; one that a failure took along does not.',
      b: 'What a skipped step would have given is null.',
    },
  },
  {
    number: 8,
    name: 'failures stay where they are',
    says: 'A failed step takes along what depends on it.',
    parts: {
      a: 'Everything else goes on to its end.',
      b: 'Unless the pipeline says `fail_fast`: then the rest is ended at the first failure.',
    },
  },
  {
    number: 9,
    name: 'evidence, not claims',
    says: 'Whether work is good is found out, not asked of who did it.',
    parts: {
      a: 'A mandatory check that fails makes the attempt fail, whatever the step says of itself.',
      b: 'What opsflow collects itself, another step or a person judges; each failing check is named.',
    },
  },
  {
    number: 10,
    name: 'gates',
    says: 'A gate judges a group of steps once, and holds up what stands behind it.',
    parts: {
      a: 'It judges when every step that it looks at has ended, and only then.',
      b: 'Which steps those are, where the author did not say: all that come before what the gate holds up.',
      c: 'Its share counts failures honestly: skipped on purpose counts for nothing, lost or cancelled counts as failed, and nothing to count is a failure.',
      d: 'A failed one with somebody who may bypass it holds its steps until that person has spoken.',
      e: 'With nobody, or with nothing left that could start, its steps are skipped at once.',
      f: '`show` says of each gate whether it passed, failed, is held or was bypassed; one that is not named there is still pending.',
    },
  },
  {
    number: 11,
    name: 'pipelines within pipelines, and enough of many',
    says: 'A called pipeline is a small run of its own; a step may go on when enough of its needs are there.',
    parts: {
      a: 'A called pipeline sees its inputs only, and its own gates judge it.',
      b: 'Partial and with failures count as succeeded for the caller, and the caller can read which it was.',
      c: 'A quorum rounds up, and a step whose quorum is out of reach is skipped as by a failure.',
      d: 'What comes in late runs on, counts for gates, and changes nothing that the started step saw.',
    },
  },
  {
    number: 12,
    name: 'finally',
    says: 'What must happen at the end happens at the end.',
    parts: {
      a: 'It sees the outcome as it was before it, what failed, and every step.',
      b: 'Its own failure turns succeeded into succeeded with failures, and changes nothing else.',
      c: 'It runs before a run ends; after `kill -9` that is at `resume`, with all of its time.',
    },
  },
  {
    number: 13,
    name: 'processes end',
    says: 'A step that must end does end, with everything that it started.',
    parts: {
      a: 'At its timeout its process group gets TERM and, after the grace, KILL.',
      b: 'Its end is on record within timeout and grace, a tenth of them and 100 ms more, and no pipe that a grandchild holds delays it.',
      c: 'What a step leaves running in its group is ended when the step ends well, too.',
      d: 'Where the runner is killed, the supervisor ends all groups.',
      e: 'Where the supervisor is killed, the runner does.',
      f: 'Where both are, the next command ends what is left, by pid, boot and start time, and `show` names it.',
    },
    limit:
      'Processes in uninterruptible sleep and work on other machines cannot be ended. Those that leave their session are found by their environment, on Linux and where that may be read.',
  },
  {
    number: 14,
    name: 'time',
    says: 'Durations are measured, deadlines are kept.',
    parts: {
      a: 'How long a step runs is measured by a clock that nobody can set.',
      b: 'Deadlines that outlive a process are instants: they hold over weeks, pauses and crashes.',
      c: 'A clock that jumps moves those and nothing else, and the jump is on record where somebody was there to see it.',
    },
  },
  {
    number: 15,
    name: 'one owner, dead or alive',
    says: 'Who owns a run is known by the kernel, not guessed from a file.',
    parts: {
      a: 'The lock of an owner is free when it is dead and not before; then the run is interrupted at once.',
      b: 'While a supervisor is still ending what a dead runner left, the run is ending, and `resume` waits.',
      c: 'A stopped, slow or suspended owner is alive; `--take-over` ends it first.',
      d: 'An owner that was replaced and wakes up again writes nothing and starts nothing.',
      e: 'A second runner of one run is refused, and told who the first is.',
    },
  },
  {
    number: 16,
    name: 'killed anywhere, finished anyway',
    says: '`kill -9` at any moment loses nothing that was on record.',
    parts: {
      a: '`show` tells the truth at once, and `resume` brings the run to its end.',
      b: 'A step whose end is on record does not run again.',
      c: 'Only `retry` opens an ended run again: what failed or was named, and what follows it, under the same keys.',
      d: 'Open questions are still open, and decisions that were made still count.',
      e: 'Locks are free.',
    },
  },
  {
    number: 17,
    name: 'once, at least once, at most once',
    says: 'The record is exact; about effects you choose which way to err.',
    parts: {
      a: 'With `rerun` a step that was cut off happens at least once, with `fail` and `ask` at most once.',
      b: 'All attempts of a step, over redeliveries and resumes too, have one idempotency key; a number counts them.',
      c: 'On one machine two attempts of a step never run at the same time.',
      d: 'Every end is on record exactly once.',
    },
    limit: 'That an effect happens exactly once can only be made sure by who receives it, by the key.',
  },
  {
    number: 18,
    name: 'damage is told',
    says: 'A record that was damaged, cut off or could not be written says so.',
    parts: {
      a: 'A damaged event is named by its number; what stands before it can be read and exported.',
      b: 'A record that lost its end is known by what is younger than it.',
      c: 'On a full disk the run starts nothing more, says so, and goes on when there is space.',
      d: 'A network file system is refused by name.',
    },
  },
  {
    number: 19,
    name: 'no daemon',
    says: 'A run is live while somebody is at it, and parked otherwise.',
    parts: {
      a: 'At a terminal it stays and asks.',
      b: 'Without one it goes on as long as it can, then says what it waits for, lets go of everything and exits 4.',
      c: 'Nothing happens to a parked run until a command opens it; then what came to pass meanwhile is taken in its order, and a decision from before its deadline counts.',
      d: '`approve` records, says how to go on, and exits 0; with `--resume` it goes on itself.',
    },
  },
  {
    number: 20,
    name: 'many terminals, one record',
    says: 'Other processes ask; only the owner of a run writes.',
    parts: {
      a: 'What others want is a row in an inbox, and none is lost or taken twice.',
      b: 'One pure function judges them: open, decided, too late, not allowed.',
      c: 'The first decision wins, and the second person is told so at once.',
      d: 'A live run sees it within 200 ms.',
    },
  },
  {
    number: 21,
    name: 'who decided',
    says: 'A decision has a name, a time, a reason and the plan that it was about.',
    parts: {
      a: 'An approval or a bypass is on record with all of these; a bypass without a reason, or one that is over, is none.',
      b: '`from` limits who may; with `self: false` the starter may not, by `--approve` neither, nor may who brought the run another plan.',
      c: 'The name is that of the user of the operating system.',
    },
    limit: 'That is attribution, not authentication: see SECURITY.md.',
  },
  {
    number: 22,
    name: 'stop means stop',
    says: 'A cancel is heard in every state.',
    parts: {
      a: 'Ctrl-C, SIGTERM and `cancel` act at once before a start, in a step, in a backoff, at an approval and in a queue; `finally` runs, the exit is 130.',
      b: 'The second Ctrl-C, or `--kill`, kills; `finally` is on record as not run, and `resume` offers it.',
      c: 'SIGHUP and a closed terminal park the run.',
    },
  },
  {
    number: 23,
    name: 'no silent no-op',
    says: 'A command that cannot do what it was asked says why, and does not exit 0.',
    parts: {
      a: 'Wrong words, wrong names and wrong moments are refused before anything happens.',
      b: 'A key of a file that this version does not run is refused, not passed over.',
    },
  },
  {
    number: 24,
    name: 'limits and locks',
    says: 'What is limited stays within its limit.',
    parts: {
      a: 'Limits of a run, a scope, a step and an agent hold through failure, retry, cancel and crash.',
      b: 'A slot is never lost and never used twice.',
      c: 'A lock holds across the runs of a store, and is free when its owner is gone.',
      d: 'The locks of a step are taken all at once, and the slot only after them.',
      e: 'A step within another shares the locks of that one.',
    },
  },
  {
    number: 25,
    name: 'waiting for what',
    says: 'Whatever waits says for what.',
    parts: {
      a: 'A step or a run that waits for a lock, a slot, a gate, a person, a signal or a time has that on record, by name.',
      b: '`show` and the terminal print it.',
      c: 'So does the page.',
    },
  },
  {
    number: 26,
    name: 'secrets',
    says: 'A value that opsflow looked up as a secret appears nowhere that opsflow writes.',
    parts: {
      a: 'A canary is searched for in everything that a run leaves behind, and in all that it prints.',
      b: 'It is found as it is and as JSON, URL, hex and base64, wherever the stream is cut.',
      c: 'The logs of all steps of the run are cleaned, not only of those that asked.',
      d: 'A secret too short to be found safely is refused.',
    },
    limit:
      'Not covered: a program that changes the value in another way, files that a step writes itself, secrets that opsflow was not told of.',
  },
  {
    number: 27,
    name: 'rails',
    says: 'What an agent may not do is refused where opsflow would start it.',
    parts: {
      a: 'Lists, actions, checks and repairs are judged before they start, at compile time where it can be known.',
      b: 'A shell text that cannot be taken apart is refused where a rule could apply.',
      c: 'A rule that cannot be judged says no.',
    },
    limit: 'What a script does inside is bounded by the credentials that it gets.',
  },
  {
    number: 28,
    name: 'who may write where',
    says: 'A step that changed files which are not its own has failed.',
    parts: {
      a: 'Changes outside of `owns` are found by git afterwards and fail the step.',
      b: 'So does a change of the checkout by a step that has a worktree of its own.',
      c: 'Where it cannot be verified, the step does not start.',
      d: 'Two steps that may write one path take turns.',
    },
    limit:
      'Steps of two runs take turns where their plans lay the pattern into a group of one name, as two runs of one plan do. Runs of different plans may not meet; a `mutex` with one name in both does that.',
    open: { e: 'Prevention by a sandbox: there is none yet. `sandbox` is refused by name.' },
  },
  {
    number: 29,
    name: 'foreign text stays text',
    says: 'What comes from outside becomes neither code nor path.',
    parts: {
      a: 'Commands, actions and modules of users run in processes that the supervisor started, never in the runner.',
      b: 'An expression in a script is refused; values reach it by its environment.',
      c: 'No name, key or payload leads out of a folder or to what all objects inherit.',
      d: 'Sizes, nesting and patterns are bounded, with a clear error.',
      e: 'The server of the page answers only the browser that opened its one-time address, and decides only what the page itself asks for.',
      f: 'What a run wrote is text on the page.',
    },
  },
]
