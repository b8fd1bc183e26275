import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './commandLine.ts';

/** Waits until exactly these bytes of a download lie in a folder. */
export async function partArrived(folder: string, bytes: number): Promise<void> {
  // Small files are complete, and have another name, between two looks.
  const size = (name: string): number | undefined => statSync(join(folder, name), { throwIfNoEntry: false })?.size;
  await eventually(
    `${bytes} bytes`,
    () => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.part') && size(name) === bytes),
  );
}
