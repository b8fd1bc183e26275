import type { Encoder } from '../../encoders/encoder.ts';
import type { FinishedEncoder } from '../../encoders/encoderFolder.ts';

/** A way to write a finished encoder for other programs. */
export interface ExportFormat {
  /** `library_name` of the model card. */
  readonly library: string;
  /** Why an encoder cannot be written so, in one sentence; null where it can. */
  refusal(encoder: Encoder): string | null;
  /** Writes its files into an empty folder. */
  write(folder: string, finished: FinishedEncoder): void;
  /** Python that turns `texts` into embeddings, where the folder is the current one. */
  usage(finished: FinishedEncoder): string;
}
