import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a test archive; whatever is given besides name and content is what the archive claims instead of the truth. */
export interface ZippedFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly stored?: boolean;
  /** As who writes to a stream: sizes and checksum stand behind the bytes, and zeros before them. */
  readonly streamed?: boolean;
  readonly size?: number;
  readonly packedSize?: number;
  readonly crc?: number;
  readonly method?: number;
  readonly flags?: number;
  /** Of Unix: file type and permissions. */
  readonly mode?: number;
  /** The name where the entry begins. */
  readonly localName?: string;
  /** Where the list says that the entry begins. */
  readonly offset?: number;
}

/** A zip archive (APPNOTE.TXT, 4.3.6) of these files, in this order. */
export function zipOf(files: readonly ZippedFile[]): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const content = Buffer.from(file.content as Uint8Array);
    const packed = file.stored ? content : deflateRawSync(content);
    const fields = fieldsOf(file, content, packed);
    const name = Buffer.from(file.localName ?? file.name);
    const [before, after] = file.streamed
      ? [
          Buffer.concat([fields.subarray(0, 10), Buffer.alloc(12)]),
          Buffer.concat([numbers(4, 0x08074b50), fields.subarray(10)]),
        ]
      : [fields, Buffer.alloc(0)];
    const body = Buffer.concat([numbers(4, 0x04034b50), before, numbers(2, name.length, 0), name, packed, after]);
    list.push(listed(file, fields, file.offset ?? offset));
    bodies.push(body);
    offset += body.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.concat([
    numbers(4, 0x06054b50),
    numbers(2, 0, 0, files.length, files.length),
    numbers(4, directory.length, offset),
    numbers(2, 0),
  ]);
  return Buffer.concat([...bodies, directory, end]);
}

/** What stands both where an entry begins and in the list, in UTF-8 (flag 11). */
function fieldsOf(
  { stored, streamed, flags = streamed ? 8 : 0, method = stored ? 0 : 8, crc, packedSize, size }: ZippedFile,
  content: Buffer,
  packed: Buffer,
): Buffer {
  return Buffer.concat([
    numbers(2, 20, flags | 0x800, method, 0, 0x21),
    numbers(4, crc ?? crc32(content), packedSize ?? packed.length, size ?? content.length),
  ]);
}

function listed({ name, mode = 0o100644 }: ZippedFile, fields: Buffer, offset: number): Buffer {
  const bytes = Buffer.from(name);
  // Made by Unix (3), version 2.0.
  return Buffer.concat([
    numbers(4, 0x02014b50),
    numbers(2, 0x0314),
    fields,
    numbers(2, bytes.length, 0, 0, 0, 0),
    numbers(4, mode * 2 ** 16, offset),
    bytes,
  ]);
}

/** Little-endian, each of so many bytes. */
function numbers(size: 2 | 4, ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, index) => bytes.writeUIntLE(value, index * size, size));
  return bytes;
}
