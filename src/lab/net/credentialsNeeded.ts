import type { CredentialService } from '../../shared/contract/downloads.ts';
import { LabError } from '../../shared/errors.ts';

/** A service needs credentials, or refuses those that were sent. */
export class CredentialsNeeded extends LabError {
  readonly service: CredentialService;

  constructor(service: CredentialService, message: string, fix: string) {
    super('download', message, fix);
    this.service = service;
  }
}
