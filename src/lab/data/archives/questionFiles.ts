import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LabError } from '../../../shared/errors.ts';
import { requireFreeSpace } from '../../files/freeSpace.ts';
import { openZip, type Zip } from './zip.ts';
import type { ZipEntry } from './zipEntry.ts';

export interface UnpackOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes unpacked, of those that the archive claims to hold. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

const tables = { questions: 'Questions.csv', answers: 'Answers.csv' } as const;

/**
 * Unpacks Questions.csv and Answers.csv of an archive into `folder`, from any folder of the archive; each may
 * be a zip file itself, as Kaggle provides single files (`Questions.csv.zip`). Other files are not unpacked.
 * Throws a `data` or `storage` LabError, or the signal's reason. `folder` must exist; the caller removes it.
 */
export async function unpackQuestionFiles(
  archive: string,
  folder: string,
  { signal, onProgress }: UnpackOptions = {},
): Promise<{ questions: string; answers: string }> {
  await using zip = await openZip(archive);
  const found = {
    questions: findTable(zip, tables.questions, archive),
    answers: findTable(zip, tables.answers, archive),
  };
  const total = found.questions.size + found.answers.size;
  requireFreeSpace(folder, total, `Unpacking ${basename(archive)}`);
  let done = 0;
  const onBytes = (bytes: number): void => onProgress?.({ done: (done += bytes), total });
  return {
    questions: await unpackTable(zip, found.questions, join(folder, tables.questions), { signal, onBytes }),
    answers: await unpackTable(zip, found.answers, join(folder, tables.answers), { signal, onBytes }),
  };
}

/** The only entry of that name, in any folder; a zip file itself or not. */
function findTable({ entries }: Zip, table: string, archive: string): ZipEntry {
  const pattern = new RegExp(`(^|/)${table.replace('.', '\\.')}(\\.zip)?$`, 'i');
  const [first, second] = entries.filter(({ name }) => pattern.test(name));
  if (first === undefined) {
    throw new LabError(
      'data',
      `${basename(archive)} has no ${table}. It holds ${listOf(entries)}.`,
      'This import needs Questions.csv and Answers.csv in the archive. Unpack any other archive, and import its table with --csv.',
    );
  }
  if (second)
    throw new LabError(
      'data',
      `${basename(archive)} has more than one ${table}: ${first.name} and ${second.name}.`,
      'Unpack it, and import the two files that belong together.',
    );
  return first;
}

function listOf(entries: readonly ZipEntry[]): string {
  const names = entries.slice(0, 10).map(({ name }) => name);
  if (names.length === 0) return 'nothing';
  return entries.length > names.length
    ? `${names.join(', ')} and ${entries.length - names.length} more`
    : names.join(', ');
}

async function unpackTable(
  zip: Zip,
  entry: ZipEntry,
  file: string,
  options: { signal: AbortSignal | undefined; onBytes: (bytes: number) => void },
): Promise<string> {
  if (!/\.zip$/i.test(entry.name)) {
    await zip.extract(entry, file, options);
    return file;
  }
  const inner = `${file}.zip`;
  await zip.extract(entry, inner, options);
  await extractOnly(inner, file, options.signal);
  await rm(inner);
  return file;
}

async function extractOnly(archive: string, file: string, signal: AbortSignal | undefined): Promise<void> {
  await using zip = await openZip(archive);
  const entry = findTable(zip, basename(file), archive);
  requireFreeSpace(join(file, '..'), entry.size, `Unpacking ${basename(archive)}`);
  await zip.extract(entry, file, { signal });
}
