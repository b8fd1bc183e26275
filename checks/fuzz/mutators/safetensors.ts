import { type Mutator } from '../target.ts';
import { mutateJson } from './json.ts';

/** Changes the header and usually corrects its length. */
export const mutateHeader: Mutator = (input, random) => {
  if (input.length < 8) return input;
  const end = 8 + Number(input.readBigUInt64LE(0));
  if (end > input.length) return input;
  const header = mutateJson(input.subarray(8, end), random);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(random.integer(8) === 0 ? end - 8 : header.length));
  return Buffer.concat([length, header, input.subarray(end)]);
};
