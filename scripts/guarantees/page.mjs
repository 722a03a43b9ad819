// The page about what is promised: for a person who has to decide whether to trust this.

const count = (number) => String(number).replaceAll(/\B(?=(\d{3})+$)/g, ',')
const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`
const link = (path) => `[${path.replace('test/', '')}](../${path})`
/** Nothing of a title is Markdown. */
const plain = (text) => text.replaceAll(/([<>|*_[\]])/g, '\\$1')
const at = ({ commit, date, command }) => `Measured at commit \`${commit}\` on ${date} by \`${command}\`.`

/**
 * @param {readonly { number: number, name: string, says: string, parts: Record<string, string>, open?: Record<string, string>, limit?: string }[]} promises
 * @param {readonly { file: string, title: string, promises: readonly string[], long: boolean }[]} tests
 * @param {readonly { file: string, name: string, promises: readonly number[] }[]} invariants
 */
export function page(promises, tests, invariants, measured) {
  const parts = promises.flatMap((promise) => Object.keys(promise.parts))
  const open = promises.flatMap(({ number, open = {} }) =>
    Object.entries(open).map(([part, says]) => ({ tag: `${number}${part}`, says })),
  )
  return `${[
    '<!-- Written by `npm run guarantees`. Do not edit. -->',
    '# What is guaranteed, and how it is known',
    '',
    `opsflow makes ${promises.length} promises about a run. They are below in ${parts.length + open.length} parts, and each part names the tests that show it. \`npm test\` runs`,
    'them, and fails where a part has no test. A test that needs something that a machine lacks, a terminal or Linux, is skipped there and runs',
    'elsewhere.',
    '',
    'Where nobody could promise more, the limit is said. What is not there yet is said, too:',
    '',
    ...open.map(({ tag, says }) => `- **${tag}** ${says}`),
    '',
    '## What was measured',
    '',
    ...numbers(measured),
    '',
    '## The promises',
    '',
    ...promises.flatMap((promise) => section(promise, tests, invariants)),
  ]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`
}

function section({ number, name, says, parts, open = {}, limit }, tests, invariants) {
  const whole = tests.filter(({ promises }) => promises.includes(String(number)))
  const watched = invariants.filter(({ promises }) => promises.includes(number))
  return [
    `### ${number}. ${name[0].toUpperCase()}${name.slice(1)}`,
    '',
    says,
    '',
    ...Object.entries(parts).flatMap(([part, what]) => [
      `- **${number}${part}** ${what}`,
      ...listed(tests.filter(({ promises }) => promises.includes(`${number}${part}`))),
    ]),
    ...Object.entries(open).map(([part, what]) => `- **${number}${part}**, not yet: ${what}`),
    ...(whole.length === 0 ? [] : ['- of all of it', ...listed(whole)]),
    ...(watched.length === 0
      ? []
      : ['', `In every simulated run: ${watched.map((one) => plain(one.name)).join('; ')}.`]),
    ...(limit === undefined ? [] : ['', `Limit: ${limit}`]),
    '',
  ]
}

function listed(tests) {
  const files = Map.groupBy(tests, ({ file }) => file)
  return [...files].map(
    ([file, some]) =>
      `  - ${link(file)}${some[0].long ? ' (`npm run test:long`)' : ''}: ${some.map(({ title }) => plain(title)).join(' · ')}`,
  )
}

function numbers({ simulation, planted, crashes, mutation, repetitions }) {
  return [
    ...(simulation === undefined ? [] : simulated(simulation)),
    ...(planted === undefined ? [] : bugs(planted)),
    ...(crashes === undefined ? [] : killed(crashes)),
    ...(mutation === undefined ? [] : mutated(mutation)),
    ...(repetitions === undefined ? [] : repeated(repetitions)),
  ]
}

function simulated(it) {
  return [
    '### Simulated runs',
    '',
    `${count(it.seeds)} seeds, ${count(it.runs)} runs, ${count(it.events)} events; the median plan has ${it.plans.median} steps, the largest ${it.plans.largest}.`,
    `Promises broken: ${it.violations}. ${at(it)}`,
    '',
    '| kind of fault | what happens | hit a run in flight |',
    '|---|---|---:|',
    ...it.faults.map(({ kind, says, hits }) => `| ${kind} | ${says} | ${count(hits)} |`),
    '',
    'What is watched in each run, and in how many of them there was something to see:',
    '',
    '| invariant | promises | runs |',
    '|---|---|---:|',
    ...it.invariants.map(({ name, promises, runs }) => `| ${plain(name)} | ${promises.join(', ')} | ${count(runs)} |`),
    '',
  ]
}

function bugs(it) {
  const found = it.bugs.filter(({ seeds }) => seeds !== undefined)
  return [
    '### Planted bugs',
    '',
    `${it.bugs.length} bugs were planted in the scheduler, its engine or its store; ${found.length} are found within ${count(it.within)} seeds. ${at(it)}`,
    '',
    '| bug | stands for | found at seed |',
    '|---|---|---:|',
    ...it.bugs.map(
      ({ name, standsFor, seeds }) =>
        `| ${name} | ${plain(standsFor)} | ${seeds === undefined ? 'not found' : count(seeds)} |`,
    ),
    '',
  ]
}

function killed(it) {
  return [
    '### Killed for real',
    '',
    `${it.all} cells of where a run is, what is killed with \`kill -9\` and what the step says about being cut off; ${it.played} are played with real`,
    `processes, ${it.void} cannot be. What the processes of the steps themselves wrote is the evidence. Cells that did not come to what is promised:`,
    `${it.failed}. ${at(it)}`,
    '',
    `Moments: ${Object.entries(it.moments)
      .map(([name, what]) => `${name} (${what})`)
      .join('; ')}.`,
    '',
    `Killed: ${Object.entries(it.victims)
      .map(([name, what]) => `${name} (${what})`)
      .join('; ')}.`,
    '',
  ]
}

function mutated(it) {
  return [
    '### Mutants',
    '',
    `${count(it.all)} small changes were made to the scheduler, the reducer, gates and the judge, one at a time, by the mutators of Stryker. The tests of`,
    `${it.tests} files and the first ${it.firstSeeds} to ${it.seeds} simulated runs that reach the changed place found ${count(it.found)} of them: **${percent(it.found, it.all)}**.`,
    ...(it.unmet === 0 ? [] : [`${count(it.unmet)} more were made and not tried yet; they are not counted.`]),
    `${at(it)} [Those that survived](survivors.md) are listed with their reasons.`,
    '',
    '| file | found | of |  |',
    '|---|---:|---:|---:|',
    ...it.files.map(({ file, found, all }) => `| ${file} | ${found} | ${all} | ${percent(found, all)} |`),
    '',
    '| why the others survived | mutants |',
    '|---|---:|',
    ...it.reasons.map(({ reason, mutants }) => `| ${plain(reason)} | ${count(mutants)} |`),
    '',
  ]
}

function repeated(it) {
  return [
    '### Repetitions',
    '',
    `${count(it.times)} times ${it.tests} tests with real processes (${it.files.map((file) => `\`${file}\``).join(', ')}): ${count(it.passed)} passed, ${count(it.failed)} failed.`,
    at(it),
    '',
  ]
}
