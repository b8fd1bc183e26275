import type { Encoding } from '../../shared/encodings.ts';
import type { FileOf, SourceOf } from '../../shared/sourceRequest.ts';
import type { DatasetKind } from '../../shared/sources.ts';
import type { Question } from './dataset.ts';
import { inspectFile, type InputFile, type InspectOptions } from './encoding.ts';
import type { ImportContext } from './importContext.ts';

export interface Input {
  readonly path: string;
  /** Undefined: to be detected. */
  readonly encoding?: Encoding | undefined;
}

/** Something for each file of a kind of source. */
export type ForEachFile<Kind extends DatasetKind, Value> = Readonly<Record<FileOf<Kind>, Value>>;

/** How one kind of source is read. */
export interface Importer<Kind extends DatasetKind> {
  inputs(source: SourceOf<Kind>): ForEachFile<Kind, Input> | Promise<ForEachFile<Kind, Input>>;
  /** How often the files are read, checking and sorting included. */
  readonly passes: number;
  /** The most disk space needed, in bytes per byte of the source: for the dataset, and for sorting. */
  readonly space: number;
  read(
    files: ForEachFile<Kind, InputFile>,
    source: SourceOf<Kind>,
    context: ImportContext,
  ): AsyncGenerator<Question, void>;
}

/** Reads every file once, for its encoding and hash. `reading` gives the options for the next file. */
export async function inspectInputs<Kind extends DatasetKind>(
  inputs: ForEachFile<Kind, Input>,
  reading: () => Omit<InspectOptions, 'encoding'>,
): Promise<ForEachFile<Kind, InputFile>> {
  const files: Record<string, InputFile> = {};
  for (const [name, { path, encoding }] of Object.entries<Input>(inputs))
    files[name] = await inspectFile(path, { encoding, ...reading() });
  return files as ForEachFile<Kind, InputFile>;
}
