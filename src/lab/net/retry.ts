import { setTimeout as wait } from 'node:timers/promises';
import pRetry from 'p-retry';
import { LabError } from '../../shared/errors.ts';

/** How long to wait for a server. All times in milliseconds. */
export interface Patience {
  /** Further attempts without progress after the first one. */
  readonly retries: number;
  /** Before the first of them; each waits about twice as long as the one before, with some randomness. */
  readonly firstWait: number;
  readonly longestWait: number;
  /** If a server asks for a longer wait, LossLab gives up. */
  readonly longestAsked: number;
  /** After this time without a byte the connection counts as cut. */
  readonly stall: number;
}

export const patience: Patience = {
  retries: 5,
  firstWait: 1000,
  longestWait: 30_000,
  longestAsked: 120_000,
  stall: 30_000,
};

/**
 * An attempt that failed in a way that may not happen again: a cut connection, a busy server. Its message is a part of
 * a sentence.
 */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** Milliseconds that the server asks to wait; null if it does not say. */
  readonly asked: number | null;
  /** Whether more has arrived than ever before: such an attempt does not count. */
  readonly progressed: boolean;

  constructor(
    reason: string,
    { asked = null, progressed = false, cause }: { asked?: number | null; progressed?: boolean; cause?: unknown } = {},
  ) {
    super(reason, { cause });
    this.asked = asked;
    this.progressed = progressed;
  }
}

/**
 * Repeats `attempt` while it throws an `Interruption`, with pauses. Passes on its other errors; throws a `download`
 * LabError about `what` after the last attempt, and the signal's reason when aborted.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  what: string,
  options: {
    readonly patience: Patience;
    readonly signal?: AbortSignal | undefined;
    /** What to do after the last attempt. */
    readonly again?: string;
  },
): Promise<T> {
  const { retries, firstWait, longestWait, longestAsked } = options.patience;
  const signal = options.signal;
  try {
    return await pRetry(attempt, {
      retries,
      minTimeout: firstWait,
      maxTimeout: longestWait,
      randomize: true,
      signal,
      shouldConsumeRetry: ({ error }) => !(error instanceof Interruption && error.progressed),
      shouldRetry: ({ error }) => error instanceof Interruption && (error.asked ?? 0) <= longestAsked,
      async onFailedAttempt({ error, retriesLeft }) {
        if (!(error instanceof Interruption)) return;
        const waiting = error.progressed ? firstWait : retriesLeft > 0 ? error.asked : 0;
        if (waiting && waiting <= longestAsked) await wait(waiting, undefined, { signal });
      },
    });
  } catch (error) {
    // Node reports an abort during a pause with its own error.
    signal?.throwIfAborted();
    if (error instanceof Interruption) throw givenUp(what, error, longestAsked, options.again);
    throw error;
  }
}

function givenUp(
  what: string,
  { message, asked, cause }: Interruption,
  longestAsked: number,
  again = 'Start the download again: it continues from the part that has arrived.',
): LabError {
  if (asked !== null && asked > longestAsked) {
    return new LabError(
      'download',
      `${what}: ${message}, and the server asks for a pause of ${duration(asked)}.`,
      `Try again in ${duration(asked)}.`,
      { cause },
    );
  }
  return new LabError('download', `${what}: ${message}.`, again, { cause });
}

/**
 * Milliseconds that an answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), or the Hub's
 * `RateLimit: "api";r=0;t=55`, where t is the number of seconds until the limit is reset; null if neither is there.
 */
export function askedToWait(headers: Headers, now = Date.now()): number | null {
  const retryAfter = headers.get('retry-after')?.trim();
  if (retryAfter && /^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  // A date begins with its weekday; Date.parse would read any number as a year.
  const date = /^[a-z]/i.test(retryAfter ?? '') ? Date.parse(retryAfter!) : NaN;
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const reset = /;\s*t=(\d{1,9})(?!\d)/.exec(headers.get('ratelimit') ?? '')?.[1];
  return reset === undefined ? null : Number(reset) * 1000;
}

function duration(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  return `${Math.ceil(minutes / 60)} hours`;
}
