import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { layers } from '../../../eslint/layers.ts';

/** The project's own configuration, without the rules that need the whole program's types. */
function lint(rules: readonly string[]): ESLint {
  return new ESLint({
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    overrideConfig: [tseslint.configs.disableTypeChecked],
    ruleFilter: ({ ruleId }) => rules.includes(ruleId),
  });
}

const eslint = lint(['layers/imports']);

async function problems(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result!.messages.map((message) => message.message);
}

const importing = (specifier: string): string => `import { thing } from '${specifier}';\nthing();\n`;

const allowed: Record<keyof typeof layers, string[]> = {
  shared: ['zod', 'zod/v4', '@msgpack/msgpack', './errors.ts', '../shared/errors.ts'],
  lab: [
    '../shared/errors.ts',
    'node:fs',
    'fs',
    'onnxruntime-node',
    '@huggingface/tokenizers',
    './graph/session.ts',
    '../../package.json',
  ],
  trainer: ['../lab/random.ts', '../shared/events.ts', 'node:process'],
  server: ['../lab/random.ts', '../shared/events.ts', 'node:http'],
  cli: ['../lab/random.ts', '../server/server.ts', '../shared/events.ts', 'commander', '../../package.json'],
  main: ['electron', 'electron/main', '../lab/random.ts', '../server/headers.ts', '../shared/events.ts', 'node:path'],
  preload: ['electron', '../shared/events.ts'],
  renderer: [
    'vue',
    'vue-router',
    'pinia',
    'echarts/core',
    'reka-ui',
    '@msgpack/msgpack',
    '../shared/events.ts',
    './stores/runs.ts',
    './App.vue',
    './styles/base.css',
  ],
};

const forbidden: Record<keyof typeof layers, string[]> = {
  shared: ['node:fs', 'path', 'vue', 'electron', 'onnxruntime-node', '../lab/random.ts', '../renderer/main.ts'],
  lab: [
    'electron',
    'electron/common',
    'vue',
    '../main/window.ts',
    '../renderer/main.ts',
    '../server/index.ts',
    '../cli/index.ts',
    '../trainer/index.ts',
    '../../tests/helper.ts',
  ],
  trainer: ['electron', 'vue', '../cli/index.ts', '../main/window.ts'],
  server: ['electron', 'vue', '../cli/index.ts', '../main/window.ts', '../trainer/index.ts', '../renderer/main.ts'],
  cli: ['electron', 'vue', '../trainer/index.ts', '../../bench/format.ts'],
  main: ['vue', '../renderer/main.ts', '../cli/index.ts'],
  preload: ['../lab/random.ts', '../main/window.ts', 'vue'],
  renderer: [
    'node:fs',
    'fs/promises',
    'electron',
    'onnxruntime-node',
    'better-sqlite3',
    '../lab/random.ts',
    '../main/window.ts',
  ],
};

describe.each(Object.keys(layers))('src/%s', (layer) => {
  test.each(allowed[layer]!)('may import %s', async (specifier) => {
    expect(await problems(`src/${layer}/file.ts`, importing(specifier))).toEqual([]);
  });

  test.each(forbidden[layer]!)('may not import %s', async (specifier) => {
    expect(await problems(`src/${layer}/file.ts`, importing(specifier))).toEqual([
      expect.stringContaining(`src/${layer}`),
    ]);
  });
});

test('a path is judged by where it leads, not by how it is written', async () => {
  expect(await problems('src/lab/graph/deep/file.ts', importing('../../../main/window.ts'))).toHaveLength(1);
  expect(await problems('src/lab/main/file.ts', importing('../main/window.ts'))).toEqual([]);
  expect(await problems('src/lab/graph/file.ts', importing('./../../lab/../cli/index.ts'))).toHaveLength(1);
  expect(await problems('src/shared/lab/file.ts', importing('../lab/random.ts'))).toEqual([]);
});

test.each([
  ['export … from', "export { app } from 'electron';"],
  ['export * from', "export * from 'electron';"],
  ['import for its effects', "import 'electron';"],
  ['import type', "import type { App } from 'electron';\nexport type A = App;"],
  ['import() in an expression', "await import('electron');"],
  ['import() as a type', "export type A = import('electron').App;"],
])('%s counts as an import', async (_, code) => {
  expect(await problems('src/lab/file.ts', code)).toEqual(['src/lab may not import "electron".']);
});

test('an import whose path is only known at run time is refused', async () => {
  expect(await problems('src/lab/file.ts', "const name = 'elec' + 'tron';\nawait import(name);")).toEqual([
    expect.stringContaining('written out'),
  ]);
});

test('components are held to the same', async () => {
  const component = (specifier: string): string =>
    `<script setup lang="ts">\n${importing(specifier)}</script>\n\n<template>\n  <p />\n</template>\n`;
  expect(await problems('src/renderer/App.vue', component('../lab/random.ts'))).toEqual([
    'src/renderer may not import src/lab, only src/shared.',
  ]);
  expect(await problems('src/renderer/App.vue', component('electron'))).toHaveLength(1);
  expect(await problems('src/renderer/App.vue', component('../shared/events.ts'))).toEqual([]);
});

test('v-html is refused: texts of datasets are shown as texts', async () => {
  const results = await lint(['vue/no-v-html']).lintText('<template>\n  <p v-html="text" />\n</template>\n', {
    filePath: 'src/renderer/App.vue',
  });
  expect(results[0]!.messages).toMatchObject([{ ruleId: 'vue/no-v-html', severity: 2 }]);
});

test('a new folder of src needs a line in the table', async () => {
  expect(await problems('src/helpers/file.ts', importing('node:fs'))).toEqual([
    expect.stringContaining('eslint/layers.ts'),
  ]);
});

test('tests and benchmarks may import anything', async () => {
  expect(await problems('tests/unit/file.test.ts', importing('../../src/lab/base/random.ts'))).toEqual([]);
});

test('a message says what may be imported instead', async () => {
  expect(await problems('src/renderer/file.ts', importing('../lab/random.ts'))).toEqual([
    'src/renderer may not import src/lab, only src/shared.',
  ]);
  expect(await problems('src/shared/file.ts', importing('lodash'))).toEqual([
    'src/shared may not import "lodash", only zod, @msgpack/msgpack.',
  ]);
});
