import { z } from 'zod';
import { errorCodes } from '../errors.ts';

/**
 * What a screen and the lab say to each other, whatever carries it: Electron's message ports, or a
 * WebSocket. A carrier keeps NaN, infinities and typed arrays as they are.
 */

/** From a screen: a call of a method of the contract. Ids are the caller's own. */
export const requestMessage = z.strictObject({ id: z.int(), method: z.string(), input: z.unknown() });
export type RequestMessage = z.output<typeof requestMessage>;

export const failure = z.object({
  code: z.enum([...errorCodes, 'internal']),
  message: z.string(),
  /** What to do next; may be empty. */
  fix: z.string(),
});
/** An error as people see it: what was expected, what was found, and what to do next. */
export type Failure = z.output<typeof failure>;

/** To a screen: the answer to a call, or something that happened. */
export type ResponseMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly notification: unknown };
