import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Native sessions live in the process: a fork per file keeps their threads and memory apart.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
