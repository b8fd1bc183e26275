import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** These replace modules by their own, which holds for a whole process. */
const replacingModules = ['tests/unit/**/importArchive.test.ts', 'tests/unit/**/hubCache.test.ts'];

export default defineConfig({
  test: {
    // Native sessions live in the process: a fork keeps their threads and memory apart.
    pool: 'forks',
    maxWorkers: 2,
    // For what hangs: on a busy machine whole processes take a multiple of their time.
    testTimeout: 120_000,
    // What tests start loads as quickly as what `bin/losslab.mjs` starts.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/losslab', import.meta.url)) },
    projects: [
      {
        extends: true,
        test: {
          name: 'processes',
          include: ['tests/integration/**/*.test.ts', 'tests/e2e/**/*.test.ts', ...replacingModules],
        },
      },
      {
        extends: true,
        test: {
          // Slower: the package as users install it, and what the checks of `checks/` print and find.
          name: 'release',
          include: ['tests/release/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          // Its name comes later in the alphabet, and so do its many short files: they fill what the long ones leave.
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          exclude: replacingModules,
          // Starting a process and loading the lab takes longer than most of these files.
          isolate: false,
          unstubEnvs: true,
          unstubGlobals: true,
        },
      },
    ],
  },
});
