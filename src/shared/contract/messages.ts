import { z } from 'zod';
import { errorCodes } from '../errors.ts';

/**
 * Messages between a screen and the lab, over any carrier: Electron's message ports or a WebSocket. Carriers preserve
 * NaN, infinities and typed arrays.
 */

/** From a screen: a call of a method of the contract. The caller chooses the ids. */
export const requestMessage = z.strictObject({ id: z.int(), method: z.string(), input: z.unknown() });
export type RequestMessage = z.output<typeof requestMessage>;

export const failure = z.object({
  code: z.enum([...errorCodes, 'internal']),
  message: z.string(),
  /** What to do next; may be empty. */
  fix: z.string(),
});
/** An error for users: what happened, what was expected, and what to do next. */
export type Failure = z.output<typeof failure>;

/** To a screen: the answer to a call, or a notification. */
export type ResponseMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly notification: unknown };
