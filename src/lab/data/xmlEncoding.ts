import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { sizeOfFile } from './encoding.ts';
import type { Encoding } from '../../shared/encodings.ts';

const knownNames: Readonly<Record<string, Encoding>> = {
  'utf-8': 'utf-8',
  'us-ascii': 'utf-8',
  'iso-8859-1': 'latin-1',
  'windows-1252': 'windows-1252',
};

/**
 * The encoding that an XML file declares, UTF-8 if it declares none (XML 1.0, 4.3.3); undefined
 * if it begins with a byte order mark, which decides. The encoding of XML is never guessed.
 *
 * @throws LabError for a file that does not exist or is empty, for an encoding that is not supported, and for a 7-Zip archive, the form in which dumps are published
 */
export async function declaredEncoding(path: string): Promise<Encoding | undefined> {
  await sizeOfFile(path);
  const start = await firstBytes(path, 200);
  if (start.startsWith('7z\xbc\xaf\x27\x1c')) throw isArchive(path);
  if (/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/.test(start)) return undefined;
  const name = /^<\?xml[^>]*?\bencoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1];
  const encoding = knownNames[name?.toLowerCase() ?? 'utf-8'];
  if (encoding) return encoding;
  throw new LabError(
    'data',
    `${basename(path)} declares the encoding "${name}", which is not supported.`,
    `Supported encodings: ${Object.keys(knownNames).join(', ')}.`,
  );
}

function isArchive(path: string): LabError {
  const name = basename(path);
  const folder = name.replace(/\.7z$/i, '');
  return new LabError(
    'data',
    `${name} is a 7-Zip archive.`,
    `Extract it first (7z x "${name}" -o"${folder}"), then import the folder: losslab import --posts "${folder}"`,
  );
}

/** One character per byte. */
async function firstBytes(path: string, length: number): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
  return buffer.toString('latin1', 0, bytesRead);
}
