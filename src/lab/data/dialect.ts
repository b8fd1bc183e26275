import { delimiters, type Delimiter, type TableFormat } from '../../shared/table.ts';
import { separatedBy, type CsvDialect } from './csvRecord.ts';
import { CsvRows, separatorOf, type RawFault, type RawRow } from './csvRows.ts';
import { readAsUtf8, type TextFile } from './encoding.ts';

/** How much is read: enough for a header and some rows. */
const sampleBytes = 256 * 1024;
const sampleRows = 20;

/**
 * How the cells of a CSV or TSV file are separated and quoted. The delimiter is the one that is given, or that the file
 * names in a first line such as "sep=;", or else the one that cuts most of its first rows into the same number of cells,
 * of several the one with the most cells. Quotes are written after a backslash if fewer rows are damaged then.
 */
export async function detectDialect(
  file: TextFile,
  format: Exclude<TableFormat, 'jsonl'>,
  given?: Delimiter,
): Promise<CsvDialect> {
  const sample = await firstBytes(file);
  const delimiter = given ?? (format === 'tsv' ? '\t' : (namedDelimiter(sample) ?? likelyDelimiter(sample)));
  const dialect = separatedBy(delimiter);
  return { ...dialect, escape: likelyEscape(sample, dialect) };
}

function namedDelimiter(sample: Buffer): Delimiter | undefined {
  const named = separatorOf(sample.toString('utf8', 0, 16).split(/[\r\n]/, 1)[0]!);
  return delimiters.find((delimiter) => delimiter === named);
}

function likelyDelimiter(sample: Buffer): Delimiter {
  let best: { delimiter: Delimiter; rows: number; width: number } = { delimiter: ',', rows: 0, width: 1 };
  for (const delimiter of delimiters) {
    const first = rowsOf(sample, separatedBy(delimiter)).slice(0, sampleRows);
    const sound = first.filter((row) => row.kind === 'row');
    const width = sound[0]?.cells.length ?? 0;
    if (width > 1 && (sound.length > best.rows || (sound.length === best.rows && width > best.width)))
      best = { delimiter, rows: sound.length, width };
  }
  return best.delimiter;
}

function likelyEscape(sample: Buffer, dialect: CsvDialect): CsvDialect['escape'] {
  if (!sample.includes('\\"')) return 'doubled';
  const faults = (escape: CsvDialect['escape']): number =>
    rowsOf(sample, { ...dialect, escape }).filter(({ kind }) => kind === 'fault').length;
  return faults('backslash') < faults('doubled') ? 'backslash' : 'doubled';
}

function rowsOf(sample: Buffer, dialect: CsvDialect): (RawRow | RawFault)[] {
  const parser = new CsvRows(dialect);
  return [...parser.push(sample), ...(sample.length < sampleBytes ? parser.finish() : [])];
}

/** As UTF-8. */
async function firstBytes(file: TextFile): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const bytes of readAsUtf8(file)) {
    pieces.push(bytes);
    size += bytes.length;
    if (size >= sampleBytes) break;
  }
  return Buffer.concat(pieces);
}
