import { decodeMessage, encodeMessage } from '../../../src/shared/contract/codec.ts';
import { oneOf, type Mutator, type Random } from '../target.ts';
import { mutateJson } from './json.ts';

/** Changes a message as JSON. */
export const mutateMessage: Mutator = (input, random) =>
  changedMessage(input, random, (value) =>
    JSON.parse(mutateJson(Buffer.from(JSON.stringify(value)), random).toString()),
  );

/** Values that JSON does not support, and long values. */
const values: readonly unknown[] = [
  ...[false, true, null, 'a', ' a ', 'first-run', 'sample', 2, 10, 100, 1e-3],
  ...[
    NaN,
    Infinity,
    -Infinity,
    -0,
    2 ** 53,
    1.5,
    -1,
    0,
    '',
    ' ',
    '\0',
    '\ud800',
    '../../x',
    '/etc/passwd',
    'C:\\x',
    '__proto__',
    'constructor',
    'x'.repeat(5000),
  ],
  ...[
    new Uint8Array(3),
    Float64Array.of(NaN),
    Float32Array.of(1),
    new Date(0),
    [],
    {},
    ['x'],
    Array.from({ length: 300 }, () => 'x'),
    { length: 3 },
  ],
];

/** Replaces a value of a message, half of the time by one of the same type. */
export const replaceValue: Mutator = (input, random) =>
  changedMessage(input, random, (value) => replaced(value, random));

function replaced(value: unknown, random: Random): unknown {
  const keys = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) ? Object.keys(value) : [];
  if (keys.length === 0 || random.integer(8) === 0)
    return oneOf(random.integer(2) === 0 ? ofSameKind(value) : values, random);
  const key = oneOf(keys, random);
  const child = replaced((value as Record<string, unknown>)[key], random);
  return Array.isArray(value) ? value.with(Number(key), child) : { ...(value as object), [key]: child };
}

function ofSameKind(value: unknown): readonly unknown[] {
  const fitting = values.filter((one) => typeof one === typeof value && Array.isArray(one) === Array.isArray(value));
  return fitting.length > 0 ? fitting : values;
}

/**
 * Usually changes the input of the call. Returns the input unchanged if it is not a message or the result cannot be
 * sent.
 */
function changedMessage(input: Buffer, random: Random, change: (value: unknown) => unknown): Buffer {
  try {
    const message = decodeMessage(input);
    const call = message as { readonly input: unknown };
    return Buffer.from(
      encodeMessage(random.integer(8) === 0 ? change(message) : { ...call, input: change(call.input) }),
    );
  } catch {
    return input;
  }
}
