import type { Explanation } from './explanation.ts'

const head = 'pipeline: example\n'
const step = (key: string): string => `${head}steps:\n  build:\n    run: make\n    ${key}\n`

/** Texts that are no YAML, or YAML that its readers do not agree about. */
export const YAML_EXPLANATIONS: { readonly [code: string]: Explanation } = {
  'yaml/syntax': {
    what: 'The text breaks the rules of YAML in a way that has no name of its own here. The message says what cannot stand at the place.',
    mend: 'Look at the place and just before it: a missing colon, comma, quote or bracket is the usual cause.',
    example: {
      bad: `${head}steps:\n  build: { run: make }}\n  test: { run: make test }\n`,
      good: `${head}steps:\n  build: { run: make }\n  test: { run: make test }\n`,
    },
  },
  'yaml/empty': {
    what: 'The file is empty, or has nothing but comments.',
    mend: 'Write what it should say; `opsflow init` gives a start.',
    example: { bad: '# to be written\n', good: `${head}steps: { build: { run: make } }\n` },
  },
  'yaml/several-documents': {
    what: 'A `---` or `...` begins a second document. Everything here is one document a file, so that a path and a name mean one thing.',
    mend: 'Move the second document into a file of its own.',
    example: {
      bad: `${head}steps: { build: { run: make } }\n---\npipeline: other\n`,
      good: `${head}steps: { build: { run: make } }\n`,
    },
  },
  'yaml/tab': {
    what: 'YAML indents by spaces only: a tab has no width that all editors agree on.',
    mend: 'Replace the tab by as many spaces as the lines beside it have.',
    example: { bad: `${head}steps:\n\tbuild: { run: make }\n`, good: `${head}steps:\n  build: { run: make }\n` },
  },
  'yaml/indentation': {
    what: 'The line begins at a column where no mapping or list above it is going on.',
    mend: 'Indent it exactly like the keys or dashes that it belongs with.',
    example: {
      bad: `${head}steps:\n    build: { run: make }\n  test: { run: make test }\n`,
      good: `${head}steps:\n  build: { run: make }\n  test: { run: make test }\n`,
    },
  },
  'yaml/unclosed-quote': {
    what: 'A text begins with a quote and the closing one never comes, so everything behind it is swallowed.',
    mend: "Close the quote. Inside of double quotes a quote is `\\\"`, inside of single quotes it is `''`.",
    example: { bad: `${head}steps:\n  build: { run: "make }\n`, good: `${head}steps:\n  build: { run: "make" }\n` },
  },
  'yaml/unclosed-bracket': {
    what: 'A list `[` or mapping `{` is opened and never closed.',
    mend: 'Close it, or put the value in quotes where the bracket is meant as text.',
    example: {
      bad: `${head}steps:\n  build: { run: make\n  test: { run: make test }\n`,
      good: `${head}steps:\n  build: { run: make }\n  test: { run: make test }\n`,
    },
  },
  'yaml/text-after-value': {
    what: 'A value that begins with a quote or bracket ends at the closing one, and something stands behind it. Conditions that begin with a quoted text are the usual case.',
    mend: 'Put the whole value in quotes; `lint --fix` does it.',
    example: { bad: step(`when: "dev" == run.id`), good: step(`when: '"dev" == run.id'`) },
  },
  'yaml/colon-in-text': {
    what: 'A colon with a space behind it begins a mapping, also in the middle of what was meant as text.',
    mend: 'Put the text in quotes.',
    example: {
      bad: `${head}description: Release: cut and publish\nsteps: { build: { run: make } }\n`,
      good: `${head}description: "Release: cut and publish"\nsteps: { build: { run: make } }\n`,
    },
  },
  'yaml/reserved-character': {
    what: 'An unquoted text cannot begin with `@`, a backtick, `%`, `,`, `|` or `>`: YAML keeps them for itself.',
    mend: 'Put the text in quotes; `lint --fix` does it.',
    example: {
      bad: `${head}description: @everyone reads this\nsteps: { build: { run: make } }\n`,
      good: `${head}description: "@everyone reads this"\nsteps: { build: { run: make } }\n`,
    },
  },
  'yaml/escape': {
    what: 'In double quotes a backslash begins an escape, and YAML does not know this one. Patterns and Windows paths are the usual case.',
    mend: 'Write the backslash twice, or use single quotes, where it is an ordinary character.',
    example: {
      bad: `${head}steps: { build: { run: "grep '\\d' log" } }\n`,
      good: `${head}steps: { build: { run: "grep '\\\\d' log" } }\n`,
    },
  },
  'yaml/control-character': {
    what: 'The text holds a character that no editor shows, such as NUL, escape or a carriage return alone.',
    mend: 'Remove it, or write it as an escape in double quotes: `"\\x1b"`.',
    example: {
      bad: `${head}description: "bell \x07"\nsteps: { build: { run: make } }\n`,
      good: `${head}description: "bell \\x07"\nsteps: { build: { run: make } }\n`,
    },
  },
  'yaml/unquoted-expression': {
    what: 'Inside of `{ }` and `[ ]` YAML reads the braces of `${{ }}` as its own; `{{ }}` it reads as a mapping everywhere.',
    mend: 'Put the value in quotes; `lint --fix` does it. Outside of brackets `${{ }}` needs none.',
    example: {
      bad: `${head}inputs: { who: { type: string } }\nsteps:\n  greet: { run: [echo, ${'${{ inputs.who }}'}] }\n`,
      good: `${head}inputs: { who: { type: string } }\nsteps:\n  greet: { run: [echo, "${'${{ inputs.who }}'}"] }\n`,
    },
  },
  'yaml/comment-in-text': {
    what: 'A space and `#` begin a comment, also in the middle of an unquoted text: the end of the expression or of the quoted part is cut off.',
    mend: 'Put the whole value in quotes; `lint --fix` does it.',
    example: { bad: step('when: run.id != "issue #1"'), good: step(`when: 'run.id != "issue #1"'`) },
  },
  'yaml/tag': {
    what: 'A `!` at the start of a value is a YAML tag: it names a type and is no part of the text. On a condition it would vanish, and turn the condition round. So every tag is refused.',
    mend: 'Put the text in quotes if the `!` belongs to it; `lint --fix` does so for conditions.',
    example: {
      bad: `${head}inputs: { dry: { type: boolean } }\nsteps:\n  build: { run: make, when: !inputs.dry }\n`,
      good: `${head}inputs: { dry: { type: boolean } }\nsteps:\n  build: { run: make, when: "!inputs.dry" }\n`,
    },
  },
  'yaml/directive': {
    what: 'A line such as `%YAML 1.1` changes what the words below mean (`yes` becomes a boolean), and `%TAG` makes tags, which are refused.',
    mend: 'Remove the line. opsflow reads YAML 1.2.',
    example: {
      bad: `%YAML 1.1\n---\n${head}steps: { build: { run: make } }\n`,
      good: `${head}steps: { build: { run: make } }\n`,
    },
  },
  'yaml/merge-key': {
    what: 'The merge key `<<` is no part of YAML 1.2; readers differ on what it does with lists of mappings and with doubled keys.',
    mend: 'Give common keys once in `defaults`, or write them out. An alias may still stand for a whole value.',
    example: {
      bad: `${head}steps:\n  build: &usual { run: make, timeout: 5m }\n  test:\n    <<: *usual\n    needs: [build]\n`,
      good: `${head}defaults: { timeout: 5m }\nsteps:\n  build: { run: make }\n  test: { run: make, needs: [build] }\n`,
    },
  },
  'yaml/duplicate-key': {
    what: 'A mapping has the same key twice. Most readers keep the last and say nothing.',
    mend: 'Remove one of them, or give it another name.',
    example: {
      bad: `${head}steps:\n  build: { run: make }\n  build: { run: make all }\n`,
      good: `${head}steps:\n  build: { run: make }\n  build_all: { run: make all }\n`,
    },
  },
  'yaml/key-not-text': {
    what: 'Keys are text. YAML reads `1`, `true` and `null` as something else, and allows whole lists and mappings as keys.',
    mend: 'Put the key in quotes; `lint --fix` does it.',
    example: {
      bad: `${head}inputs: { pages: { type: object, default: { 404: missing } } }\nsteps: { build: { run: make, when: inputs.pages.size() > 0 } }\n`,
      good: `${head}inputs: { pages: { type: object, default: { "404": missing } } }\nsteps: { build: { run: make, when: inputs.pages.size() > 0 } }\n`,
    },
  },
  'yaml/number-range': {
    what: 'A number has more digits than can be held, or is infinite. The hash of a commit such as `123e456` is read as such a number.',
    mend: 'Put it in quotes if text is meant; `lint --fix` does it.',
    example: { bad: step('env: { COMMIT: 123e456 }'), good: step('env: { COMMIT: "123e456" }') },
  },
  'yaml/unknown-alias': {
    what: 'A value that begins with `*` is an alias, and no anchor of that name stands before it. Globs are the usual case.',
    mend: 'Put a glob in quotes. An anchor is written `&name` in front of the value that aliases repeat.',
    example: {
      bad: `${head}steps:\n  build: { run: [ls, *.ts] }\n`,
      good: `${head}steps:\n  build: { run: [ls, "*.ts"] }\n`,
    },
  },
  'yaml/cyclic-alias': {
    what: 'An alias stands inside of the value that it repeats, so the value would have no end.',
    mend: 'Write the value out, or anchor a smaller part.',
    example: {
      bad: `${head}inputs: &all\n  one: { type: string }\n  two: *all\nsteps: { build: { run: make } }\n`,
      good: `${head}inputs:\n  one: &text { type: string }\n  two: *text\nsteps: { build: { run: make, when: inputs.one != inputs.two } }\n`,
    },
  },
  'yaml/alias-bomb': {
    what: 'Aliases of aliases unfold to more than 250,000 values. A few lines can name more values than any memory holds.',
    mend: 'Use aliases for single values; make long lists at run time with `foreach`.',
    example: {
      bad: `${head}vars:\n  a: &a [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n${[...'bcdef'].map((name, i) => `  ${name}: &${name} [${Array(10).fill(`*${'abcde'[i]}`).join(', ')}]\n`).join('')}  g: *f\nsteps: { build: { run: make } }\n`,
      good: `${head}steps: { build: { run: make } }\n`,
    },
  },
  'yaml/too-deep': {
    what: 'Lists and mappings are nested more than 100 deep.',
    mend: 'Flatten the value, or keep it as data in a file that a step reads.',
    example: {
      bad: `${head}vars: { deep: ${'['.repeat(120)}${']'.repeat(120)} }\nsteps: { build: { run: make } }\n`,
      good: `${head}steps: { build: { run: make } }\n`,
    },
  },
}
