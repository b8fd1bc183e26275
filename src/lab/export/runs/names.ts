import type { Run } from '../../../shared/history.ts';

/** Names of runs in other programs: readable, and different from each other. */

/** The name in lists. */
export function runTitle({ name, seed }: Pick<Run, 'name' | 'seed'>): string {
  return `${name}, seed ${seed}`;
}

/** Of titles that are equal, all but the first get a number. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((wanted) => {
    let name = wanted;
    for (let number = 2; seen.has(name) || (name !== wanted && taken.has(name)); number++) name = `${wanted}~${number}`;
    seen.add(name);
    return name;
  });
}

/** Names of files or folders for titles: different ones, also where upper and lower case are the same. */
export function fileNames(titles: readonly string[]): string[] {
  const seen = new Set<string>();
  return titles.map((title) => {
    const wanted = fileName(title);
    let name = wanted;
    for (let number = 2; seen.has(name.toLowerCase()); number++) name = `${wanted}-${number}`;
    seen.add(name.toLowerCase());
    return name;
  });
}

/** Letters, digits, `-`, `.`, `+` and `_` stay; anything else becomes `_`, so that no shell or system objects. */
export function fileName(title: string): string {
  const safe = title
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}.+-]+/gu, '_')
    .replace(/^[._]+|[._]+$/g, '');
  return safe.slice(0, 100) || 'run';
}
