import { LabError } from '../../../shared/errors.ts';
import { CredentialsNeeded } from '../credentialsNeeded.ts';
import { formatHubReference, type HubReference } from './hubReference.ts';
import type { HubSettings } from './hubSettings.ts';
import type { Refusal } from '../refusal.ts';

/** A file that a commit does not have. */
export class EntryNotFound extends LabError {
  constructor(message: string) {
    super('download', message, 'Check the repository and its revision.');
  }
}

/** The Hub's answers in words: by its X-Error-Code, else by status. Null where the status says all. */
export function explainHub(
  reference: HubReference,
  { endpoint, token }: Pick<HubSettings, 'endpoint' | 'token'>,
): (refusal: Refusal) => LabError | null {
  const { repository, revision } = reference;
  const page = `${endpoint}/${repository}`;
  const name = formatHubReference(reference);
  return ({ status, headers, address }) => {
    switch (headers.get('x-error-code')) {
      case 'GatedRepo':
        return new CredentialsNeeded(
          'huggingface',
          `${name}: its owners let in only who has accepted their terms${token === null ? '' : ', and the token that was sent belongs to nobody who has'}.`,
          `Accept them at ${page}, and set HF_TOKEN to a token of yours.`,
        );
      case 'RevisionNotFound':
        return new LabError(
          'download',
          `${name}: the repository has no revision "${revision}".`,
          `Look at ${page}/tree/main for its branches and tags.`,
        );
      case 'EntryNotFound':
        return new EntryNotFound(`${name}: there is no ${address.split('/').at(-1)}.`);
      case 'RepoNotFound':
        return noRepository();
    }
    return status === 401 || status === 403 ? noRepository() : null;
  };

  /** The Hub does not tell those apart for whom it does not know. */
  function noRepository(): LabError {
    const whose =
      token === null ? 'or it is private: no token was sent' : 'or it is private and not for the token that was sent';
    return new CredentialsNeeded(
      'huggingface',
      `${name}: there is no such repository at ${endpoint}, ${whose}.`,
      'Check the name; for a private repository, set HF_TOKEN to a token that may read it.',
    );
  }
}
