// The smallest honest Node runner: `sh -c` for each step as soon as its needs have ended, pipes drained, nothing
// recorded. What opsflow is compared with. node bench/floor.mjs PLAN.json [slots]
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { steps } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const slots = Number(process.argv[3] ?? 8)
const index = new Map(steps.map((step, i) => [step.id, i]))
const followers = steps.map(() => [])
const open = new Int32Array(steps.length)
for (const [i, step] of steps.entries()) {
  for (const need of step.needs) {
    followers[index.get(need)].push(i)
    open[i]++
  }
}
const ready = steps
  .keys()
  .filter((i) => open[i] === 0)
  .toArray()
let next = 0
let running = 0

function fill() {
  while (running < slots && next < ready.length) start(ready[next++])
}

function start(i) {
  running++
  const child = spawn('/bin/sh', ['-c', steps[i].run], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.resume()
  child.stderr.resume()
  child.once('close', () => {
    running--
    for (const follower of followers[i]) if (--open[follower] === 0) ready.push(follower)
    fill()
  })
}

fill()
