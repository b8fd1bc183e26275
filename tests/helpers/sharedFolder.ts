import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Gone when the tests of the file have finished. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
