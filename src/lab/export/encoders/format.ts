import type { Encoder } from '../../encoders/encoder.ts';
import type { FinishedEncoder } from '../../encoders/encoderFolder.ts';

/** A format in which a finished encoder is written for other programs. */
export interface ExportFormat {
  /** `library_name` of the model card. */
  readonly library: string;
  /** Why an encoder cannot be written in this format, in one sentence; null if it can. */
  refusal(encoder: Encoder): string | null;
  /** Writes its files into an empty folder. */
  write(folder: string, finished: FinishedEncoder): void;
  /** Python code that turns `texts` into embeddings, run in the exported folder. */
  usage(finished: FinishedEncoder): string;
}
