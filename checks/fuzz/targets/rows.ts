/** The readers of importers, which split a file into rows, without the resulting dataset. */
import { isUtf8 } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { commaSeparated, separatedBy, type CsvDialect } from '../../../src/lab/data/csvRecord.ts';
import { CsvRows, type RawFault, type RawRow } from '../../../src/lab/data/csvRows.ts';
import { parseExactJson } from '../../../src/lab/data/exactJson.ts';
import { inspectFile, type InputFile } from '../../../src/lab/data/encoding.ts';
import { readJsonArray } from '../../../src/lab/data/jsonArray.ts';
import { JsonLinesReader } from '../../../src/lab/data/jsonLines.ts';
import { SkippedRows } from '../../../src/lab/data/skippedRows.ts';
import { readXmlRows } from '../../../src/lab/data/xmlRows.ts';
import { isNestedTooDeep } from '../../../src/shared/json.ts';
import { mutateJson, mutateJsonLine } from '../mutators/json.ts';
import { require, type FuzzTarget, type Outcome } from '../target.ts';
import { csvWords, jsonWords, xmlWords } from './imports.ts';
import * as seeds from './seedQuestions.ts';

export const commaRows = csvTarget([seeds.questionsCsv, seeds.answersCsv, seeds.tableCsv], commaSeparated);
export const tabRows = csvTarget([seeds.tableTsv], separatedBy('\t'));

/** The pieces in which a file is read must not change its rows. */
function csvTarget(inputs: readonly Buffer[], dialect: CsvDialect): FuzzTarget {
  return {
    seeds: () => inputs,
    words: dialect.delimiter === ',' ? csvWords : ['\t', '\t\t', '"', '\r', '\r\n', '\n', '\0'],
    parse(input) {
      const bytes = Buffer.from(input);
      const whole = csvRows(bytes, dialect, bytes.length || 1);
      const inPieces = csvRows(bytes, dialect, Math.max(7, Math.ceil(bytes.length / 100)));
      require(isDeepStrictEqual(
        inPieces,
        whole,
      ), `in pieces: ${JSON.stringify(inPieces).slice(0, 400)}; at once: ${JSON.stringify(whole).slice(0, 400)}`);
      const widths = new Set(whole.flatMap((row) => (row.kind === 'row' ? [row.cells.length] : [])));
      require(widths.size <= 1, `rows of ${[...widths].join(' and ')} cells`);
      return Promise.resolve(whole.every(({ kind }) => kind === 'row') ? 'accepted' : 'refused');
    },
  };
}

function csvRows(bytes: Buffer, dialect: CsvDialect, pieceSize: number): (RawRow | RawFault)[] {
  const rows = new CsvRows(dialect);
  const found: (RawRow | RawFault)[] = [];
  for (let at = 0; at < bytes.length; at += pieceSize) found.push(...rows.push(bytes.subarray(at, at + pieceSize)));
  return [...found, ...rows.finish()];
}

export const xmlRows: FuzzTarget = fileTarget({ seeds: [seeds.postsXml], words: xmlWords }, async (file) => {
  let count = 0;
  for await (const { line, attributes } of readXmlRows(file, { root: 'posts', row: 'row' })) {
    require(line >= 1 &&
      Object.values(attributes).every(
        (value) => typeof value === 'string',
      ), `row ${count} on line ${line} has an attribute that is no text`);
    count++;
  }
});

/** Must read what the whole is as one JSON text. */
export const jsonArray: FuzzTarget = fileTarget(
  { seeds: [seeds.rankedJson], words: jsonWords, mutators: [mutateJson] },
  async (file, input) => {
    const values: unknown[] = [];
    for await (const { value } of readJsonArray(file, new SkippedRows())) values.push(value);
    // Very deep values cannot be compared; the readers of the items refuse them.
    if (isPlain(input) && !values.some(isNestedTooDeep))
      require(isDeepStrictEqual(
        values,
        parsed(input),
      ), `read ${values.length} items of what JSON.parse reads otherwise`);
  },
);

export const jsonLines: FuzzTarget = fileTarget(
  {
    seeds: [seeds.tableJsonLines, seeds.tableJsonLists, seeds.beirCorpus],
    words: jsonWords,
    mutators: [mutateJsonLine],
  },
  async (file, input) => {
    const reader = new JsonLinesReader(file, [], new SkippedRows());
    const lines = isPlain(input) && !isArray(input) ? input.toString('utf8').split(/\r\n|\r|\n/) : null;
    for await (const { line, cells } of reader.read()) {
      if (lines)
        require(isDeepStrictEqual(
          { ...cells },
          parsed(Buffer.from(lines[line - 1]!)),
        ), `line ${line} is not what JSON.parse makes of it`);
    }
  },
);

/** UTF-8 without white space other than JSON's, which the reader accepts and JSON.parse does not. */
function isPlain(input: Buffer): boolean {
  return isUtf8(input) && !/[^\S \t\r\n]/u.test(input.toString('utf8'));
}

function isArray(input: Buffer): boolean {
  return input.toString('utf8').trimStart().startsWith('[');
}

function parsed(text: Buffer): unknown {
  try {
    return parseExactJson(text.toString('utf8'), new SkippedRows());
  } catch {
    return undefined;
  }
}

function fileTarget(
  format: Pick<FuzzTarget, 'words' | 'mutators'> & { readonly seeds: readonly Buffer[] },
  read: (file: InputFile, input: Buffer) => Promise<void>,
): FuzzTarget {
  const { seeds: inputs, ...rest } = format;
  return {
    ...rest,
    seeds: () => inputs,
    async parse(input, folder): Promise<Outcome> {
      const path = join(folder, 'input');
      writeFileSync(path, input);
      await read(await inspectFile(path), Buffer.from(input));
      return 'accepted';
    },
  };
}
