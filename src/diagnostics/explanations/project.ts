import type { Explanation } from './explanation.ts'

/** Files that are sound by themselves and do not go together, and configs that are programs and fail. */
export const PROJECT_EXPLANATIONS: { readonly [code: string]: Explanation } = {
  'project/duplicate-name': {
    what: 'Two files begin with the same `pipeline: NAME` or `coordinator: NAME`, so the name says no longer which one is meant.',
    mend: 'Give one of them another name. The file may have any name: what counts is its first line.',
    example: {
      files: { 'pipelines/build.yaml': 'pipeline: build\nsteps: { build: { run: make } }\n' },
      bad: 'pipeline: build\nsteps: { all: { run: make all } }\n',
      good: 'pipeline: build-all\nsteps: { all: { run: make all } }\n',
    },
  },
  'project/config-failed': {
    what: 'The config is a JavaScript or TypeScript module, and importing it failed.',
    mend: 'The message holds the reason. The module exports the config as its default, and does nothing else.',
  },
}
