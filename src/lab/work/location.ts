import { extname, posix } from 'node:path';

/*
 * Where workers find their code. The lab runs from sources (.ts) or from what was built of them (.js), module by module
 * in the same folders: a module is known by its path from the folder of the lab, without the ending.
 */

const lab = new URL('../', import.meta.url);
const ending = extname(new URL(import.meta.url).pathname);

/** What a worker runs. */
export const workerEntry = new URL(`workerEntry${ending}`, import.meta.url);

export function nameOfModule(url: string): string {
  return posix.relative(lab.pathname, new URL(url).pathname).slice(0, -ending.length);
}

export function moduleNamed(name: string): URL {
  return new URL(`${name}${ending}`, lab);
}
