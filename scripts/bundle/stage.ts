import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { sourcesCommit } from './commit.ts';
import { isLeftOut } from './leftOut.ts';
import { writeLicences } from './licences.ts';
import { describeNeeds, isNative } from './needs.ts';
import { runtimePackages, screenPackages } from './packages.ts';
import { project } from './project.ts';
import { compilerLibraries, systemLibrary, vulkanLoader } from './systemLibraries.ts';

/** Folders of the checkout that go into the archive as they are, at the same place. */
const sources = ['bin', 'configs', 'resources', 'out/renderer', 'src/cli', 'src/lab', 'src/server', 'src/shared', 'src/trainer', 'bench'];

/** ONNX Runtime looks for the Vulkan loader beside its own library first. */
const runtimeFolder = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';

/** Lays out what the archive holds in a folder: a checkout without what only developing needs, launchers, libraries. Returns what it asks of a server. */
export function stage(folder: string): string {
  mkdirSync(folder, { recursive: true });
  copyFiles('.', ['LICENSE', 'package.json'], folder);
  for (const source of sources) copyFiles(source, filesBelow(join(project, source)).filter((file) => !(source === 'bench' && file.startsWith('results/'))), folder);
  const packages = runtimePackages();
  for (const { folder: place } of packages) copyPackage(place, folder);
  writeLicences([...packages, ...screenPackages()], join(folder, 'licences'));
  cpSync(join(import.meta.dirname, 'root'), folder, { recursive: true });
  cpSync(join(project, 'docs/bundle.md'), join(folder, 'README.md'));
  for (const library of compilerLibraries) takeLibrary(library, join(folder, 'lib'), folder);
  const hasLoader = takeLibrary(vulkanLoader, join(folder, runtimeFolder), folder);
  const commit = sourcesCommit();
  if (commit !== null) writeFileSync(join(folder, 'commit'), `${commit}\n`);
  const parts = nativeParts(folder);
  writeFileSync(join(folder, 'lib/native.txt'), parts.map((part) => `${part}\n`).join(''));
  const needs = describeNeeds(folder, parts, hasLoader);
  writeFileSync(join(folder, 'NEEDS.txt'), needs);
  return needs;
}

/** Without the packages within, which have a turn of their own where they are needed. */
function copyPackage(place: string, folder: string): void {
  const packages = join(project, 'node_modules');
  const isTaken = (file: string): boolean => !file.startsWith('node_modules/') && !isLeftOut(relative(packages, join(project, place, file)));
  copyFiles(place, filesBelow(join(project, place)).filter(isTaken), folder);
}

/** Files of a place of the project to the same place. */
function copyFiles(place: string, files: readonly string[], folder: string): void {
  for (const file of files) {
    const target = join(folder, place, file);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(project, place, file), target);
  }
}

/** Relative to the folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Whether this machine had it. */
function takeLibrary(name: string, place: string, folder: string): boolean {
  const library = systemLibrary(name);
  if (library === null) return false;
  mkdirSync(place, { recursive: true });
  cpSync(realpathSync(library.file), join(place, name));
  writeFileSync(join(folder, 'licences', `${name}.txt`), library.licence.map((file) => readFileSync(file, 'utf8')).join('\n'));
  return true;
}

/** Programs and libraries that run on any server, relative to the folder. */
function nativeParts(folder: string): string[] {
  return filesBelow(join(folder, 'node_modules')).filter(isNative).map((file) => join('node_modules', file)).sort();
}
