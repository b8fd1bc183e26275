import { existsSync, statSync } from 'node:fs';

/** Whether a path is a folder. */
export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
