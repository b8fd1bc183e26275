import { join } from 'node:path';

/** The checkout to pack. */
export const project = join(import.meta.dirname, '..', '..');
