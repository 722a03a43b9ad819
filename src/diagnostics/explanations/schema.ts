import type { Explanation } from './explanation.ts'

const steps = (body: string): string => `pipeline: example\nsteps:\n${body}`
const build = (keys: string): string => steps(`  build: { run: make${keys} }\n`)

/** Files that are YAML and say what a file of their kind cannot say. */
export const SCHEMA_EXPLANATIONS: { readonly [code: string]: Explanation } = {
  'schema/unknown-key': {
    what: 'The language has no such key at this place. It is refused, since a key that is silently ignored is worse than none.',
    mend: 'The hint names the nearest key that may stand here.',
    example: { bad: build(', timout: 5m'), good: build(', timeout: 5m') },
  },
  'schema/unknown-kind': {
    what: 'The first key of a file says what it is, and this one is neither `pipeline` nor `coordinator`, nor a key of an agents file or a config.',
    mend: 'Begin the file with `pipeline: NAME` or `coordinator: NAME`.',
    example: { bad: 'pipelin: example\njobs: { build: { run: make } }\n', good: build('') },
  },
  'schema/kind-not-first': {
    what: 'The key that names the kind of the file is there, and others stand before it. Readers and tools look at the first line.',
    mend: 'Move it to the top. Only `opsflow: 1` and comments may stand before it.',
    example: { bad: `steps: { build: { run: make } }\npipeline: example\n`, good: build('') },
  },
  'schema/missing-key': {
    what: 'A key that has to be there is not.',
    mend: 'Add it.',
    example: {
      bad: steps('  build: { http: { method: GET }, timeout: 30s }\n'),
      good: steps('  build: { http: { method: GET, url: "https://example.org/" }, timeout: 30s }\n'),
    },
  },
  'schema/misplaced-key': {
    what: 'The language knows the key, but not beside the keys that stand here.',
    mend: 'Move it to where the hint says, or remove it.',
    example: {
      bad: steps('  ask: { approval: { prompt: Go? }, timeout: 1h, task: build }\n'),
      good: steps('  ask: { approval: { prompt: Go? }, timeout: 1h }\n'),
    },
  },
  'schema/one-of': {
    what: 'Of some keys exactly one must be there: a step does one thing, a check judges by one thing.',
    mend: 'Keep one of them. Two things are two steps, with `needs` between them.',
    example: {
      bad: steps('  build: { run: make, wait: 5m }\n'),
      good: steps('  build: { run: make }\n  rest: { needs: [build], wait: 5m }\n'),
    },
  },
  'schema/wrong-type': {
    what: 'The value is a list where text is wanted, text where a mapping is wanted, and so on.',
    mend: 'The message says what stands there, the hint what can.',
    example: { bad: build(', needs: { test }').replace('{ test }', '5'), good: build('') },
  },
  'schema/not-text': {
    what: 'Text is wanted, and YAML reads the unquoted value as a number, boolean or null: `1.10` becomes 1.1, `1e3` becomes 1000.',
    mend: 'Put it in quotes; `lint --fix` does it.',
    example: { bad: build(', env: { VERSION: 1.10 }'), good: build(', env: { VERSION: "1.10" }') },
  },
  'schema/unknown-value': {
    what: 'Only a few words may stand here, and this is none of them.',
    mend: 'The hint names the nearest, or all of them.',
    example: { bad: build(', effects: workspce'), good: build(', effects: workspace') },
  },
  'schema/out-of-range': {
    what: 'A number, list or text is smaller or larger than can be meant.',
    mend: 'The message says what the bounds are.',
    example: { bad: build(', retry: { attempts: 0 }'), good: build(', retry: { attempts: 3 }') },
  },
  'schema/bad-name': {
    what: 'Names that expressions read are small letters, digits and underscores, a letter first: CEL takes a dash for a minus. Other names have forms of their own.',
    mend: 'The hint writes the name in the right form.',
    example: { bad: steps('  build-all: { run: make }\n'), good: steps('  build_all: { run: make }\n') },
  },
  'schema/bad-duration': {
    what: 'A length of time has a unit: `30s`, `5m`, `1h30m`, `3d` or `PT5M`. A bare number could mean any of them. A limit (`timeout`, `due`, `idle`) is above zero, since with none nothing could happen; a pause may be zero. Ten years is the longest.',
    mend: 'Write the unit, and for a limit more than zero.',
    example: { bad: build(', timeout: 30'), good: build(', timeout: 30s') },
  },
}
