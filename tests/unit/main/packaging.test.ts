import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const configuration = readFileSync(new URL('../../../electron-builder.yml', import.meta.url), 'utf8');

/** The lines of a block at the outermost level. */
function block(name: string): string[] {
  const lines = configuration.split('\n');
  const start = lines.indexOf(`${name}:`);
  const end = lines.findIndex((line, i) => i > start && /^\S/.test(line));
  return lines
    .slice(start + 1, end < 0 ? undefined : end)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

test('the fuses leave no way around the app', () => {
  expect(block('electronFuses')).toEqual([
    'runAsNode: false',
    'enableCookieEncryption: true',
    'enableNodeOptionsEnvironmentVariable: false',
    'enableNodeCliInspectArguments: false',
    'enableEmbeddedAsarIntegrityValidation: true',
    'onlyLoadAppFromAsar: true',
    'grantFileProtocolExtraPrivileges: false',
  ]);
});

test('native modules lie outside the archive, and everything else within', () => {
  expect(configuration).toContain('\nasar: true\n');
  expect(block('asarUnpack')).toEqual([
    '- out/node_modules/onnxruntime-node/bin/**',
    '- node_modules/better-sqlite3/prebuilds/**',
  ]);
});

test.each([
  ['linux', 'linux', ['darwin', 'win32']],
  ['win', 'win32', ['darwin', 'linux']],
  ['mac', 'darwin', ['linux', 'win32']],
])('%s leaves out what other platforms and processors need', (name, own, others) => {
  const lines = block(name);
  expect(lines.slice(lines.indexOf('files:') + 1)).toEqual([
    // Exclusions alone would take in the whole folder, sources and all.
    '- package.json',
    '- out/node_modules/**',
    // What only the command line needs.
    "- '!out/node_modules/{echarts,zrender,tslib,dejavu-fonts-ttf}{,/**}'",
    `- '!out/node_modules/onnxruntime-node/bin/napi-v6/{${others.join(',')}}{,/**}'`,
    `- '!out/node_modules/onnxruntime-node/bin/napi-v6/${own}/!(\${arch}){,/**}'`,
    `- '!node_modules/better-sqlite3/prebuilds/!(${own}-\${arch}.node)'`,
  ]);
});

test('the common list takes in nothing that a system leaves out', () => {
  const inclusions = block('files').filter((line) => !line.startsWith("- '!"));
  expect(inclusions).toEqual(['- out/!(cli|node_modules)/**', '- resources/**', '- configs/**']);
});

test('each system has its installer', () => {
  expect(block('linux')).toContain('target: [AppImage, deb]');
  expect(block('win')).toContain('target: nsis');
  expect(block('mac')).toContain('target: { target: dmg, arch: arm64 }');
});
