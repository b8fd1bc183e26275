import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder that package.json, resources and configs are in, whether LossLab runs from its sources or from a bundle. */
const root = nearestPackage(dirname(fileURLToPath(import.meta.url)));

/** Path of a file that is shipped with LossLab, as `applicationFile('resources', 'sample')`. */
export function applicationFile(...parts: readonly string[]): string {
  return join(root, ...parts);
}

/** Of LossLab itself. */
export function applicationVersion(): string {
  return (JSON.parse(readFileSync(applicationFile('package.json'), 'utf8')) as { version: string }).version;
}

/** The commit that was packed, where LossLab runs from an archive (docs/bundle.md). */
export function packedCommit(): string | null {
  const file = applicationFile('commit');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error('No package.json above the files of LossLab: the installation is not complete.');
  return nearestPackage(parent);
}
