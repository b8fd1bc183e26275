import { cpSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyPackage } from '../packages/copyPackage.ts';
import { copyFiles, filesBelow } from '../packages/files.ts';
import { isLeftOutOnLinux } from '../packages/leftOut.ts';
import { writeLicences } from '../packages/licences.ts';
import { runtimePackages, screenPackages } from '../packages/packages.ts';
import { project } from '../packages/project.ts';
import { sourcesCommit } from './commit.ts';
import { describeNeeds, isNative } from './needs.ts';
import { compilerLibraries, systemLibrary, vulkanLoader } from './systemLibraries.ts';

/** Of the checkout, what goes into the archive as it is, at the same place. */
const folders = [
  'bin',
  'configs',
  'resources',
  'out/renderer',
  'src/cli',
  'src/lab',
  'src/server',
  'src/shared',
  'checks/bench',
  'checks/harness',
];
const files = ['LICENSE', 'package.json'];
/** Figures of this machine. */
const notTaken = 'checks/bench/results/';

/** ONNX Runtime looks for the Vulkan loader beside its own library first. */
const runtimeFolder = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';

/** Lays out what the archive holds in a folder: a checkout without what only developing needs, launchers, libraries. Returns what it asks of a server. */
export function stage(folder: string): string {
  copyFiles(project, files, folder);
  for (const place of folders) {
    const taken = filesBelow(join(project, place)).filter((file) => !join(place, file).startsWith(notTaken));
    copyFiles(join(project, place), taken, join(folder, place));
  }
  const packages = runtimePackages();
  for (const each of packages) copyPackage(each, folder, isLeftOutOnLinux);
  writeLicences([...packages, ...screenPackages()], join(folder, 'licences'));
  cpSync(join(import.meta.dirname, 'root'), folder, { recursive: true });
  cpSync(join(project, 'docs/bundle.md'), join(folder, 'README.md'));
  writeCommit(folder);
  return addLibraries(folder);
}

/** Those of this machine's system, and what they and the native parts ask of a server. */
function addLibraries(folder: string): string {
  const parts = filesBelow(join(folder, 'node_modules'))
    .filter(isNative)
    .map((file) => join('node_modules', file))
    .sort();
  writeFileSync(join(folder, 'lib/native.txt'), parts.map((part) => `${part}\n`).join(''));
  const compiler = compilerLibraries.flatMap((name) => takeLibrary(name, 'lib', folder));
  // A server on which it does not work has the CPU still: it is none of the parts that have to.
  const loader = takeLibrary(vulkanLoader, runtimeFolder, folder);
  const needs = describeNeeds(folder, { parts, compiler, loader });
  writeFileSync(join(folder, 'NEEDS.txt'), needs);
  return needs;
}

function writeCommit(folder: string): void {
  const commit = sourcesCommit();
  if (commit !== null) writeFileSync(join(folder, 'commit'), `${commit}\n`);
}

/** Its place in the folder; empty where this machine does not have it. */
function takeLibrary(name: string, place: string, folder: string): string[] {
  const library = systemLibrary(name);
  if (library === null) return [];
  cpSync(realpathSync(library.file), join(folder, place, name));
  writeFileSync(
    join(folder, 'licences', `${name}.txt`),
    library.licence.map((file) => readFileSync(file, 'utf8')).join('\n'),
  );
  return [join(place, name)];
}
