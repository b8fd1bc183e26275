import { describe, expect, test } from 'vitest';
import { CsvReader } from '../../../../src/lab/data/csv.ts';
import { CsvRows } from '../../../../src/lab/data/csvRows.ts';
import { inspectFile } from '../../../../src/lab/data/encoding.ts';
import { parseScore } from '../../../../src/lab/data/score.ts';
import { SkippedRows } from '../../../../src/lab/data/skippedRows.ts';
import { dataFile, labError } from '../../../helpers/dataFiles.ts';

/** Reads columns Id and Body; every row as "line:Id=Body", every skipped one as "line, column: reason". */
async function read(content: string | Buffer) {
  const skipped = new SkippedRows();
  const reader = new CsvReader(await inspectFile(dataFile('some.csv', content)), ['Id', 'Body'], skipped);
  const rows: string[] = [];
  for await (const { line, cells } of reader.read()) rows.push(`${line}:${cells.Id}=${cells.Body}`);
  return { reader, skipped, rows, faults: skipped.examples.map(({ where, reason }) => `${where}: ${reason}`) };
}

describe('sound files', () => {
  test('columns are found by name, in any order and with others between', async () => {
    expect((await read('Body,ClosedDate,Id\nb,NA,1\n')).rows).toEqual(['2:1=b']);
  });

  test('quoted line breaks, doubled quotes, and the line each row begins on', async () => {
    const { rows, faults } = await read('Id,Body\n1,"a\nb ""c"", d"\n\n2,"e\r\nf"\n3,g');
    expect(rows).toEqual(['2:1=a\nb "c", d', '5:2=e\r\nf', '7:3=g']);
    expect(faults).toEqual([]);
  });

  test.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ])('lines that end in %s', async (_, end) => {
    const { rows } = await read(['Id,Body', '1,a', '2,"b', 'c"', '3,d', ''].join(end));
    expect(rows).toEqual(['2:1=a', `3:2=b${end}c`, '5:3=d']);
  });

  test('a line break between two pieces of a file is one line break, also after damage', () => {
    const bytes = Buffer.from('Id,Body\r\n1,a "b"\r\n2,c\r\n');
    for (let size = 1; size < bytes.length; size++) {
      const rows = new CsvRows();
      const found = [];
      for (let at = 0; at < bytes.length; at += size) found.push(...rows.push(bytes.subarray(at, at + size)));
      found.push(...rows.finish());
      expect(found.map(({ kind, line }) => `${line} ${kind}`)).toEqual(['1 row', '2 fault', '3 row']);
    }
  });

  test('a byte order mark before the header', async () => {
    expect((await read('\ufeffId,Body\n1,a\n')).rows).toEqual(['2:1=a']);
  });

  test('rows cut anywhere by the border of a piece', async () => {
    const bodies = Array.from({ length: 9000 }, (_, i) => `${'ä"\n'.repeat(i % 40)}${i}`);
    const content = `Id,Body\r\n${bodies.map((body, i) => `${i},"${body.replaceAll('"', '""')}"\r\n`).join('')}`;
    const { rows, faults } = await read(content);
    expect(rows.map((row) => row.slice(row.indexOf('=') + 1))).toEqual(bodies);
    expect(faults).toEqual([]);
    const lineBreaksBefore = content.slice(0, content.indexOf('8999,')).split('\n').length;
    expect(rows.at(-1)).toMatch(new RegExp(`^${lineBreaksBefore}:8999=`));
  });
});

