import type { Failure } from '../../shared/contract/messages.ts';
import { LabError } from '../../shared/errors.ts';
import { asFileError } from '../files/storage.ts';

/** What another process failed with, as it was there. */
export function fromFailure({ code, message, fix }: Failure): Error {
  return code === 'internal' ? new Error(message) : new LabError(code, message, fix);
}

/** An error as a screen shows it. Whatever is no LabError is a defect, and says so. */
export function toFailure(thrown: unknown): Failure {
  const error = asFileError(thrown);
  if (error instanceof LabError) return { code: error.code, message: error.message, fix: error.fix };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message,
    fix: 'This is a defect of LossLab: please report it with the diagnostics of the settings screen.',
  };
}
