import { extname } from 'node:path';

/**
 * Where a process or thread begins: a module, by its path from another without the ending. It is `.ts` in a checkout and
 * `.js` once built, as the ending of the other one is.
 */
export function entryFile(path: string, from: string): URL {
  return new URL(`${path}${extname(new URL(from).pathname)}`, from);
}
