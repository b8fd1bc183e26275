import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, resources and configs, both in the sources and in a bundle. */
const root = nearestPackage(dirname(fileURLToPath(import.meta.url)));

/** Path of a file that is shipped with LossLab, for example `applicationFile('resources', 'sample')`. */
export function applicationFile(...parts: readonly string[]): string {
  return join(root, ...parts);
}

/** The version of LossLab. */
export function applicationVersion(): string {
  return (JSON.parse(readFileSync(applicationFile('package.json'), 'utf8')) as { version: string }).version;
}

/** The packed commit if LossLab runs from an archive (docs/bundle.md), otherwise null. */
export function packedCommit(): string | null {
  const file = applicationFile('commit');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error('LossLab found no package.json above its own files: the installation is incomplete.');
  return nearestPackage(parent);
}
