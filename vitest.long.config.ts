import { defineConfig } from 'vitest/config'

/** The tests of `npm run test:long`: the whole simulator sweep and whatever else does not fit the six minutes of `npm test`. */
export default defineConfig({
  test: { include: ['test/**/*.long.test.ts'], testTimeout: 1_800_000, hookTimeout: 60_000, pool: 'forks' },
})
