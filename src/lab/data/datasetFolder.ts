import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../../shared/errors.ts';
import type { Question } from './dataset.ts';
import { datasetFormat, manifestSchema, type Manifest, type Provenance } from '../../shared/manifest.ts';
import { QuestionStatistics } from './statistics.ts';
import { syncFolder, writeAtomically } from '../files/atomicFile.ts';
import { readPieces } from '../files/readPieces.ts';
import { replaceFolder } from '../files/replaceFolder.ts';
import { asReadingError, asStorageError } from '../files/storage.ts';
import { TextFileWriter } from './textFile.ts';
import { safeParse } from '../../shared/safeParse.ts';

/*
 * A dataset is a folder, `<home>/datasets/<name>`: questions.jsonl, one question per line, and
 * manifest.json, which has the hash of questions.jsonl. It is written in a work folder and then renamed.
 */
const questionsFile = 'questions.jsonl';
const manifestFile = 'manifest.json';

/** A line of questions.jsonl. */
export const questionSchema: z.ZodType<Question> = z.strictObject({
  id: z.string(),
  title: z.string(),
  body: z.string(),
  score: z.number(),
  answers: z.array(z.strictObject({ id: z.string(), body: z.string(), score: z.number(), accepted: z.boolean() })),
});

/** @throws LabError for a name that is not safe as a folder's name on every system */
export function datasetPath(home: string, name: string): string {
  const safe = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/.test(name);
  const reservedByWindows = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
  if (safe && !reservedByWindows) return join(datasetsFolder(home), name);
  throw new LabError(
    'usage',
    `"${name}" cannot be the name of a dataset.`,
    'Use 1 to 64 letters, digits, dots, dashes and underscores, beginning and ending with a letter or digit.',
  );
}

export function datasetsFolder(home: string): string {
  return join(home, 'datasets');
}

/** Writes a dataset in a work folder; `publish` puts it in its place in one step. */
export class DatasetWriter {
  readonly #workFolder: string;
  readonly #file: TextFileWriter;
  readonly #statistics = new QuestionStatistics();

  private constructor(workFolder: string, file: TextFileWriter) {
    this.#workFolder = workFolder;
    this.#file = file;
  }

  /** @param workFolder on the same disk as the dataset's place */
  static async create(workFolder: string): Promise<DatasetWriter> {
    const folder = join(workFolder, 'dataset');
    await mkdir(folder);
    return new DatasetWriter(workFolder, await TextFileWriter.create(join(folder, questionsFile)));
  }

  async add(question: Question): Promise<void> {
    this.#statistics.add(question);
    await this.#file.write(`${JSON.stringify(question)}\n`);
  }

  get questions(): number {
    return this.#statistics.counts().questions;
  }

  /** Writes the manifest and moves the dataset to `folder`, replacing what is there. */
  async publish(folder: string, provenance: Provenance): Promise<Manifest> {
    const manifest = complete(provenance, this.#statistics, await this.#file.finish());
    const written = join(this.#workFolder, 'dataset');
    writeManifestFile(written, manifest);
    await replaceFolder(folder, written);
    syncFolder(dirname(folder));
    return manifest;
  }

  /** Closes what is open; does nothing after `publish`. The caller removes the work folder. */
  async close(): Promise<void> {
    await this.#file.close();
  }
}

/**
 * Writes the manifest of a folder whose questions.jsonl was made in another way. The same
 * questions and provenance give the same bytes.
 */
export async function manifestFor(folder: string, provenance: Provenance): Promise<Manifest> {
  const statistics = new QuestionStatistics();
  const content = new ContentHash();
  for await (const question of parseQuestions(folder, content)) statistics.add(question);
  const manifest = complete(provenance, statistics, content.result());
  writeManifestFile(folder, manifest);
  return manifest;
}

/** @throws LabError if the folder or its manifest is missing, or the manifest is damaged */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, manifestFile);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(folder, file, cause);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(folder, `${manifestFile} is not JSON`, cause);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > datasetFormat) {
    throw damaged(folder, `${manifestFile} has format ${format}, this version reads format ${datasetFormat}`);
  }
  const parsed = safeParse(manifestSchema, value);
  if (!parsed.success) throw damaged(folder, `${manifestFile}: ${z.prettifyError(parsed.error)}`, parsed.error);
  return parsed.data;
}

