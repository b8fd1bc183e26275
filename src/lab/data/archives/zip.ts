import { createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { LabError } from '../../../shared/errors.ts';
import { formatCount } from '../../../shared/format.ts';
import { asStorageError } from '../../files/storage.ts';
import { bytes, checkedEntry, refused, UnsoundArchive, type ZipEntry } from './zipEntry.ts';

/** An archive whose list of entries has been checked. */
export interface Zip extends AsyncDisposable {
  /** Its files, without folders. */
  readonly entries: readonly ZipEntry[];
  /**
   * Unpacks one of `entries` into a new file. Throws a `data` LabError if it is not what the archive says,
   * a `storage` one if it cannot be written, or the signal's reason; the file is removed then.
   */
  extract(entry: ZipEntry, file: string, options?: ExtractOptions): Promise<void>;
}

export interface ExtractOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes that were just written. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

const mostEntries = 10_000;
/** Of all entries together, unpacked. Bytes. */
const largestTotal = 200e9;

/**
 * Opens an archive from an untrusted place. Throws a `data` LabError if it is not a zip archive, is cut
 * short, or contains anything but files and folders, each with bytes of its own and a safe path.
 */
export async function openZip(path: string): Promise<Zip> {
  const archive = basename(path);
  // Entries are checked here, sizes while unpacking: yauzl's own checks do not say which entry it is.
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false, validateEntrySizes: false }).catch(
    async (error: unknown) => {
      throw await unreadable(path, error);
    },
  );
  try {
    const found = await list(zip, archive);
    await checkNoOverlap(zip, found, archive);
    return {
      entries: [...found.keys()],
      extract: (entry, file, options) => extract(zip, entry, found.get(entry)!, { archive, file, ...options }),
      [Symbol.asyncDispose]: () => close(zip),
    };
  } catch (error) {
    await close(zip);
    throw inWords(error, archive);
  }
}

async function close(zip: ZipFile): Promise<void> {
  await new Promise((resolve) => {
    zip.once('close', resolve);
    zip.close();
  });
}

// --- The list of entries ------------------------------------------------------------------------

async function list(zip: ZipFile, archive: string): Promise<Map<ZipEntry, Entry>> {
  if (zip.entryCount > mostEntries)
    throw new UnsoundArchive(
      `${archive} is refused: it claims to have ${formatCount(zip.entryCount)} entries; the limit is ${formatCount(mostEntries)}.`,
    );
  const found = new Map<ZipEntry, Entry>();
  const names = new Set<string>();
  for await (const entry of zip.eachEntry()) {
    const checked = checkedEntry(entry, archive);
    if (!checked) continue;
    // Some systems do not distinguish upper and lower case.
    const key = checked.name.normalize('NFC').toLowerCase();
    if (names.has(key)) throw refused(archive, checked.name, 'the archive has two entries with this name');
    names.add(key);
    found.set(checked, entry);
  }
  checkTotal([...found.keys()], archive);
  return found;
}

function checkTotal(entries: readonly ZipEntry[], archive: string): void {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  const packed = entries.reduce((sum, { packedSize }) => sum + packedSize, 0);
  if (total > largestTotal)
    throw new UnsoundArchive(
      `${archive} is refused: it claims to contain ${bytes(total)}, packed into ${bytes(packed)}; the limit is ${bytes(largestTotal)}.`,
    );
}

/** Entries that share bytes let a small archive unpack into a huge one. An entry that ends after the end of the file is cut off. */
async function checkNoOverlap(zip: ZipFile, found: ReadonlyMap<ZipEntry, Entry>, archive: string): Promise<void> {
  const places: { name: string; start: number; end: number }[] = [];
  for (const [{ name }, entry] of found) {
    const { fileName, fileDataStart } = await zip.readLocalFileHeaderPromise(entry).catch((cause: Error) => {
      if (/overflows file bounds|not enough bytes/.test(cause.message))
        throw refused(archive, name, `the archive ends after ${bytes(zip.fileSize)}, before the end of this entry`);
      throw refused(archive, name, 'it is not at the place that the archive says');
    });
    if (!fileName.equals(entry.fileNameRaw)) throw refused(archive, name, 'its own header has another name');
    places.push({ name, start: entry.relativeOffsetOfLocalHeader, end: fileDataStart + entry.compressedSize });
  }
  places.sort((a, b) => a.start - b.start);
  places.slice(1).forEach(({ name, start }, index) => {
    const before = places[index]!;
    if (start < before.end) throw refused(archive, name, `it shares bytes with "${before.name}"`);
  });
}

// --- Unpacking ----------------------------------------------------------------------------------

interface Extraction extends ExtractOptions {
  readonly archive: string;
  readonly file: string;
}

async function extract(
  zip: ZipFile,
  { name, size, packedSize }: ZipEntry,
  entry: Entry,
  { archive, file, signal, onBytes }: Extraction,
): Promise<void> {
  signal?.throwIfAborted();
  const checked = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let [sum, done] = [0, 0];
    for await (const chunk of chunks) {
      done += chunk.length;
      if (done > size)
        throw refused(
          archive,
          name,
          `it claims to be ${bytes(size)}, packed into ${bytes(packedSize)}, but continues after ${bytes(done)}`,
        );
      sum = crc32(chunk, sum);
      onBytes?.(chunk.length);
      yield chunk;
    }
    if (done < size) throw refused(archive, name, `it claims to be ${bytes(size)}, but ends after ${bytes(done)}`);
    if (sum !== entry.crc32)
      throw refused(
        archive,
        name,
        `it is damaged: expected CRC-32 ${hexadecimal(entry.crc32)}, found ${hexadecimal(sum)}`,
      );
  };
  const packed: Readable = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  const written = createWriteStream(file, { flags: 'wx' });
  try {
    if (entry.compressionMethod === 0) await pipeline(packed, checked, written, { signal });
    else await pipeline(packed, createInflateRaw(), checked, written, { signal });
  } catch (error) {
    // Unpacking can fail before the file has been opened: it would then be created after its removal.
    if (!written.closed) await new Promise<void>((resolve) => written.once('close', () => resolve()));
    // A file that already existed is not removed.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(file, { force: true });
    if (signal?.aborted) throw signal.reason;
    if (String((error as NodeJS.ErrnoException).code).startsWith('Z_'))
      throw refused(archive, name, 'it is damaged: its packed bytes make no sense');
    throw asStorageError(inWords(error, archive), file);
  }
}

function hexadecimal(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}

// --- Errors -------------------------------------------------------------------------------------

/** yauzl throws plain errors about the archive; those of the system have a code. */
function inWords(error: unknown, archive: string): unknown {
  if (error instanceof LabError || (error as NodeJS.ErrnoException).code !== undefined) return error;
  return new UnsoundArchive(`The list of entries of ${archive} is damaged: ${(error as Error).message}.`, {
    cause: error,
  });
}

async function unreadable(path: string, error: unknown): Promise<unknown> {
  const archive = basename(path);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined)
    return new LabError(
      'data',
      `${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}.`,
      'Check the path.',
      { cause: error },
    );
  const { size } = await stat(path);
  if (!/^PK(\x03\x04|\x05\x06)/.test(await beginning(path)))
    return new UnsoundArchive(`${archive} is not a zip archive: it does not begin like one.`, { cause: error });
  if (/signature not found/.test(message))
    return new UnsoundArchive(
      `${archive} is cut short: it has ${bytes(size)}, without the list of entries that ends a zip archive.`,
      { cause: error },
    );
  return inWords(error, archive);
}

async function beginning(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
