import { join } from 'node:path';

/** The checkout that is packed. */
export const project = join(import.meta.dirname, '..', '..');
