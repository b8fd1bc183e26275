import { LabError } from '../../shared/errors.ts';
import type { Failure } from '../../shared/contract/messages.ts';

/** What the lab answered instead of a result, or `connection` where no answer could come. */
export class LabFailure extends Error {
  override readonly name = 'LabFailure';
  readonly code: Failure['code'] | 'connection';
  /** What to do next; may be empty. */
  readonly fix: string;

  constructor(failure: { readonly code: LabFailure['code']; readonly message: string; readonly fix: string }) {
    super(failure.message);
    this.code = failure.code;
    this.fix = failure.fix;
  }
}

/** What went wrong, for `FailureNotice` and toasts, whatever was thrown. */
export function describeFailure(error: unknown): { readonly message: string; readonly fix: string } {
  if (error instanceof LabFailure || error instanceof LabError) return { message: error.message, fix: error.fix };
  const message = error instanceof Error ? error.message : String(error);
  return {
    message: `The screen failed: ${message}`,
    fix: 'This is a defect of LossLab. Settings has diagnostics to copy into a report.',
  };
}
