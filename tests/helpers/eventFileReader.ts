/** TensorBoard's event files, read by hand: TFRecord framing with its checksums, and protocol buffers by field number. */

export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion: string | undefined;
  readonly values: readonly ReadValue[];
}

export interface ReadValue {
  readonly tag: string;
  /** NaN is a value, undefined is none. */
  readonly scalar: number | undefined;
  readonly histogram:
    | {
        readonly minimum: number;
        readonly maximum: number;
        readonly number: number;
        readonly limits: readonly number[];
        readonly counts: readonly number[];
      }
    | undefined;
  readonly plugin: string | undefined;
  readonly text: string | undefined;
  /** Of the hparams plugin. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly status: number | undefined;
}

/** Throws where a length, a checksum or a field is not what it must be. */
export function readEventFile(bytes: Uint8Array): ReadEvent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const events: ReadEvent[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    requireSum(view.getUint32(at + 8, true), bytes.subarray(at, at + 8));
    const content = bytes.subarray(at + 12, at + 12 + length);
    requireSum(view.getUint32(at + 12 + length, true), content);
    events.push(readEvent(content));
    at += length + 16;
  }
  return events;
}

export function scalarsOf(
  events: readonly ReadEvent[],
): Map<string, { step: number; wallTime: number; value: number }[]> {
  const scalars = events.flatMap(({ step, wallTime, values }) =>
    values.flatMap(({ tag, scalar }) => (scalar === undefined ? [] : [{ tag, step, wallTime, value: scalar }])),
  );
  return Map.groupBy(scalars, ({ tag }) => tag);
}

function requireSum(masked: number, bytes: Uint8Array): void {
  const rotated = (masked - 0xa282ead8) >>> 0;
  if (((rotated >>> 17) | (rotated << 15)) >>> 0 !== bitwiseCrc32c(bytes)) throw new Error('a checksum is wrong');
}

/** Bit by bit: slow, and without a table to be wrong. */
function bitwiseCrc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0x82f63b78 : 0);
  }
  return ~sum >>> 0;
}

type Field = { readonly number: number; readonly bytes: Uint8Array; readonly integer: number };

function readEvent(bytes: Uint8Array): ReadEvent {
  const fields = fieldsOf(bytes);
  const summary = one(fields, 5);
  return {
    wallTime: asDouble(one(fields, 1)!),
    step: one(fields, 2)?.integer ?? 0,
    fileVersion: asText(one(fields, 3)),
    values: summary ? fieldsOf(summary.bytes).map((value) => readValue(value.bytes)) : [],
  };
}

function readValue(bytes: Uint8Array): ReadValue {
  const fields = fieldsOf(bytes);
  const plugin = nested(nested(fields, 9), 1);
  const hyperparameters = asText(one(plugin, 1)) === 'hparams' ? nested(plugin, 2) : [];
  const scalar = one(fields, 2);
  return {
    tag: asText(one(fields, 1))!,
    scalar: scalar && new DataView(scalar.bytes.buffer, scalar.bytes.byteOffset).getFloat32(0, true),
    histogram: readHistogram(one(fields, 5)),
    plugin: asText(one(plugin, 1)),
    text: asText(one(nested(fields, 8), 8)),
    settings: Object.fromEntries(
      nested(hyperparameters, 3)
        .filter(({ number }) => number === 1)
        .map((entry) => readSetting(entry.bytes)),
    ),
    status: one(nested(hyperparameters, 4), 1)?.integer,
  };
}

function readHistogram(field: Field | undefined): ReadValue['histogram'] {
  if (!field) return undefined;
  const fields = fieldsOf(field.bytes);
  // A number that is 0 is left out of a message.
  const [minimum, maximum, number] = [1, 2, 3].map((id) => one(fields, id)).map((each) => (each ? asDouble(each) : 0));
  return {
    minimum: minimum!,
    maximum: maximum!,
    number: number!,
    limits: asDoubles(one(fields, 6)!),
    counts: asDoubles(one(fields, 7)!),
  };
}

function readSetting(bytes: Uint8Array): [string, unknown] {
  const entry = fieldsOf(bytes);
  const value = nested(entry, 2);
  const [number, text, truth] = [one(value, 2), one(value, 3), one(value, 4)];
  return [asText(one(entry, 1))!, number ? asDouble(number) : text ? asText(text) : truth?.integer === 1];
}

function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    let key: number;
    [key, at] = readVarint(bytes, at);
    const number = key >>> 3;
    switch (key & 7) {
      case 0: {
        let integer: number;
        [integer, at] = readVarint(bytes, at);
        fields.push({ number, integer, bytes: new Uint8Array() });
        break;
      }
      case 1:
        fields.push({ number, integer: 0, bytes: bytes.subarray(at, (at += 8)) });
        break;
      case 5:
        fields.push({ number, integer: 0, bytes: bytes.subarray(at, (at += 4)) });
        break;
      case 2: {
        let length: number;
        [length, at] = readVarint(bytes, at);
        if (at + length > bytes.length) throw new Error('a field is longer than its message');
        fields.push({ number, integer: 0, bytes: bytes.subarray(at, (at += length)) });
        break;
      }
      default:
        throw new Error(`wire type ${key & 7}`);
    }
  }
  return fields;
}

function readVarint(bytes: Uint8Array, at: number): [number, number] {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error('a number is cut');
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at];
  }
}

function one(fields: readonly Field[], number: number): Field | undefined {
  return fields.find((field) => field.number === number);
}

function nested(fields: readonly Field[], number: number): Field[] {
  const field = one(fields, number);
  return field ? fieldsOf(field.bytes) : [];
}

function asText(field: Field | undefined): string | undefined {
  return field && Buffer.from(field.bytes).toString('utf8');
}

/** Packed: one after the other, without keys between. */
function asDoubles({ bytes }: Field): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

function asDouble({ bytes }: Field): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
}