/**
 * The questions of a dataset one by one. Whether the file is the one that the manifest describes is
 * known only at its end: an altered file throws there, after its questions were yielded.
 *
 * @throws LabError if questions.jsonl is missing, incomplete or altered
 */
export async function* streamQuestions(folder: string, manifest: Manifest): AsyncGenerator<Question, void> {
  await requireSize(folder, manifest.content.size);
  const content = new ContentHash();
  yield* parseQuestions(folder, content);
  requireHash(folder, manifest, content);
}

/** A whole dataset, or its first `limit` questions, verified either way. */
export async function readDataset(
  folder: string,
  options: { readonly limit?: number | undefined } = {},
): Promise<{ manifest: Manifest; questions: Question[] }> {
  const manifest = await readManifest(folder);
  await requireSize(folder, manifest.content.size);
  const content = new ContentHash();
  const questions: Question[] = [];
  const limit = options.limit ?? Infinity;
  let line = 0;
  for await (const text of readLines(folder, content)) {
    if (++line <= limit) questions.push(parseQuestion(folder, text, line));
  }
  requireHash(folder, manifest, content);
  return { manifest, questions };
}

export type ListedDataset = { readonly name: string; readonly folder: string } & (
  { readonly manifest: Manifest } | { readonly error: LabError }
);

/** Every dataset of a home folder by name; one that cannot be read is listed with its error. */
export async function listDatasets(home: string): Promise<ListedDataset[]> {
  const parent = datasetsFolder(home);
  const entries = await readdir(parent, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw asReadingError(error, parent);
  });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  return Promise.all(names.sort().map((name) => listDataset(name, join(parent, name))));
}

/** A dataset, or the error with which it cannot be read. */
export async function listDataset(name: string, folder: string): Promise<ListedDataset> {
  try {
    return { name, folder, manifest: await readManifest(folder) };
  } catch (error) {
    if (error instanceof LabError) return { name, folder, error };
    throw error;
  }
}

/** Size and hash of a file read to its end. */
class ContentHash {
  readonly #hash = createHash('sha256');
  #size = 0;

  add(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  result(): { size: number; sha256: string } {
    return { size: this.#size, sha256: this.#hash.digest('hex') };
  }
}

async function* parseQuestions(folder: string, content: ContentHash): AsyncGenerator<Question, void> {
  let line = 0;
  for await (const text of readLines(folder, content)) yield parseQuestion(folder, text, ++line);
}

async function* readLines(folder: string, content: ContentHash): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const bytes of readPieces(join(folder, questionsFile))) {
    content.add(bytes);
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function parseQuestion(folder: string, text: string, line: number): Question {
  try {
    return questionSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(folder, `line ${line} of ${questionsFile} is not a question`, cause);
  }
}

async function requireSize(folder: string, expected: number): Promise<void> {
  const file = join(folder, questionsFile);
  const info = await stat(file).catch((cause: unknown) => {
    throw unreadable(folder, file, cause);
  });
  if (info.size !== expected) {
    throw damaged(folder, `${questionsFile} has ${info.size} bytes; its manifest says ${expected}`);
  }
}

function requireHash(folder: string, manifest: Manifest, content: ContentHash): void {
  if (content.result().sha256 === manifest.content.sha256) return;
  throw damaged(folder, `${questionsFile} was altered: its hash is not the one in the manifest`);
}

function unreadable(folder: string, file: string, cause: unknown): unknown {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return missing ? damaged(folder, `it has no ${basename(file)}`, cause) : asReadingError(cause, file);
}

function damaged(folder: string, what: string, cause?: unknown): LabError {
  return new LabError('data', `The dataset in ${folder} cannot be used: ${what}.`, 'Import it again.', { cause });
}

function complete(
  provenance: Provenance,
  statistics: QuestionStatistics,
  content: { size: number; sha256: string },
): Manifest {
  const { attribution, ...rest } = provenance;
  return manifestSchema.parse({
    format: datasetFormat,
    ...rest,
    counts: statistics.counts(),
    text: statistics.text(),
    ...(attribution === undefined ? {} : { attribution }),
    content,
  });
}

function writeManifestFile(folder: string, manifest: Manifest): void {
  const path = join(folder, manifestFile);
  try {
    writeAtomically(path, [`${JSON.stringify(manifest, null, 2)}\n`]);
  } catch (error) {
    throw asStorageError(error, path);
  }
}
