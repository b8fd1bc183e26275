import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import configuration, { labFolders } from '../.dependency-cruiser.ts';

/**
 * Draws the folders of src and of src/lab into docs/architecture.md, from the imports of the code. With `--check`, it
 * writes nothing and exits with 1 if the page is out of date.
 */

const page = fileURLToPath(new URL('../docs/architecture.md', import.meta.url));
const [begin, end] = ['<!-- drawn by `npm run architecture` -->', '<!-- end of the drawing -->'];

type Imports = ReadonlyMap<string, ReadonlySet<string>>;

/** Which folders each folder imports. `folderOf` names the folder of a file; null for files that are not drawn. */
function importsBetween({ modules }: ICruiseResult, folderOf: (path: string) => string | null): Imports {
  const imports = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const from = folderOf(source);
    if (from === null) continue;
    const targets = imports.get(from) ?? new Set();
    imports.set(from, targets);
    for (const { resolved } of dependencies) {
      const to = folderOf(resolved);
      if (to !== null && to !== from) targets.add(to);
    }
  }
  return imports;
}

/** Removes arrows that follow from others: what a imports through b is not drawn from a. */
function withoutDetours(imports: Imports): Imports {
  const reaches = (from: string, to: string): boolean =>
    [...(imports.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  return new Map(
    [...imports].map(([from, targets]) => [
      from,
      new Set([...targets].filter((to) => ![...targets].some((other) => other !== to && reaches(other, to)))),
    ]),
  );
}

function drawing(imports: Imports, order: readonly string[]): string {
  const drawn = order.filter((folder) => imports.has(folder));
  const arrows = drawn.flatMap((from) =>
    drawn.filter((to) => imports.get(from)!.has(to)).map((to) => `  ${idOf(from)} --> ${idOf(to)}`),
  );
  return [
    '```mermaid',
    'flowchart TD',
    ...drawn.map((folder) => `  ${idOf(folder)}[${folder}]`),
    ...arrows,
    '```',
  ].join('\n');
}

/** Mermaid reserves words, and `graph` is one. */
const idOf = (folder: string): string => `folder-${folder}`;

const { output } = await cruise(['src'], {
  ...configuration.options,
  baseDir: fileURLToPath(new URL('..', import.meta.url)),
});
const result = output as ICruiseResult;
const roots = importsBetween(result, (path) => /^src\/([^/]+)\//.exec(path)?.[1] ?? null);
const folders = importsBetween(result, (path) => /^src\/lab\/([^/]+)\//.exec(path)?.[1] ?? null);
const drawings = [
  'Who imports whom in `src` (arrows that follow from others are left away):',
  drawing(withoutDetours(roots), ['main', 'cli', 'server', 'lab', 'renderer', 'preload', 'shared']),
  'And in `src/lab`:',
  drawing(withoutDetours(folders), [...labFolders].reverse()),
].join('\n\n');

const text = readFileSync(page, 'utf8');
const [before, after] = [text.indexOf(begin), text.indexOf(end)];
if (before === -1 || after === -1)
  throw new Error(`docs/architecture.md has no place for the drawing: ${begin} … ${end}`);
const drawn = `${text.slice(0, before)}${begin}\n\n${drawings}\n\n${text.slice(after)}`;
if (!process.argv.includes('--check')) writeFileSync(page, drawn);
else if (drawn !== text) {
  console.error('docs/architecture.md shows other imports than the code has. Draw it again: npm run architecture');
  process.exitCode = 1;
}
