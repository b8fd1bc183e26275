import { stat } from 'node:fs/promises';
import { LabError } from '../../shared/errors.ts';
import type { Manifest, Provenance } from '../../shared/manifest.ts';
import type { ImportSource } from '../../shared/sourceRequest.ts';
import type { DatasetKind } from '../../shared/sources.ts';
import { datasetPath, datasetsFolder, DatasetWriter } from './datasetFolder.ts';
import { sizeOfFile, type InputFile } from './encoding.ts';
import { ImportContext, type ImportProgress } from './importContext.ts';
import { inspectInputs, type ForEachFile, type Input } from './importer.ts';
import { importerOf } from './importers.ts';
import { describeReasons } from './skippedRows.ts';
import { asStorageError, makeWorkFolder, removeWorkFolder } from '../files/storage.ts';

export interface ImportOptions {
  readonly home: string;
  readonly name: string;
  readonly source: ImportSource;
  /** Only the first N usable questions. */
  readonly limit?: number | undefined;
  /** Whether a dataset of that name may be replaced. */
  readonly replace?: boolean | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** What the files do not say themselves; it replaces what an importer finds. */
  readonly known?: Pick<Provenance, 'origin' | 'licence' | 'attribution'> | undefined;
  /** Aborting rejects with the signal's reason; nothing is kept. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Imports files as the dataset `name` of a home folder. The dataset appears when it is complete;
 * after an error it does not appear. A dataset that it replaces stays until then.
 *
 * @throws LabError if the name, the files or the home folder cannot be used
 */
export async function importDataset(options: ImportOptions): Promise<{ folder: string; manifest: Manifest }> {
  const folder = await placeFor(options);
  requireLimit(options.limit);
  const importer = importerOf(options.source);
  const inputs = await importer.inputs(options.source);
  const sizes = await Promise.all(Object.values<Input>(inputs).map(({ path }) => sizeOfFile(path)));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const temporary = await makeWorkFolder(datasetsFolder(options.home), importer.space * bytes);
  const { limit, signal, onProgress } = options;
  const context = new ImportContext({ temporary, limit, signal, onProgress, bytes: importer.passes * bytes });
  try {
    const files = await inspectInputs(inputs, () => context.reading('checking'));
    return { folder, manifest: await writeDataset(folder, files, options, context) };
  } catch (error) {
    throw signal?.aborted ? signal.reason : asStorageError(error, folder);
  } finally {
    await removeWorkFolder(temporary);
  }
}

async function writeDataset(
  folder: string,
  inputs: ForEachFile<DatasetKind, InputFile>,
  options: ImportOptions,
  context: ImportContext,
): Promise<Manifest> {
  const files = Object.values<InputFile>(inputs);
  const writer = await DatasetWriter.create(context.temporary);
  try {
    for await (const question of importerOf(options.source).read(inputs, options.source, context))
      await writer.add(question);
    if (writer.questions === 0) throw nothingUsable(files, context);
    return await writer.publish(folder, provenance(files, options, context));
  } finally {
    await writer.close();
  }
}

function provenance(files: InputFile[], options: ImportOptions, context: ImportContext): Provenance {
  const { skipped, excluded } = context;
  return {
    name: options.name,
    created: new Date().toISOString(),
    source: {
      kind: options.source.kind,
      files: files.map(({ name, size, sha256, encoding, detection }) => ({
        name,
        size,
        sha256,
        encoding,
        ...(detection && { detection }),
      })),
      ...context.table,
    },
    limit: options.limit ?? null,
    skipped: {
      total: skipped.total,
      byReason: skipped.byReason(),
      examples: skipped.examples,
      ...(skipped.characters > 0 && { characters: skipped.characters }),
    },
    excluded,
    ...context.known,
    ...options.known,
  };
}

function nothingUsable(files: InputFile[], { skipped, excluded }: ImportContext): LabError {
  const found = [
    `${excluded.questionsWithoutAnswers} questions without answers`,
    `${excluded.orphanAnswers ?? 0} answers whose question is missing`,
    ...(excluded.questionsWithoutPositive
      ? [`${excluded.questionsWithoutPositive} questions without a relevant answer`]
      : []),
    `${skipped.total} rows skipped${skipped.total > 0 ? ` (${describeReasons(skipped.byReason())})` : ''}`,
  ];
  return new LabError(
    'data',
    `No usable question in ${files.map(({ name }) => name).join(' and ')}: ${found.join(', ')}.`,
    'A usable question has a text and at least one answer. Check that the files belong together.',
  );
}

function requireLimit(limit: number | undefined): void {
  if (limit === undefined || (Number.isInteger(limit) && limit > 0)) return;
  throw new LabError('usage', `limit is ${limit}; it must be a whole number of 1 or more.`);
}

/** The folder that a dataset will have. Throws a `usage` LabError for a bad name, and for the name of a dataset that must not be replaced. */
export async function placeFor({
  home,
  name,
  replace,
}: Pick<ImportOptions, 'home' | 'name' | 'replace'>): Promise<string> {
  const folder = datasetPath(home, name);
  const info = replace ? undefined : await stat(folder).catch(() => undefined);
  if (!info) return folder;
  throw new LabError(
    'usage',
    `A dataset "${name}" already exists, in ${folder}.`,
    'Choose another name, or allow it to be replaced.',
  );
}
