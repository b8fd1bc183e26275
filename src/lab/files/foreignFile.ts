import { LabError } from '../../shared/errors.ts';

interface ForeignKind {
  readonly name: string;
  readonly fix: string;
  /** @param start the first bytes of the file, one character per byte */
  readonly matches: (start: string) => boolean;
}

const begins =
  (...beginnings: readonly string[]) =>
  (start: string): boolean =>
    beginnings.some((beginning) => start.startsWith(beginning));

const unpack = 'Unpack it first, then name the file that was in it.';
const saveAsText = 'Save the table as CSV or JSON lines first, then name that file.';
const download = 'Open it to see what it says, and get the file itself.';

/** Files that are often given in place of a text, most specific first. */
const kinds: readonly ForeignKind[] = [
  {
    name: 'a Git LFS pointer: only a note of where the file is, not the file',
    fix: 'Run "git lfs pull" in its repository.',
    matches: begins('version https://git-lfs.github.com/spec/'),
  },
  {
    name: 'an Excel or LibreOffice workbook',
    fix: saveAsText,
    matches: (start) =>
      (start.startsWith('PK\x03\x04') && /xl\/|\[Content_Types\]\.xml|opendocument\.spreadsheet/.test(start)) ||
      start.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
  },
  { name: 'a zip archive', fix: unpack, matches: begins('PK\x03\x04', 'PK\x05\x06') },
  { name: 'compressed with gzip', fix: `${unpack} For example: gunzip <file>`, matches: begins('\x1f\x8b') },
  { name: 'compressed with bzip2', fix: unpack, matches: (start) => /^BZh[1-9]1AY&SY/.test(start) },
  { name: 'compressed with xz', fix: unpack, matches: begins('\xfd7zXZ\0') },
  { name: 'compressed with zstd', fix: unpack, matches: begins('\x28\xb5\x2f\xfd') },
  { name: 'a 7-Zip archive', fix: unpack, matches: begins("7z\xbc\xaf'\x1c") },
  { name: 'a RAR archive', fix: unpack, matches: begins('Rar!\x1a\x07') },
  { name: 'a Parquet file', fix: saveAsText, matches: begins('PAR1') },
  { name: 'an Arrow file', fix: saveAsText, matches: begins('ARROW1\0') },
  { name: 'a SQLite database', fix: saveAsText, matches: begins('SQLite format 3\0') },
  { name: 'a NumPy array', fix: saveAsText, matches: begins('\x93NUMPY') },
  { name: 'a Python pickle', fix: saveAsText, matches: (start) => /^\x80[\x02-\x05][\x80-\xff(}\]]/.test(start) },
  { name: 'a PDF document', fix: saveAsText, matches: begins('%PDF-') },
  {
    name: 'a picture',
    fix: 'Name a file with a table.',
    matches: (start) =>
      begins('\x89PNG\r\n', '\xff\xd8\xff', 'GIF87a', 'GIF89a', 'II*\0', 'MM\0*')(start) ||
      /^RIFF.{4}WEBP/s.test(start),
  },
  {
    name: 'a web page, perhaps an error message',
    fix: download,
    matches: (start) => /^\s*<(?:!doctype\s+html|html[\s>])/i.test(start),
  },
];

/** Bytes that `refuseForeignFile` looks at. */
export const foreignFileStart = 4096;

/**
 * Refuses a file that is known to be something else than text.
 *
 * @param start its first `foreignFileStart` bytes
 * @throws LabError that says what it is, and what to do
 */
export function refuseForeignFile(name: string, start: Buffer): void {
  const text = start.toString('latin1', 0, foreignFileStart).replace(/^\xef\xbb\xbf/, '');
  const kind = kinds.find(({ matches }) => matches(text));
  if (kind) throw new LabError('data', `${name} is ${kind.name}.`, kind.fix);
}
