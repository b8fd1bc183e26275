import { join } from 'node:path';

/**
 * Paths of the files of a folder. `layout` has their places in it, with `/` between folders; a `{name}` in a place
 * stands for the value that `choices` has for that name.
 */
export function pathsIn<File extends string>(
  folder: string,
  layout: Readonly<Record<File, string>>,
  choices: Readonly<Record<string, string>>,
): Record<File, string> {
  const paths = Object.entries<string>(layout).map(([file, place]) => [
    file,
    join(
      folder,
      place.replace(/\{(\w+)\}/g, (whole, name: string) => choices[name] ?? whole),
    ),
  ]);
  return Object.fromEntries(paths) as Record<File, string>;
}
