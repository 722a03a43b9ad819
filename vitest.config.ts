import { defineConfig } from 'vitest/config'

/** The tests of `npm test`. What takes longer than this budget allows lives in `*.long.test.ts` and runs by `npm run test:long`. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', 'node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    // One for each core: by default one core is left alone, and most tests wait for processes.
    maxWorkers: '100%',
    coverage: { provider: 'v8', include: ['src/**'], exclude: ['src/**/generated/**'], reporter: ['text-summary'] },
  },
})
