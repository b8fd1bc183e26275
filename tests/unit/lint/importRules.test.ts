import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ICruiseResult } from 'dependency-cruiser';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labFolders } from '../../../.dependency-cruiser.ts';

/** The project's own rules over a small tree of files, each of which imports what it may, or what it may not. */

const project = fileURLToPath(new URL('../../..', import.meta.url));
const importing = (specifier: string): string => `import { thing } from '${specifier}';\nexport const used = thing;\n`;

/** A file, its code, and the rule that refuses what it imports; null where none does. */
type Case = readonly [file: string, code: string, rule: string | null];

const imports: readonly (readonly [folder: string, specifiers: readonly string[], rule: string | null])[] = [
  ['shared', ['zod', 'zod/v4', '@msgpack/msgpack', '../shared/target.ts'], null],
  ['lab/base', ['../../shared/target.ts', 'node:fs', 'onnxruntime-node', '../../../package.json'], null],
  ['server', ['../lab/base/target.ts', '../shared/target.ts', 'node:http'], null],
  ['cli', ['../lab/base/target.ts', '../server/target.ts', '../shared/target.ts', 'commander'], null],
  ['main', ['electron', '../lab/base/target.ts', '../server/target.ts', '../shared/target.ts', 'node:path'], null],
  ['preload', ['electron', '../shared/target.ts'], null],
  ['renderer', ['vue', 'vue-router', 'pinia', 'echarts/core', 'reka-ui', '../shared/target.ts'], null],
  ['shared', ['node:fs', 'path'], 'shared-node'],
  ['shared', ['vue', 'electron', 'onnxruntime-node'], 'shared-packages'],
  ['shared', ['../lab/base/target.ts', '../renderer/target.ts'], 'shared-imports'],
  ['lab/base', ['electron', 'vue'], 'lab-packages'],
  ['lab/base', ['../../main/target.ts', '../../server/target.ts', '../../../tests/target.ts'], 'lab-imports'],
  ['server', ['../cli/target.ts', '../main/target.ts'], 'server-imports'],
  ['cli', ['electron'], 'cli-packages'],
  ['main', ['../renderer/target.ts'], 'main-imports'],
  ['preload', ['../lab/base/target.ts'], 'preload-imports'],
  ['renderer', ['fs/promises'], 'renderer-node'],
  ['renderer', ['electron', 'better-sqlite3'], 'renderer-packages'],
  ['renderer', ['../lab/base/target.ts'], 'renderer-imports'],
  ['helpers', ['../shared/target.ts'], 'known-folders-of-src'],
  ['lab/helpers', ['../../shared/target.ts'], 'known-folders-of-lab'],
  ['lab/files', ['a-package-that-is-not-there'], 'found'],
];

const cases: readonly Case[] = [
  ...imports.flatMap(([folder, specifiers, rule]) =>
    specifiers.map((specifier, i): Case => [`src/${folder}/${rule ?? 'allowed'}-${i}.ts`, importing(specifier), rule]),
  ),
  ...labFolders.slice(1).flatMap((folder, i): Case[] => [
    [`src/lab/${folder}/downwards.ts`, importing(`../${labFolders[i]!}/target.ts`), null],
    [`src/lab/${labFolders[i]!}/upwards.ts`, importing(`../${folder}/target.ts`), `lab-${labFolders[i]!}`],
  ]),
  ['src/lab/base/re-export.ts', "export { app } from 'electron';\n", 'lab-packages'],
  ['src/lab/base/re-export-all.ts', "export * from 'electron';\n", 'lab-packages'],
  ['src/lab/base/for-effects.ts', "import 'electron';\n", 'lab-packages'],
  ['src/lab/base/type.ts', "import type { App } from 'electron';\nexport type A = App;\n", 'lab-packages'],
  ['src/lab/base/expression.ts', "export const app = await import('electron');\n", 'lab-packages'],
  ['src/renderer/Allowed.vue', `<script setup lang="ts">\n${importing('../shared/target.ts')}</script>\n`, null],
  [
    'src/renderer/No.vue',
    `<script setup lang="ts">\n${importing('../lab/base/target.ts')}</script>\n`,
    'renderer-imports',
  ],
  // A circle is told of one of its files.
  ['src/lab/base/here.ts', "import type { There } from './there.ts';\nexport type Here = There[];\n", 'no-circles'],
  ['src/lab/base/there.ts', "import type { Here } from './here.ts';\nexport type There = Here[];\n", null],
  ['src/lab/data/inner/a.ts', importing('../outer/thing.ts'), null],
  ['src/lab/data/outer/b.ts', importing('../inner/thing.ts'), null],
  ['src/lab/data/outer/thing.ts', 'export const thing = 1;\n', null],
  ['src/lab/data/inner/thing.ts', 'export const thing = 1;\n', null],
];

describe('import rules', () => {
  let tree: string;
  let violations: ICruiseResult['summary']['violations'];

  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'losslab-imports-'));
    const write = (file: string, text: string): void => {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    };
    for (const folder of ['tests', ...['shared', 'server', 'cli', 'main', 'renderer'].map((f) => `src/${f}`)])
      write(`${folder}/target.ts`, 'export const thing = 1;\n');
    for (const folder of labFolders) write(`src/lab/${folder}/target.ts`, 'export const thing = 1;\n');
    for (const [file, code] of cases) write(file, code);
    for (const file of ['.dependency-cruiser.ts', 'tsconfig.json', 'package.json'])
      write(file, readFileSync(join(project, file), 'utf8'));
    symlinkSync(join(project, 'node_modules'), join(tree, 'node_modules'));
    const entry = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const options = { cwd: tree, maxBuffer: 2 ** 28 };
    const json = execFileSync(
      process.execPath,
      [entry, 'src', '--config', '.dependency-cruiser.ts', '--output-type', 'json'],
      options,
    );
    ({ violations } = (JSON.parse(json.toString()) as ICruiseResult).summary);
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  test.each(cases.map(([file, , rule]) => ({ file, rule })))('$file: $rule', ({ file, rule }) => {
    const found = violations.filter(({ from }) => from === file).map((violation) => violation.rule.name);
    expect([...new Set(found)]).toEqual(rule === null ? [] : [rule]);
  });

  test('two folders that import each other are refused, though no two of their files do', () => {
    const circles = violations.filter(({ rule }) => rule.name === 'no-circles-of-folders');
    expect(circles).toContainEqual(expect.objectContaining({ from: 'src/lab/data/inner', to: 'src/lab/data/outer' }));
  });
});

test('v-html is refused: texts of datasets are shown as texts', async () => {
  const eslint = new ESLint({
    cwd: project,
    overrideConfig: [tseslint.configs.disableTypeChecked],
    ruleFilter: ({ ruleId }) => ruleId === 'vue/no-v-html',
  });
  const results = await eslint.lintText('<template>\n  <p v-html="text" />\n</template>\n', {
    filePath: 'src/renderer/App.vue',
  });
  expect(results[0]!.messages).toMatchObject([{ ruleId: 'vue/no-v-html', severity: 2 }]);
});
