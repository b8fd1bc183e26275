/**
 * Errors meant for people. A message says what was expected, what was found and where; `fix` says
 * what to do next. Anything else that is thrown is a defect of LossLab and is reported as one.
 */

export const errorCodes = [
  'configuration', // a key, value or combination in a configuration
  'data', // a dataset or an input file
  'encoder', // weights, architecture, tokenizer
  'device', // a device that is unknown, absent or failed
  'training', // a run that cannot go on (NaN, too little data)
  'checkpoint', // a checkpoint that cannot be read or written
  'download', // a server, the network, or what arrived from there
  'storage', // home folder, database, disk
  'usage', // a command line that cannot be understood
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: ErrorCode;
  /** What the user can do next, one sentence; empty where the message already says it. */
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
