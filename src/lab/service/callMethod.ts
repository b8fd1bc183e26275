import type { z } from 'zod';
import { contract, type MethodName } from '../../shared/contract/contract.ts';
import { LabError } from '../../shared/errors.ts';
import type { Connection, Implementations } from './context.ts';
import { safeParse } from '../../shared/safeParse.ts';

/** Calls a method with an input that nobody has looked at yet. Throws a LabError for what is none, and what the method throws. */
export async function callMethod(
  methods: Implementations,
  name: string,
  input: unknown,
  screen: Connection,
): Promise<unknown> {
  if (!Object.hasOwn(contract, name)) throw new LabError('usage', `The lab has no method "${name}".`);
  const method = name as MethodName;
  const parsed = safeParse<z.ZodType>(contract[method].input, input);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new LabError('usage', `${[method, ...path].join('.')}: ${message}.`);
  }
  // The contract has just checked that this input is the one of this method.
  const implementation = methods[method] as (input: unknown, screen: Connection) => unknown;
  return await implementation(parsed.data, screen);
}
