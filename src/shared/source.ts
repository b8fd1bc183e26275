import { z } from 'zod';
import { encodings } from './encodings.ts';
import { columnMapping, delimiters, tableFormats, textForms, type TableFormat } from './table.ts';

/** The declaration of a source in the table of `sources.ts`. */

/** The settings of an import for the text of the files. */
export const readings = {
  /** None: the files declare it, or there is only one way to read them. */
  fixed: {},
  /** The encoding; detected if it is not given. */
  encoded: { encoding: z.enum(encodings).optional() },
  /** A single file with columns of any name. Encoding and delimiter are detected if they are not given. */
  table: {
    format: z.enum(tableFormats),
    mapping: columnMapping,
    encoding: z.enum(encodings).optional(),
    delimiter: z.enum(delimiters).optional(),
    /** How texts are written; decided for each column if it is not given. */
    text: z.enum(textForms).optional(),
  },
} as const;
export type Reading = keyof typeof readings;

/** One file of a source, as a screen asks for it. */
export interface SourceFile {
  /** The usual name of the file, or a description. */
  readonly label: string;
  readonly help: string;
  /** File name extensions. */
  readonly endings: readonly string[];
}

/** An option of `losslab import` that takes a path. */
export interface SourceOption<File extends string = string> {
  readonly name: string;
  /** `[file]`: without a path, the option has another meaning. */
  readonly value: '<file>' | '<folder>' | '<path>' | '[file]';
  readonly help: string;
  /** The file at this path, or the place of every file in this folder. */
  readonly gives: File | Readonly<Record<File, string>>;
}

/** One way to name a source on the command line: all `options` together. */
export interface CommandLineForm<File extends string = string> {
  readonly options: readonly [SourceOption<File>, ...SourceOption<File>[]];
  /** An option whose value stands for `{name}` in the places of files. */
  readonly choice?: { readonly name: string; readonly help: string; readonly default: string };
  /** For a table: the format of its rows. */
  readonly format?: TableFormat;
  /** The arguments after `losslab import`. */
  readonly example: string;
}

export interface Source<File extends string = string, How extends Reading = Reading> {
  readonly title: string;
  readonly about: string;
  /** In the order of the screens. */
  readonly files: Readonly<Record<File, SourceFile>>;
  readonly reading: How;
  /** Where a dataset gets its name: from its first file, unless the file has the usual name; or from the folder. */
  readonly namedAfter: 'file' | 'folder';
  readonly commandLine: readonly CommandLineForm<NoInfer<File>>[];
}

/** Checks that options name files of their own source, and keeps the names of both as types. */
export function declare<File extends string, How extends Reading>(source: Source<File, How>): Source<File, How> {
  return source;
}
