import { delimiters, type Delimiter } from '../../shared/table.ts';
import { CsvRows } from './csvRows.ts';
import { readAsUtf8, type TextFile } from './encoding.ts';

/** How much is read: enough for a header and some rows. */
const sampleBytes = 256 * 1024;
const sampleRows = 20;

/** What separates the cells of a CSV file: the delimiter that cuts most of its first rows into the same number of cells, of several the one with the most cells. */
export async function detectDelimiter(file: TextFile): Promise<Delimiter> {
  const sample = await firstBytes(file);
  let best: { delimiter: Delimiter; rows: number; width: number } = { delimiter: ',', rows: 0, width: 1 };
  for (const delimiter of delimiters) {
    const { rows, width } = await shapeOf(file.name, sample, delimiter);
    if (width > 1 && (rows > best.rows || (rows === best.rows && width > best.width)))
      best = { delimiter, rows, width };
  }
  return best.delimiter;
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

/** Cells of the first row, and how many of the first rows are as wide, itself included. */
async function shapeOf(name: string, sample: Buffer, delimiter: Delimiter): Promise<{ rows: number; width: number }> {
  const parser = new CsvRows(name, { delimiter, looseQuotes: false });
  const found = [...(await parser.push(sample)), ...(sample.length < sampleBytes ? await parser.finish() : [])].slice(
    0,
    sampleRows,
  );
  const sound = found.filter((row) => row.kind === 'row');
  return { rows: sound.length, width: sound[0]?.cells.length ?? 0 };
}
