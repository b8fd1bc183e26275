import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Encoding } from '../../shared/manifest.ts';
import type { Question } from './dataset.ts';
import type { InputFile } from './encoding.ts';
import { importBeir } from './importBeir.ts';
import type { ImportContext } from './importContext.ts';
import { importCsv } from './importCsv.ts';
import { importJson } from './importJson.ts';
import { importPosts } from './importPosts.ts';
import type { ImportSource, SourceOf } from './importSource.ts';
import { importTable } from './importTable.ts';
import { declaredEncoding } from './xmlEncoding.ts';

export interface Input {
  readonly path: string;
  /** Undefined: to be detected. */
  readonly encoding?: Encoding | undefined;
}

/** How one kind of source is read. */
export interface Importer<Source extends ImportSource> {
  inputs(source: Source): readonly Input[] | Promise<readonly Input[]>;
  /** How often the files are gone through, checking and sorting included. */
  readonly passes: number;
  /** Disk space at most, in bytes per byte of the source: the dataset, and what sorting needs. */
  readonly space: number;
  read(files: readonly InputFile[], source: Source, context: ImportContext): AsyncGenerator<Question, void>;
}

const importers: { readonly [Kind in ImportSource['kind']]: Importer<SourceOf<Kind>> } = {
  csv: {
    inputs: ({ questions, answers, encoding }) => [questions, answers].map((path) => ({ path, encoding })),
    passes: 2,
    space: 2.5,
    read: ([questions, answers], _, context) => importCsv({ questions: questions!, answers: answers! }, context),
  },
  json: {
    inputs: ({ file }) => [{ path: file, encoding: 'utf-8' }],
    passes: 2,
    space: 1.5,
    read: ([file], _, context) => importJson(file!, context),
  },
  posts: {
    inputs: async ({ file }) => {
      const path = await postsFile(file);
      return [{ path, encoding: await declaredEncoding(path) }];
    },
    passes: 3,
    space: 2.5,
    read: ([file], _, context) => importPosts(file!, context),
  },
  table: {
    inputs: ({ file, encoding }) => [{ path: file, encoding }],
    passes: 3,
    space: 3,
    read: ([file], source, context) => importTable(file!, source, context),
  },
  beir: {
    inputs: ({ corpus, queries, qrels }) =>
      [corpus, queries, qrels].map((path) => ({ path, encoding: 'utf-8' as const })),
    passes: 3,
    space: 3,
    read: ([corpus, queries, qrels], _, context) =>
      importBeir({ corpus: corpus!, queries: queries!, qrels: qrels! }, context),
  },
};

export function importerOf<Source extends ImportSource>(source: Source): Importer<Source> {
  // Each importer stands under the kind of its own source.
  return importers[source.kind] as unknown as Importer<Source>;
}

/** A folder stands for the Posts.xml in it. */
export async function postsFile(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  return info?.isDirectory() ? join(path, 'Posts.xml') : path;
}
