import { z } from 'zod';
import type { Failure } from './messages.ts';

/** Types of downloads for screens: datasets from Kaggle, encoders from the Hugging Face Hub. */

export const downloadRequest = z.strictObject({
  /** `kaggle:owner/name` or `hf:repository`, optionally followed by `@version` or `@revision`. */
  source: z.string().min(1).max(300),
  /** Name of the dataset; by default the last part of its source. */
  name: z.string().min(1).optional(),
  /** Maximum number of questions: the first usable ones of the dataset. */
  limit: z.int().min(1).optional(),
  /** Whether to replace a dataset with the same name. */
  replace: z.boolean().optional(),
});
export type DownloadRequest = z.output<typeof downloadRequest>;

/** Services that may need credentials. */
export const credentialServices = ['kaggle', 'huggingface'] as const;
export type CredentialService = (typeof credentialServices)[number];

export interface DownloadView {
  readonly id: string;
  readonly request: DownloadRequest;
  /** `interrupted`: the lab was closed during the download. All states except `finished` can be resumed. */
  readonly state: 'running' | 'finished' | 'failed' | 'cancelled' | 'interrupted';
  /** As text, while it is running: "Downloading archive.zip", "Checking", "Importing". */
  readonly stage: string;
  /** Bytes of this stage; null if the server does not report the size. */
  readonly done: number;
  readonly total: number | null;
  /** Null unless data is arriving. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly failure: Failure | null;
  /** The service that needs credentials, or refused the given ones. */
  readonly needsCredentials: CredentialService | null;
  readonly result:
    { readonly kind: 'dataset'; readonly name: string } | { readonly kind: 'encoder'; readonly encoder: string } | null;
}

export interface CredentialStatus {
  readonly service: CredentialService;
  /** `keychain`: encrypted by the system's key store; `memory`: forgotten when the lab is closed; null: none. */
  readonly kept: 'environment' | 'file' | 'keychain' | 'memory' | null;
  /** The variable's name or the file's path; never the secret. */
  readonly where: string | null;
}
