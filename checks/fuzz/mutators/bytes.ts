import { oneOf, type Mutator, type Random } from '../target.ts';

/** Changes without knowledge of a format. An empty input only grows. */
export const byteMutators: readonly Mutator[] = [
  flipBit,
  replaceByte,
  insertBytes,
  deleteRange,
  repeatRange,
  swapRanges,
  truncate,
  changeNumber,
  changeLengthField,
];

function flipBit(input: Buffer, random: Random): Buffer {
  if (input.length === 0) return input;
  const changed = Buffer.from(input);
  changed[random.integer(input.length)]! ^= 1 << random.integer(8);
  return changed;
}

const telling = [
  0x00, 0x09, 0x0a, 0x0d, 0x1a, 0x20, 0x22, 0x26, 0x27, 0x2c, 0x3c, 0x5c, 0x7f, 0x80, 0xc0, 0xe9, 0xed, 0xfe, 0xff,
];

function replaceByte(input: Buffer, random: Random): Buffer {
  if (input.length === 0) return input;
  const changed = Buffer.from(input);
  changed[random.integer(input.length)] = random.integer(2) === 0 ? oneOf(telling, random) : random.integer(256);
  return changed;
}

function insertBytes(input: Buffer, random: Random): Buffer {
  const bytes = Buffer.alloc(1 + random.integer(8));
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = random.integer(2) === 0 ? oneOf(telling, random) : random.integer(256);
  return insertAt(input, random.integer(input.length + 1), bytes);
}

function deleteRange(input: Buffer, random: Random): Buffer {
  const [start, end] = range(input, random);
  return Buffer.concat([input.subarray(0, start), input.subarray(end)]);
}

function repeatRange(input: Buffer, random: Random): Buffer {
  const [start, end] = range(input, random);
  const times = 1 + random.integer(random.integer(10) === 0 ? 200 : 3);
  return insertAt(input, end, Buffer.concat(Array.from({ length: times }, () => input.subarray(start, end))));
}

function swapRanges(input: Buffer, random: Random): Buffer {
  const [a, b, c] = Array.from({ length: 3 }, () => random.integer(input.length + 1)).sort((x, y) => x - y) as [
    number,
    number,
    number,
  ];
  return Buffer.concat([input.subarray(0, a), input.subarray(b, c), input.subarray(a, b), input.subarray(c)]);
}

function truncate(input: Buffer, random: Random): Buffer {
  return input.subarray(0, random.integer(input.length + 1));
}

const numbers = [
  '0',
  '-0',
  '-1',
  '1',
  '00',
  '1.5',
  '1e9',
  '1e999',
  '-1e999',
  '255',
  '256',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '18446744073709551616',
  'NaN',
  'Infinity',
  '0x10',
  '1_000',
  '',
];

/** Replaces a sequence of digits by an extreme number. */
function changeNumber(input: Buffer, random: Random): Buffer {
  const from = random.integer(input.length + 1);
  let start = from;
  while (start < input.length && !isDigit(input[start]!)) start++;
  if (start === input.length) return input;
  let end = start;
  while (end < input.length && isDigit(input[end]!)) end++;
  return Buffer.concat([input.subarray(0, start), Buffer.from(oneOf(numbers, random)), input.subarray(end)]);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

const lengths = [
  0n,
  1n,
  2n,
  4n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x7fffffffffffffffn,
  0xffffffffffffffffn,
];

/** Replaces two, four or eight bytes, in either byte order, by an extreme number or one near the old value. */
function changeLengthField(input: Buffer, random: Random): Buffer {
  const size = oneOf([2, 4, 8], random);
  if (input.length < size) return input;
  // Formats have lengths near their beginning.
  const at = random.integer(random.integer(2) === 0 ? Math.min(128, input.length - size + 1) : input.length - size + 1);
  const bytes = input.subarray(at, at + size);
  const little = random.integer(4) > 0;
  const ordered = Buffer.from(little ? bytes.toReversed() : bytes);
  const value =
    random.integer(3) === 0
      ? BigInt(`0x${ordered.toString('hex')}`) + BigInt(random.integer(17) - 8)
      : oneOf(lengths, random);
  const written = Buffer.from(
    BigInt.asUintN(8 * size, value)
      .toString(16)
      .padStart(2 * size, '0'),
    'hex',
  );
  return Buffer.concat([input.subarray(0, at), little ? written.toReversed() : written, input.subarray(at + size)]);
}

/** Inserts a word at a random place. */
export function insertWord(words: readonly string[]): Mutator {
  return (input, random) => insertAt(input, random.integer(input.length + 1), Buffer.from(oneOf(words, random)));
}

/** Joins the beginning of an input and the end of another. */
export function splice(others: readonly Uint8Array[]): Mutator {
  return (input, random) => {
    const other = oneOf(others, random);
    return Buffer.concat([
      input.subarray(0, random.integer(input.length + 1)),
      other.subarray(random.integer(other.length + 1)),
    ]);
  };
}

function insertAt(input: Buffer, at: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([input.subarray(0, at), bytes, input.subarray(at)]);
}

/** Usually short. */
function range(input: Buffer, random: Random): [start: number, end: number] {
  const start = random.integer(input.length + 1);
  const longest = random.integer(4) === 0 ? input.length : 16;
  return [start, Math.min(input.length, start + random.integer(longest + 1))];
}
