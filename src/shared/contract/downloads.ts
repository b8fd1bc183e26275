import { z } from 'zod';
import type { Failure } from './messages.ts';

/** Downloads as screens see them: datasets from Kaggle, encoders from the Hugging Face Hub. */

export const downloadRequest = z.strictObject({
  /** `kaggle:owner/name` or `hf:repository`, each with `@version` or `@revision` behind it where one is meant. */
  source: z.string().min(1).max(300),
  /** What a dataset will be called; by default the last part of its source. */
  name: z.string().min(1).optional(),
  /** Only the first so many usable questions of a dataset. */
  limit: z.int().min(1).optional(),
  /** Whether a dataset of that name may be replaced. */
  replace: z.boolean().optional(),
});
export type DownloadRequest = z.output<typeof downloadRequest>;

/** Services that may ask for credentials. */
export const credentialServices = ['kaggle', 'huggingface'] as const;
export type CredentialService = (typeof credentialServices)[number];

export interface DownloadView {
  readonly id: string;
  readonly request: DownloadRequest;
  /** `interrupted`: the lab was closed meanwhile. All but `finished` can be resumed. */
  readonly state: 'running' | 'finished' | 'failed' | 'cancelled' | 'interrupted';
  /** In words, while it is running: "Downloading archive.zip", "Checking", "Importing". */
  readonly stage: string;
  /** Bytes of this stage; null where the server does not tell how many there are. */
  readonly done: number;
  readonly total: number | null;
  /** Null unless bytes are arriving. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly failure: Failure | null;
  /** The service that wants to know who asks, or asked in vain. */
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
