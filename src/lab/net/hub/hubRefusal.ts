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

/** Explains the Hub's answers by X-Error-Code, otherwise by status. Null if the status says it all. */
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
          `${name}: its owners require that you accept their terms${token === null ? '' : '. The owner of the token that was sent has not accepted them'}.`,
          `Accept them at ${page}, and set HF_TOKEN to your token.`,
        );
      case 'RevisionNotFound':
        return new LabError(
          'download',
          `${name}: the repository has no revision "${revision}".`,
          `Look at ${page}/tree/main for its branches and tags.`,
        );
      case 'EntryNotFound':
        return new EntryNotFound(`${name} has no file ${address.split('/').at(-1)}.`);
      case 'RepoNotFound':
        return noRepository();
    }
    return status === 401 || status === 403 ? noRepository() : null;
  };

  /** The Hub gives the same answer in both cases if it does not know the user. */
  function noRepository(): LabError {
    const whose =
      token === null
        ? 'or it is private (no token was sent)'
        : 'or it is private and the token that was sent has no access';
    return new CredentialsNeeded(
      'huggingface',
      `${name}: the repository does not exist at ${endpoint}, ${whose}.`,
      'Check the name; for a private repository, set HF_TOKEN to a token with access to it.',
    );
  }
}