describe('damaged rows are passed over and counted; the rows around them are used', () => {
  const around = (damaged: string): string => `Id,Date,Body\n1,x,first\n${damaged}\n3,x,third\n4,x,fourth\n`;
  test.each([
    ['too few columns', '2,x', 'line 3, column Date: too few columns'],
    ['too many columns', '2,x,b,c', 'line 3, column Body: too many columns'],
    [
      'a quote that is not doubled',
      '2,x,"a "b" c',
      'line 3, column Body: quote inside a quoted field that is not doubled',
    ],
    ['a quote in an unquoted field', '2,x"y,b', 'line 3, column Date: quote inside a field that is not quoted'],
    ['a quote that is never closed', '2,x,"b', 'line 3, column Body: quote that is never closed'],
  ])('%s', async (_, damaged, fault) => {
    const { rows, faults } = await read(around(damaged));
    expect(rows.map((row) => row.slice(row.indexOf(':') + 1))).toEqual(['1=first', '3=third', '4=fourth']);
    expect(faults).toEqual([fault]);
  });

  test('a closing quote that is missing costs its own row only', async () => {
    const { rows, skipped } = await read('Id,Body\n1,"<p>a</p>"\n2,"<p>b\n3,"<p>c</p>"\n4,"<p>d</p>"\n');
    expect(rows).toEqual(['2:1=<p>a</p>', '4:3=<p>c</p>', '5:4=<p>d</p>']);
    expect(skipped.total).toBe(1);
  });

  test('damaged rows in a row are counted one by one', async () => {
    const { rows, skipped } = await read('Id,Body\n1,"a\n2,"b\n3,"c\n4,"d"\n');
    expect(rows).toEqual(['5:4=d']);
    expect(skipped.total).toBe(3);
  });

  test('a field of several megabytes', async () => {
    const giant = `2,"${'some text and\n'.repeat(100_000)}"`;
    const { rows, faults } = await read(`Id,Body\n1,a\n${giant}\n3,c\n`);
    expect(rows).toEqual(['2:1=a', '100004:3=c']);
    expect(faults).toEqual(['line 3, column Id: row larger than 1 MiB, or a quote that is never closed']);
  });

  test('a line of several megabytes', async () => {
    const { rows, skipped } = await read(`Id,Body\n1,a\n2,"${'x'.repeat(3_000_000)}"\n3,c\n`);
    expect(rows).toEqual(['2:1=a', '4:3=c']);
    expect(skipped.total).toBe(1);
  });

  test('a file of nothing but quotes that never close takes bounded time', async () => {
    const row = `1,"${'x'.repeat(1_100_000)}\n`;
    const { skipped } = await read(`Id,Body\n${row.repeat(60)}`);
    expect(skipped.total).toBe(60);
  });

  test('a quote that is never closed costs its own row, however far the next quote is', async () => {
    const { rows, skipped } = await read(`Id,Body\n${`1,"a\n${'2,b\n'.repeat(300_000)}`.repeat(3)}`);
    expect({ rows: rows.length, skipped: skipped.total }).toEqual({ rows: 900_000, skipped: 3 });
  });

  test('lines that follow a quote that is never closed are rows of their own', async () => {
    const { rows, faults } = await read('Id,Date,Body\n1,x,first\n2,x,"b\nc\n3,x,third\n4,x,fourth\n');
    expect(rows).toEqual(['2:1=first', '5:3=third', '6:4=fourth']);
    expect(faults).toEqual(['line 3, column Body: quote that is never closed', 'line 4, column Id: too few columns']);
  });

  test('only the first are kept as examples, all are counted', async () => {
    const { skipped } = await read(`Id,Body\n${'1\n'.repeat(500)}`);
    expect(skipped.examples).toHaveLength(20);
    expect(skipped.byReason()).toEqual({ 'too few columns': 500 });
  });
});

describe('files that are refused', () => {
  test('a missing column: which, which there are, and how the file was read', async () => {
    const error = await labError(read('Id;Text\n1;a\n'), 'data');
    expect(error.message).toContain('some.csv has no column "Id", "Body". Columns found: Id;Text.');
    expect(error.fix).toContain('read as utf-8');
  });

  test('a column that is there twice', async () => {
    expect((await labError(read('Id,Body,Id\n1,a,2\n'), 'data')).message).toContain('two columns "Id"');
  });

  test('a damaged header', async () => {
    expect((await labError(read('Id,"Body\n1,a\n'), 'data')).message).toContain('some.csv, line 1: header row');
  });

  test('nothing but empty lines', async () => {
    expect((await labError(read('\n\n'), 'data')).message).toContain('has no rows');
  });

  test('more than half of the rows unusable, with the counts of every reason', async () => {
    const { reader } = await read('Id,Body\n1,a\n2\n3,b,c\n');
    const error = await labError(() => reader.requireMostlyUsable(), 'data');
    expect(error.message).toContain('2 of 3 rows cannot be used: 1 × too few columns, 1 × too many columns');
    expect(error.message).toContain('line 3, column Id');
    const half = await read('Id,Body\n1,a\n2\n');
    expect(() => half.reader.requireMostlyUsable()).not.toThrow();
  });
});

test('a score is a number written out, or nothing', () => {
  expect(
    ['12', '-3', ' +4 ', '2.5', '.5', '5.', '9.3e-01', '1,234', '1,234.5'].map((text) => parseScore(text)),
  ).toEqual([12, -3, 4, 2.5, 0.5, 5, 0.93, 1234, 1234.5]);
  expect(['', 'NA', 'ten', '0x10', 'Infinity', '1,5', '1e999', '.'].map((text) => parseScore(text))).toEqual(
    Array(8).fill(undefined),
  );
});
