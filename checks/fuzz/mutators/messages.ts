import { decodeMessage, encodeMessage } from '../../../src/shared/contract/codec.ts';
import { oneOf, type Mutator, type Random } from '../target.ts';
import { mutateJson } from './json.ts';

/** A message that has become another one, as JSON changes. */
export const mutateMessage: Mutator = (input, random) =>
  changedMessage(input, random, (value) =>
    JSON.parse(mutateJson(Buffer.from(JSON.stringify(value)), random).toString()),
  );

/** What JSON cannot say, and what is long. */
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

/** Some value of a message becomes another one, half of the time of the same kind. */
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

/** The change is mostly one of what the call is given. Where the input is no message, or what it would become none that can be sent: as it is. */
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
