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

/** Files of the checkout that are copied unchanged to the same place in the archive. */
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
/** Excluded: figures of this machine. */
const notTaken = 'checks/bench/results/';

/** ONNX Runtime looks for the Vulkan loader beside its own library first. */
const runtimeFolder = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';

/**
 * Copies the content of the archive into a folder: a checkout without development files, launchers, libraries. Returns
 * the requirements for a server.
 */
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

/** Copies libraries of this machine's system, and collects the requirements of these and the native parts. */
function addLibraries(folder: string): string {
  const parts = filesBelow(join(folder, 'node_modules'))
    .filter(isNative)
    .map((file) => join('node_modules', file))
    .sort();
  writeFileSync(join(folder, 'lib/native.txt'), parts.map((part) => `${part}\n`).join(''));
  const compiler = compilerLibraries.flatMap((name) => takeLibrary(name, 'lib', folder));
  // The loader is optional: a server on which it does not work can use the CPU.
  const loader = takeLibrary(vulkanLoader, runtimeFolder, folder);
  const needs = describeNeeds(folder, { parts, compiler, loader });
  writeFileSync(join(folder, 'NEEDS.txt'), needs);
  return needs;
}

function writeCommit(folder: string): void {
  const commit = sourcesCommit();
  if (commit !== null) writeFileSync(join(folder, 'commit'), `${commit}\n`);
}

/** Its place in the folder; empty if this machine does not have it. */
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
