import type { CredentialStatus } from '../../shared/contract/downloads.ts';

/** Credentials for a service, and where they were found. Only `kept` and `where` are ever shown or stored. */
export interface Credentials {
  /** Only for legacy keys, which cannot be used without it. */
  readonly username?: string | undefined;
  /** A token or a key. */
  readonly secret: string;
  readonly kept: NonNullable<CredentialStatus['kept']>;
  /** The variable or the file; null if it was set in LossLab. */
  readonly where: string | null;
}
