import type { Explanation } from './explanation.ts'

const steps = (body: string, top = ''): string => `pipeline: example\n${top}steps:\n${body}`
const agents = {
  'agents.yaml': `agents:\n  builder:\n    description: Builds things\n    tasks:\n      compile: { run: make, inputs: { target: { type: string } } }\n      release: { run: ./release.sh, effects: external, timeout: 5m }\n`,
}
const other = {
  'other.yaml': `pipeline: other\ninputs: { level: { type: integer } }\noutputs: { made: { value: x } }\nsteps: { build: { run: make, when: inputs.level > 0 } }\n`,
}

/** Files that are well-formed each, and cannot be compiled together. */
export const PLAN_EXPLANATIONS: { readonly [code: string]: Explanation } = {
  'plan/not-yet-supported': {
    what: 'The language has this key and this version of opsflow does not run it. It is refused, since a key that is ignored would promise what does not happen.',
    mend: 'Remove the key. The hint says what there is instead.',
    example: { bad: steps('  build: { run: make, sandbox: required }\n'), good: steps('  build: { run: make }\n') },
  },
  'plan/cycle': {
    what: 'Steps, gates, vars or items wait for each other in a circle, so none of them could start. The message shows the whole way round.',
    mend: 'Take away the need that is not real. To do something again, use `repeat`.',
    example: {
      bad: steps('  a: { needs: [b], run: make a }\n  b: { needs: [a], run: make b }\n'),
      good: steps('  a: { run: make a }\n  b: { needs: [a], run: make b }\n'),
    },
  },
  'plan/self-need': {
    what: 'A step needs itself, so it could never start.',
    mend: 'Remove the need. To do a step again, use `repeat`.',
    example: { bad: steps('  build: { needs: [build], run: make }\n'), good: steps('  build: { run: make }\n') },
  },
  'plan/duplicate-need': {
    what: 'A need is listed twice. It has no effect, and often another step was meant.',
    mend: 'Remove it, or name the other step.',
    example: {
      bad: steps('  a: { run: make a }\n  b: { needs: [a, a], run: make b }\n'),
      good: steps('  a: { run: make a }\n  b: { needs: [a], run: make b }\n'),
    },
  },
  'plan/duplicate-step': {
    what: 'The same id stands in `steps` and in `finally`, or at two rules of `escalate`. Expressions could not tell them apart.',
    mend: 'Give one of them another id.',
    example: {
      bad: steps('  tidy: { run: make }\nfinally:\n  tidy: { run: make clean }\n'),
      good: steps('  build: { run: make }\nfinally:\n  tidy: { run: make clean }\n'),
    },
  },
  'plan/quorum': {
    what: 'The quorum is larger than the number of needs, or nothing at all: it could never be reached, or would not wait.',
    mend: 'Choose a number between one and the number of needs, or a share such as `80%`.',
    example: {
      bad: steps('  a: { run: make a }\n  b: { run: make b }\n  c: { needs: [a, b], quorum: 3, run: make c }\n'),
      good: steps('  a: { run: make a }\n  b: { run: make b }\n  c: { needs: [a, b], quorum: 1, run: make c }\n'),
    },
  },
  'plan/recursion': {
    what: 'A pipeline runs itself, straight or by way of others, so it would never end.',
    mend: 'To do it again until something holds, use `repeat`.',
    example: { bad: steps('  again: { pipeline: example }\n'), good: steps('  build: { run: make }\n') },
  },
  'plan/missing-dependency': {
    what: 'A step reads what another one makes, and does not wait for it: it could start first.',
    mend: 'Add the other step to `needs`.',
    example: {
      bad: steps(
        '  count: { run: ./count.sh, outputs: { n: { type: integer } } }\n  show: { run: [echo, "${{ steps.count.outputs.n }}"] }\n',
      ),
      good: steps(
        '  count: { run: ./count.sh, outputs: { n: { type: integer } } }\n  show: { needs: [count], run: [echo, "${{ steps.count.outputs.n }}"] }\n',
      ),
    },
  },
  'plan/across-finally': {
    what: 'Steps of `finally` run after all others have ended. A step before cannot wait for them, and they need wait for none.',
    mend: 'Leave the need out, or move the step into `finally`; there `when` can look at how the others ended.',
    example: {
      bad: steps('  build: { run: make }\nfinally:\n  tidy: { needs: [build], run: make clean }\n'),
      good: steps('  build: { run: make }\nfinally:\n  tidy: { run: make clean }\n'),
    },
  },
  'plan/unknown-step': {
    what: 'A need, a gate or an expression names a step that the pipeline does not have.',
    mend: 'The hint names the nearest one.',
    example: {
      bad: steps('  build: { run: make }\n  test: { needs: [biuld], run: make test }\n'),
      good: steps('  build: { run: make }\n  test: { needs: [build], run: make test }\n'),
    },
  },
  'plan/unknown-gate': {
    what: 'An expression names a gate that the pipeline does not have.',
    mend: 'The hint names the nearest one.',
    example: {
      bad: steps(
        '  build: { run: make }\n  ship: { needs: [build], run: ./ship.sh, when: gates.qualty.status == "passed" }\n',
        'gates: { quality: { must_pass: [build], of: [build], before: [ship] } }\n',
      ),
      good: steps(
        '  build: { run: make }\n  ship: { needs: [build], run: ./ship.sh, when: gates.quality.status == "passed" }\n',
        'gates: { quality: { must_pass: [build], of: [build], before: [ship] } }\n',
      ),
    },
  },
  'plan/unknown-input': {
    what: 'An expression reads, or `with` gives, an input that is not declared.',
    mend: 'Declare it in `inputs`; the hint names the nearest that is.',
    example: {
      bad: steps(
        '  build: { run: make, env: { TARGET: "${{ inputs.taget }}" } }\n',
        'inputs: { target: { type: string } }\n',
      ),
      good: steps(
        '  build: { run: make, env: { TARGET: "${{ inputs.target }}" } }\n',
        'inputs: { target: { type: string } }\n',
      ),
    },
  },
  'plan/unknown-output': {
    what: 'An expression reads an output that the step does not declare.',
    mend: 'Declare it in the `outputs` of the step; the hint names the nearest that is.',
    example: {
      bad: steps(
        '  count: { run: ./count.sh, outputs: { size: { type: integer } } }\n  show: { needs: [count], run: [echo, "${{ steps.count.outputs.sise }}"] }\n',
      ),
      good: steps(
        '  count: { run: ./count.sh, outputs: { size: { type: integer } } }\n  show: { needs: [count], run: [echo, "${{ steps.count.outputs.size }}"] }\n',
      ),
    },
  },
  'plan/unknown-var': {
    what: 'An expression reads a var that the pipeline does not have.',
    mend: 'Declare it in `vars`; the hint names the nearest that is.',
    example: {
      bad: steps('  build: { run: make, env: { TARGET: "${{ vars.taget }}" } }\n', 'vars: { target: all }\n'),
      good: steps('  build: { run: make, env: { TARGET: "${{ vars.target }}" } }\n', 'vars: { target: all }\n'),
    },
  },
  'plan/unknown-agent': {
    what: 'A step names an agent that neither the agents file nor the pipeline has.',
    mend: 'The hint names the nearest one.',
    example: {
      files: agents,
      bad: steps('  build: { agent: bilder, task: compile, with: { target: all } }\n'),
      good: steps('  build: { agent: builder, task: compile, with: { target: all } }\n'),
    },
  },
  'plan/unknown-task': {
    what: 'A step names a task that its agent does not have.',
    mend: 'The hint names the nearest one.',
    example: {
      files: agents,
      bad: steps('  build: { agent: builder, task: complie, with: { target: all } }\n'),
      good: steps('  build: { agent: builder, task: compile, with: { target: all } }\n'),
    },
  },
  'plan/unknown-action': {
    what: '`uses` names neither a built-in action nor a module of the project that could be read.',
    mend: 'The hint names the nearest one. A path of a module begins with `./`.',
    example: { bad: steps('  next: { uses: release/next-versoin }\n'), good: steps('  build: { run: make }\n') },
  },
  'plan/unknown-pipeline': {
    what: 'A step or route names a pipeline that the project does not have.',
    mend: 'The hint names the nearest one. The name is what stands behind `pipeline:`, not the name of the file.',
    example: {
      files: other,
      bad: steps('  sub: { pipeline: othr, with: { level: 1 } }\n'),
      good: steps('  sub: { pipeline: other, with: { level: 1 } }\n'),
    },
  },
  'plan/unknown-signal': {
    what: 'A step waits for a signal that no pipeline and no coordinator of the project sends or accepts.',
    mend: 'Look at its spelling. A signal from outside is listed in `signals.accepts`.',
    example: {
      bad: steps('  wait: { wait: { signal: OPS:GO }, timeout: 1h }\n'),
      good: steps('  wait: { wait: { signal: OPS:GO }, timeout: 1h }\n', 'signals: { accepts: [OPS:GO] }\n'),
    },
  },
  'plan/undeclared-signal': {
    what: 'A pipeline sends a signal that it does not declare, or is routed one that it does not accept.',
    mend: 'Add the signal to `signals` of the pipeline.',
    example: {
      bad: steps('  tell: { signal: OPS:DONE }\n'),
      good: steps('  tell: { signal: OPS:DONE }\n', 'signals: { emits: [OPS:DONE] }\n'),
    },
  },
  'plan/unknown-role': {
    what: 'An approval, a question or a bypass names a role that `people` in the config does not have, so nobody could decide.',
    mend: 'Add the role to `people`; the hint names the nearest that is there.',
    example: {
      files: { 'opsflow.config.yaml': 'people: { maintainers: [alice] }\n' },
      bad: steps('  go: { approval: { prompt: Go?, from: [maintainer] }, timeout: 1h }\n'),
      good: steps('  go: { approval: { prompt: Go?, from: [maintainers] }, timeout: 1h }\n'),
    },
  },
  'plan/unknown-failure': {
    what: '`retry.only` names a failure that `failures` does not declare.',
    mend: 'Declare it, or use `timeout`, `stall` or `check`.',
    example: {
      bad: steps(
        '  build: { run: make, failures: { no_disk: { match: "No space" } }, retry: { attempts: 2, only: [nodisk] } }\n',
      ),
      good: steps(
        '  build: { run: make, failures: { no_disk: { match: "No space" } }, retry: { attempts: 2, only: [no_disk] } }\n',
      ),
    },
  },
  'plan/unknown-permission': {
    what: 'A permission is neither a rule nor a name from `actions`, so it could never apply. A rail that is misspelt protects nothing.',
    mend: 'Rules look like `Bash(git push:*)`, `Edit(.env*)`, `git/tag` or `Read`.',
    example: {
      files: { 'build.yaml': 'pipeline: build\nsteps: { build: { run: make } }\n' },
      bad: 'coordinator: OPS\npermissions: { deny: [force_puhs] }\nsignals: { OPS:GO: { pipeline: build } }\n',
      good: 'coordinator: OPS\npermissions: { deny: ["Bash(git push --force:*)"] }\nsignals: { OPS:GO: { pipeline: build } }\n',
    },
  },
  'plan/denied': {
    what: 'The permissions that hold for the step forbid what it launches. It would be refused when it runs.',
    mend: 'Let another agent do it, or change the permissions.',
    example: {
      files: { 'agents.yaml': `permissions: { deny: ["Bash(rm:*)"] }\n${agents['agents.yaml']}` },
      bad: steps('  wipe: { run: [rm, -r, build] }\n'),
      good: steps('  build: { run: [make, clean] }\n'),
    },
  },
  'plan/agent-not-allowed': {
    what: 'The pipeline or the coordinator lists who may work there, and the agent of the step is not among them.',
    mend: 'Add it to `agents`, or let another agent do it.',
    example: {
      files: {
        'agents.yaml': `${agents['agents.yaml']}  tester: { description: Tests things, tasks: { all: { run: make test } } }\n`,
      },
      bad: steps('  build: { agent: builder, task: compile, with: { target: all } }\n', 'agents: [tester]\n'),
      good: steps('  build: { agent: builder, task: compile, with: { target: all } }\n', 'agents: [builder]\n'),
    },
  },
  'plan/missing-input': {
    what: 'What the step calls requires an input, and `with` does not give it.',
    mend: 'Give it in `with`, or declare it with a default or `optional: true`.',
    example: {
      files: other,
      bad: steps('  sub: { pipeline: other }\n'),
      good: steps('  sub: { pipeline: other, with: { level: 1 } }\n'),
    },
  },
  'plan/value-type': {
    what: 'A value that is given does not fit the schema that was declared for it.',
    mend: 'The message says what is wanted and what is given.',
    example: {
      files: other,
      bad: steps('  sub: { pipeline: other, with: { level: high } }\n'),
      good: steps('  sub: { pipeline: other, with: { level: 3 } }\n'),
    },
  },
  'plan/effects-lowered': {
    what: 'A step claims weaker effects than the task or pipeline that it runs has. Crash policy and dry runs rely on them.',
    mend: 'Remove `effects` from the step, or mend the declaration of the task.',
    example: {
      files: agents,
      bad: steps('  ship: { agent: builder, task: release, effects: workspace }\n'),
      good: steps('  ship: { agent: builder, task: release }\n'),
    },
  },
  'plan/key-without-effect': {
    what: 'The key means nothing for this kind of step: it was written to have an effect, and has none.',
    mend: 'The hint says what to write instead.',
    example: {
      bad: steps('  go: { approval: { prompt: Go? }, timeout: 1h, env: { MODE: fast } }\n'),
      good: steps('  go: { approval: { prompt: Go? }, timeout: 1h }\n'),
    },
  },
  'plan/gate-scope': {
    what: '`must_pass` names a step that the gate does not judge.',
    mend: 'Add the step to `of`, or let a step of `before` need it.',
    example: {
      bad: steps(
        '  a: { run: make a }\n  b: { run: make b }\n  ship: { needs: [a], run: ./ship.sh }\n',
        'gates: { quality: { must_pass: [b], before: [ship] } }\n',
      ),
      good: steps(
        '  a: { run: make a }\n  b: { run: make b }\n  ship: { needs: [a, b], run: ./ship.sh }\n',
        'gates: { quality: { must_pass: [b], before: [ship] } }\n',
      ),
    },
  },
  'plan/gate-share': {
    what: '`success` is a share of agent steps, and the gate judges none: with nothing to count it would always fail.',
    mend: 'Name agent steps in `of`, or judge the other steps by `must_pass` or by `checks`.',
    example: {
      bad: steps('  build: { run: make }\n', 'gates: { quality: { success: 80% } }\n'),
      good: steps('  build: { run: make }\n', 'gates: { quality: { must_pass: [build] } }\n'),
    },
  },
  'plan/gate-weaker': {
    what: 'The pipeline has a gate of the same name as its coordinator, which then counts in place of it, and this one lets more pass: it is only advisory, or asks for a smaller share.',
    mend: 'Ask for as much or more, or give the gate of the pipeline a name of its own: then both count.',
    example: {
      files: {
        ...agents,
        'ops.yaml':
          'coordinator: OPS\nsignals: { OPS:GO: { pipeline: example } }\ngates: { quality: { success: 80% } }\n',
      },
      bad: steps(
        '  build: { agent: builder, task: compile, with: { target: all } }\n',
        'gates: { quality: { success: 50% } }\n',
      ),
      good: steps(
        '  build: { agent: builder, task: compile, with: { target: all } }\n',
        'gates: { quality: { success: 90% } }\n',
      ),
    },
  },
  'plan/duplicate-check': {
    what: 'Two checks of one step or gate have the same id, so a report could not tell them apart.',
    mend: 'Give one of them another id.',
    example: {
      bad: steps('  build: { run: make, checks: [{ id: small, run: ./size.sh }, { id: small, run: ./lines.sh }] }\n'),
      good: steps('  build: { run: make, checks: [{ id: small, run: ./size.sh }, { id: short, run: ./lines.sh }] }\n'),
    },
  },
  'plan/foreach-items': {
    what: 'Two items of a `foreach` have the same key, or an item needs one that is not there.',
    mend: 'Let `key` name what tells the items apart.',
    example: {
      bad: steps('  each: { foreach: { items: [a, b, a], key: "${{ item }}" }, run: [make, "${{ item }}"] }\n'),
      good: steps('  each: { foreach: { items: [a, b], key: "${{ item }}" }, run: [make, "${{ item }}"] }\n'),
    },
  },
  'plan/route': {
    what: 'A route of a coordinator stands behind one that takes every signal, so it is never taken; or a forward leads to a coordinator that is not there, does not answer the signal, does not take it from this one, or sends it back.',
    mend: 'Put the route without `when` last; forward to a coordinator that answers.',
    example: {
      files: other,
      bad: 'coordinator: OPS\nsignals:\n  OPS:GO:\n    payload: { fast: { type: boolean }, level: { type: integer } }\n    route: [{ pipeline: other }, { when: payload.fast, pipeline: other }]\n',
      good: 'coordinator: OPS\nsignals:\n  OPS:GO:\n    payload: { fast: { type: boolean }, level: { type: integer } }\n    route: [{ when: payload.fast, pipeline: other }, { pipeline: other }]\n',
    },
  },
  'plan/duplicate-section': {
    what: 'A coordinator lists a section of its reports twice, and each part of a report stands in it once.',
    mend: 'Remove one of them. The sections stand in the report in the order of the list.',
    example: {
      files: other,
      bad: 'coordinator: OPS\nsignals: { "OPS:GO": { pipeline: other } }\nreport: { sections: [gates, issues, gates] }\n',
      good: 'coordinator: OPS\nsignals: { "OPS:GO": { pipeline: other } }\nreport: { sections: [gates, issues] }\n',
    },
  },
  'plan/target': {
    what: 'A target of a coordinator names what is not measured, a signal that the coordinator does not answer, or what such a measure can never be.',
    mend: 'Name a measure (the hint lists them) and write what it should be: `95%`, `<= 3`, `5m`.',
    example: {
      files: other,
      bad: 'coordinator: OPS\nsignals: { "OPS:GO": { pipeline: other } }\nreport: { targets: { gate_pass_rate: 5m } }\n',
      good: 'coordinator: OPS\nsignals: { "OPS:GO": { pipeline: other } }\nreport: { targets: { gate_pass_rate: ">= 95%" } }\n',
    },
  },
  'plan/injection': {
    what: 'An expression stands in the text of a script, where its value would become code: a name such as `$(rm -r .)` would run.',
    mend: 'Bind the value through `env` and read the variable; `lint --fix` does it. In a list each item is one argument and needs no care.',
    example: {
      bad: steps('  greet:\n    run: echo "hello ${{ inputs.name }}"\n', 'inputs: { name: { type: string } }\n'),
      good: steps(
        '  greet:\n    env: { NAME: "${{ inputs.name }}" }\n    run: echo "hello $NAME"\n',
        'inputs: { name: { type: string } }\n',
      ),
    },
  },
  'plan/interpreter': {
    what: 'An expression is the code argument of an interpreter, such as `sh -c` or `python -c`: its value would run as code.',
    mend: 'Keep the code fixed, and give the value as an argument behind it or by `env`.',
    example: {
      bad: steps('  greet: { run: [sh, -c, "echo ${{ inputs.name }}"] }\n', 'inputs: { name: { type: string } }\n'),
      good: steps(
        '  greet: { run: [sh, -c, "echo $NAME"], env: { NAME: "${{ inputs.name }}" } }\n',
        'inputs: { name: { type: string } }\n',
      ),
    },
  },
}
