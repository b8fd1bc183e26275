import type { ImportRequest } from '../../../../shared/contract/datasets.ts';
import type { Encoding } from '../../../../shared/encodings.ts';
import type { Reading, SourceFile } from '../../../../shared/source.ts';
import { sourceRequest, type SourceRequest } from '../../../../shared/sourceRequest.ts';
import { sourceKinds, sources, type SourceKind } from '../../../../shared/sources.ts';
import { emptyTable, tableProblems, type TableFields } from './tableImport.ts';

/** The form of an import: what it still misses, and the request it becomes. */

export interface ImportFields {
  readonly kind: SourceKind;
  /** By their names in the table of sources. */
  readonly files: Readonly<Record<string, File | null>>;
  readonly encoding: Encoding | 'detect';
  readonly limit: number | null;
  readonly name: string;
  /** How a table is read. */
  readonly table: TableFields;
}

/** A file that a source consists of. */
export interface FileSlot extends SourceFile {
  readonly key: string;
}

export function fileSlots(kind: SourceKind): FileSlot[] {
  return Object.entries<SourceFile>(sources[kind].files).map(([key, file]) => ({ key, ...file }));
}

/** The fields for another kind of source: its file inputs are new and empty. */
export function forKind(kind: SourceKind): Pick<ImportFields, 'kind' | 'files' | 'table'> {
  return { kind, files: {}, table: emptyTable };
}

/** Sentences for people; empty if the import can begin. */
export function importProblems(fields: ImportFields, taken: readonly string[]): string[] {
  const slots = fileSlots(fields.kind);
  const missing = slots.filter(({ key }) => !fields.files[key]).map(({ label }) => `Choose ${label}.`);
  return [
    ...missing,
    ...(missing.length === 0
      ? [
          ...sameFileTwice(fields, slots),
          ...(sources[fields.kind].reading === 'table' ? tableProblems(fields.table) : []),
        ]
      : []),
    ...nameProblems(fields.name.trim(), taken),
    ...(fields.limit !== null && (!Number.isInteger(fields.limit) || fields.limit < 1)
      ? [`Maximum number of questions: expected a whole number from 1; found ${fields.limit}.`]
      : []),
  ];
}

function sameFileTwice({ files }: ImportFields, slots: readonly FileSlot[]): string[] {
  const twice = slots.find(({ key }, index) =>
    slots.slice(0, index).some((other) => isSame(files[key]!, files[other.key]!)),
  );
  return twice === undefined
    ? []
    : [`${slots.map(({ label }) => label).join(' and ')} are the same file. Choose a different file for each.`];
}

function isSame(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size;
}

function nameProblems(name: string, taken: readonly string[]): string[] {
  if (name === '') return ['Give the dataset a name.'];
  return taken.includes(name) ? [`Dataset "${name}" already exists. Choose another name.`] : [];
}

/** `reference` makes a chosen file known to the lab. */
export async function importRequestOf(
  fields: ImportFields,
  reference: (file: File) => Promise<string>,
): Promise<ImportRequest> {
  return {
    name: fields.name.trim(),
    source: await sourceOf(fields, reference),
    ...(fields.limit !== null && { limit: fields.limit }),
  };
}

async function sourceOf(fields: ImportFields, reference: (file: File) => Promise<string>): Promise<SourceRequest> {
  const { kind, files } = fields;
  const references: Record<string, string> = {};
  for (const { key } of fileSlots(kind)) references[key] = await reference(files[key]!);
  return sourceRequest.parse({ kind, ...references, ...settingsOf[sources[kind].reading](fields) });
}

/** What a request says of reading the files. */
const settingsOf: Readonly<Record<Reading, (fields: ImportFields) => object>> = {
  fixed: () => ({}),
  encoded: ({ encoding }) => named({ encoding }),
  // As it was shown: the preview's rows are imported. Encodings are detected from the whole file.
  table: ({ table: { preview, mapping, encoding } }) => ({
    format: preview!.format,
    mapping,
    ...named({ encoding }),
    ...(preview!.delimiter !== null && { delimiter: preview!.delimiter }),
  }),
};

function named({ encoding }: { readonly encoding: Encoding | 'detect' }): { encoding?: Encoding } {
  return encoding === 'detect' ? {} : { encoding };
}

const usualNames = new Set(sourceKinds.flatMap(fileSlots).map(({ label }) => nameFrom(label)));

/** A name for the dataset from that of a file; none from a usual name, such as "Questions.csv". Its folder is not known. */
export function nameFromFile(file: File): string {
  const name = nameFrom(file.name);
  return usualNames.has(name) ? '' : name;
}

function nameFrom(fileName: string): string {
  return fileName
    .replace(/\.[^.]*$/, '')
    .replace(/[^\w-]+/g, '-')
    .toLowerCase();
}
