import type { z } from 'zod';
import { contract, type MethodName } from '../../shared/contract/contract.ts';
import { LabError } from '../../shared/errors.ts';
import type { Connection, Implementations } from './context.ts';
import { safeParse } from '../../shared/safeParse.ts';

/**
 * Calls a method with unchecked input. Throws a LabError for an unknown method or invalid input, and what the method
 * throws.
 */
export async function callMethod(
  methods: Implementations,
  name: string,
  input: unknown,
  screen: Connection,
): Promise<unknown> {
  if (!Object.hasOwn(contract, name)) throw new LabError('usage', `The lab does not have a method "${name}".`);
  const method = name as MethodName;
  const parsed = safeParse<z.ZodType>(contract[method].input, input);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new LabError('usage', `${[method, ...path].join('.')}: ${message}.`);
  }
  // The contract has just checked that the input belongs to this method.
  const implementation = methods[method] as (input: unknown, screen: Connection) => unknown;
  return await implementation(parsed.data, screen);
}
