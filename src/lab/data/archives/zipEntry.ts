import { getFileNameLowLevel, type Entry } from 'yauzl';
import { LabError } from '../../../shared/errors.ts';
import { formatCount } from '../../../shared/format.ts';

/** A file of an archive, as the archive describes it; nothing of this is checked before it is unpacked. */
export interface ZipEntry {
  /** With "/" between folders; safe below any folder. */
  readonly name: string;
  /** Bytes, unpacked and packed. */
  readonly size: number;
  readonly packedSize: number;
}

/** Deflate reaches 1,032; tables of text lie between 3 and 20. */
const largestRatio = 200;
/** Bytes. For smaller files a high ratio does no harm: a table of zeros has one, too. */
const harmless = 16 * 2 ** 20;

/** Throws a `data` LabError for an entry that could do harm and that no archive of tables has. Returns null for a folder. */
export function checkedEntry(entry: Entry, archive: string): ZipEntry | null {
  const name = checkedName(
    getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true),
    archive,
  );
  const problem = problemOf(entry);
  if (problem !== null) throw refused(archive, name, problem);
  if (name.endsWith('/')) return null;
  const { uncompressedSize: size, compressedSize: packedSize } = entry;
  if (size > harmless && size > packedSize * largestRatio) {
    throw refused(
      archive,
      name,
      `it claims to be ${bytes(size)} packed into ${bytes(packedSize)}, more than ${largestRatio} to 1: an archive made to fill the disk`,
    );
  }
  return { name, size, packedSize };
}

/** The archive is damaged or not safe; another copy of it may be good. */
export class UnsoundArchive extends LabError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('data', message, 'Nothing was imported. Get the archive from its publisher again.', options);
  }
}

export function refused(archive: string, entry: string, problem: string): UnsoundArchive {
  return new UnsoundArchive(`${archive} is refused because of its entry "${entry}": ${problem}.`);
}

export function bytes(count: number): string {
  return `${formatCount(count)} bytes`;
}

/** Names that lead out of the folder on any system, or that are displayed differently from what they are. */
function checkedName(name: string, archive: string): string {
  const problem = nameProblem(name);
  // Escaped: the name is for people, and may hold anything.
  if (problem !== null) throw refused(archive, JSON.stringify(name.slice(0, 200)).slice(1, -1), problem);
  return name;
}

function nameProblem(name: string): string | null {
  const parts = name.replace(/\/$/, '').split('/');
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'its path is absolute';
  if (name.includes('\\')) return 'its path contains a backslash';
  if (parts.includes('..')) return 'its path leads out of the folder';
  if (/\p{Cc}|\uFFFD/u.test(name)) return 'its name contains control characters or damaged characters';
  return parts.some((part) => part === '' || part === '.') ? 'its path has empty parts' : null;
}

/** File types of Unix in the upper half of the external attributes (stat(2), S_IFMT). */
const fileTypes: Record<number, string> = {
  0o120000: 'a link',
  0o010000: 'a pipe',
  0o020000: 'a device',
  0o060000: 'a device',
  0o140000: 'a socket',
};

function problemOf({ generalPurposeBitFlag: flags, externalFileAttributes, compressionMethod }: Entry): string | null {
  // Bits 0, 6 and 13 (APPNOTE.TXT, 4.4.4): encrypted, strongly encrypted, directory encrypted.
  if (flags & 0x2041) return 'it is encrypted';
  const special = fileTypes[(externalFileAttributes >>> 16) & 0o170000];
  if (special !== undefined) return `it is ${special}, not a file`;
  if (compressionMethod !== 0 && compressionMethod !== 8)
    return `it is packed by method ${compressionMethod}; expected 0 (stored) or 8 (deflate)`;
  return null;
}
