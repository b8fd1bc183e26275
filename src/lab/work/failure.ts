import type { Failure } from '../../shared/contract/messages.ts';
import { LabError } from '../../shared/errors.ts';
import { asFileError } from '../files/storage.ts';

/** An error as people see it. Anything but a LabError is a defect. */
export function toFailure(thrown: unknown): Failure {
  const error = asFileError(thrown);
  if (error instanceof LabError) return { code: error.code, message: error.message, fix: error.fix };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message,
    fix: 'This is a defect of LossLab: please report it with this text and the diagnostics of the settings screen.',
  };
}

/** An error as data, on its way from a worker to its owner. Of a defect the stack is kept, for the log. */
export interface PackedFailure {
  readonly failure: Failure;
  readonly stack: string | null;
}

export function packFailure(thrown: unknown): PackedFailure {
  const failure = toFailure(thrown);
  const stack = failure.code === 'internal' && thrown instanceof Error ? (thrown.stack ?? null) : null;
  return { failure, stack };
}

export function unpackFailure({ failure: { code, message, fix }, stack }: PackedFailure): Error {
  if (code !== 'internal') return new LabError(code, message, fix);
  const error = new Error(message);
  if (stack !== null) error.stack = stack;
  return error;
}
