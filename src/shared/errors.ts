/**
 * Errors for users. A message says what happened, with the value and the place, and what was expected; `fix` says what
 * to do next. Any other error is a defect of LossLab and is reported as one.
 */

export const errorCodes = [
  'configuration', // a key, value or combination in a configuration
  'data', // a dataset or an input file
  'encoder', // weights, architecture, tokenizer
  'device', // a device that is unknown, missing or failed
  'training', // a run that cannot continue (NaN, too little data)
  'checkpoint', // a checkpoint that cannot be read or written
  'download', // a server, the network, or received data
  'storage', // home folder, database, disk
  'usage', // an invalid command line or request
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: ErrorCode;
  /** What the user can do next, in one sentence; empty if the message says it. */
  readonly fix: string;

  constructor(code: ErrorCode, message: string, fix = '', options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.fix = fix;
  }
}

/** One text for a terminal or a screen: the message, and the fix on a line of its own. */
export function describeError(error: unknown): string {
  if (error instanceof LabError) return error.fix ? `${error.message}\n${error.fix}` : error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
