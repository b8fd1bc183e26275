import type { CredentialStatus } from '../../shared/contract/downloads.ts';

/** Who asks a service, and where that was found. Of this, nothing but `kept` and `where` is ever shown or stored. */
export interface Credentials {
  /** Of legacy keys, which mean nothing without it. */
  readonly username?: string | undefined;
  /** A token or a key. */
  readonly secret: string;
  readonly kept: NonNullable<CredentialStatus['kept']>;
  /** The variable or the file; null where it was set in LossLab. */
  readonly where: string | null;
}
