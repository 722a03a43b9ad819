/** What is used of the CEL library, as a module of its own that is loaded with the first expression (see `cel.ts`). */
export { Environment } from '@marcbachmann/cel-js'
export { Duration } from '@marcbachmann/cel-js/evaluator'
