import { globSync } from 'node:fs';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import { builtIn } from './scripts/packages/builtIn.ts';

/**
 * Builds what Electron, the browser and the published package run. `out/` mirrors `src/`, module by module: a path relative
 * to a module, such as `../../resources`, leads to the same place in both, and a packaged app has
 * `out/`, `resources/` and `configs/` side by side, too.
 */
export default defineConfig({
  main: {
    build: {
      // The oldest that the published package runs on.
      target: 'node22',
      outDir: 'out',
      // Packages stay packages, `dependencies` by themselves.
      externalizeDeps: { include: [...builtIn] },
      rolldownOptions: {
        input: [
          'src/main/main.ts',
          'src/cli/main.ts',
          'src/lab/work/workerEntry.ts',
          // Workers import tasks by name.
          ...globSync('src/lab/**/*Task.ts'),
        ],
        output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node24',
      // A sandboxed preload script is one CommonJS file that can require nothing but Electron.
      externalizeDeps: false,
      rolldownOptions: { input: 'src/preload/preload.ts', output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    plugins: [vue()],
    build: {
      target: 'es2023',
      minify: true,
      // The Content-Security-Policy knows no data: fonts or scripts; a file is a file.
      assetsInlineLimit: 0,
      // ECharts is one piece of half a megabyte, whichever way it is cut.
      chunkSizeWarningLimit: 1500,
    },
  },
});
