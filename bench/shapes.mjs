// The plans that are measured: each as steps with `id`, `needs` and `run`.

/** `count` steps that need nothing of each other. */
export function wide(count, run = 'true') {
  return Array.from({ length: count }, (_, i) => ({ id: `s${i}`, needs: [], run }))
}

/** `count` steps, each after the one before it. */
export function chain(count, run = 'true') {
  return Array.from({ length: count }, (_, i) => ({ id: `s${i}`, needs: i === 0 ? [] : [`s${i - 1}`], run }))
}

/**
 * Fifty steps made to hurt a runner that takes what comes first: a chain that alone decides how long it takes, listed
 * last, behind forty short ones.
 */
export function adversarial() {
  const short = Array.from({ length: 40 }, (_, i) => ({
    id: `short${i}`,
    needs: [],
    run: `sleep 0.${10 + (i % 5) * 5}`,
    seconds: (10 + (i % 5) * 5) / 100,
  }))
  const long = Array.from({ length: 10 }, (_, i) => ({
    id: `long${i}`,
    needs: i === 0 ? [] : [`long${i - 1}`],
    run: 'sleep 0.15',
    seconds: 0.15,
  }))
  return [...short, ...long]
}

/** The same steps as a pipeline file. */
export function asYaml(name, steps, slots = 8) {
  const lines = [`pipeline: ${name}`, `max_parallel: ${slots}`, 'steps:']
  for (const { id, needs, run } of steps)
    lines.push(
      `  ${id}: { ${needs.length > 0 ? `needs: [${needs.join(', ')}], ` : ''}run: ${JSON.stringify(run)}, timeout: 10m }`,
    )
  return `${lines.join('\n')}\n`
}

/** The same steps for the floor. */
export function asJson(steps) {
  return JSON.stringify({ steps })
}

/** `count` steps in layers of fifty, each after three of the layer before it. */
export function layered(count, run = 'true') {
  const width = 50
  return Array.from({ length: count }, (_, i) => {
    const before = Math.floor(i / width) * width - width
    const needs = before < 0 ? [] : [0, 7, 19].map((step) => `s${before + ((i + step) % width)}`)
    return { id: `s${i}`, needs, run }
  })
}
