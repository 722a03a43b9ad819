import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

test('foreach runs one instance an item, and its outputs are lists in the order of the items', async () => {
  const it = project({
    'p.yaml': `pipeline: p
outputs: { names: { value: "\${{ steps.each.outputs.name }}" }, states: { value: "\${{ steps.each.each.map(i, i.key + ':' + i.status) }}" } }
steps:
  each:
    foreach: { items: [c, a, b], key: "\${{ item }}" }
    env: { ITEM: "\${{ item }}" }
    outputs: { name: { type: string } }
    run: echo "name=<$ITEM>" >> "$OPSFLOW_OUTPUT"
`,
  })
  expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 0, stderr: '' })
  expect(it.state().outputs).toEqual({
    names: ['<c>', '<a>', '<b>'],
    states: ['c:succeeded', 'a:succeeded', 'b:succeeded'],
  })
})

test('promise 3c: a list made by an earlier step becomes a graph by its own edges', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  make:
    outputs: { tasks: { type: array } }
    run: "echo '{\\"tasks\\":[{\\"id\\":\\"top\\",\\"needs\\":[\\"left\\",\\"right\\"]},{\\"id\\":\\"left\\",\\"needs\\":[\\"base\\"]},{\\"id\\":\\"right\\",\\"needs\\":[\\"base\\"]},{\\"id\\":\\"base\\",\\"needs\\":[]}]}'"
  do:
    needs: [make]
    foreach: { items: "\${{ steps.make.outputs.tasks }}", key: "\${{ item.id }}", needs: "\${{ item.needs }}" }
    env: { ID: "\${{ item.id }}" }
    run: echo "$ID" >> order
`,
  })
  expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 0, stderr: '' })
  const order = it.lines('order')
  expect(order[0]).toBe('base')
  expect(order[3]).toBe('top')
  expect([...order].sort()).toEqual(['base', 'left', 'right', 'top'])
})

test('one failed instance fails the step after all have ended, and those behind it are skipped', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  do:
    foreach: { items: [{ id: a, needs: [] }, { id: b, needs: [a] }, { id: c, needs: [] }], key: "\${{ item.id }}", needs: "\${{ item.needs }}" }
    env: { ID: "\${{ item.id }}" }
    run: echo "$ID" >> ran; test "$ID" != a
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect([...it.lines('ran')].sort()).toEqual(['a', 'c'])
  const { steps } = it.state()
  expect(['do[a]', 'do[b]', 'do[c]', 'do'].map((path) => steps.get(path)?.status)).toEqual([
    'failed',
    'skipped',
    'succeeded',
    'failed',
  ])
})

test.for([
  ['two items of one key', '[{ "id": "a", "needs": [] }, { "id": "a", "needs": [] }]', 'a'],
  ['an unknown need', '[{ "id": "a", "needs": ["ghost"] }]', 'ghost'],
  ['a cycle', '[{ "id": "a", "needs": ["b"] }, { "id": "b", "needs": ["a"] }]', 'a'],
])('%s fails the step before any instance starts', async ([, items, named]) => {
  const it = project({
    'p.yaml': `pipeline: p
inputs: { items: { type: array } }
steps:
  do:
    foreach: { items: "\${{ inputs.items }}", key: "\${{ item.id }}", needs: "\${{ item.needs }}" }
    run: touch ran
`,
  })
  const ran = await it.opsflow('run', 'p.yaml', '--input', `items=${items}`)
  expect(ran).toMatchObject({ exit: 1, stderr: '' })
  expect(it.has('ran')).toBe(false)
  expect(ran.stdout).toContain(`\`${named}\``)
})

test('a sub-pipeline has its own inputs, gives its outputs, and its steps are named below the caller', async () => {
  const it = project({
    'pipelines/main.yaml': `pipeline: main
outputs: { said: { value: "\${{ steps.call.outputs.said }}" } }
steps:
  call: { pipeline: greet, with: { who: you } }
`,
    'pipelines/greet.yaml': `pipeline: greet
inputs: { who: { type: string } }
outputs: { said: { value: "\${{ steps.say.outputs.value }}" } }
steps:
  say: { env: { WHO: "\${{ inputs.who }}" }, outputs: { value: { type: string } }, run: echo "value=hello $WHO" >> "$OPSFLOW_OUTPUT" }
`,
    'opsflow.config.yaml': 'people: {}\n',
  })
  expect(await it.opsflow('run', 'main')).toMatchObject({ exit: 0, stderr: '' })
  expect(it.state().outputs).toEqual({ said: 'hello you' })
  expect([...it.state().steps.keys()]).toEqual(['call', 'call/say'])
})
