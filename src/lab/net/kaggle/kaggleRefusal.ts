import { LabError } from '../../../shared/errors.ts';
import type { Credentials } from '../credentials.ts';
import { CredentialsNeeded } from '../credentialsNeeded.ts';
import { formatKaggleReference, type KaggleReference } from './kaggleReference.ts';
import { isWebPage, type Explain } from '../refusal.ts';

const howToSignIn =
  'Create a token in the settings of Kaggle, under API, and set KAGGLE_API_TOKEN to it. A kaggle.json works, too.';

/** Explains Kaggle's answers. Null if the status, or a web page, says it all. */
export function explainKaggle(reference: KaggleReference, endpoint: string, credentials: Credentials | null): Explain {
  const name = formatKaggleReference(reference);
  const page = `${endpoint}/datasets/${reference.owner}/${reference.slug}`;
  return ({ status, headers, text }) => {
    if (isWebPage(headers, text)) return null;
    if (status === 401)
      return new CredentialsNeeded(
        'kaggle',
        credentials
          ? `${name}: Kaggle does not accept the credentials of ${credentials.where ?? 'LossLab'} (status 401).`
          : `${name}: Kaggle needs credentials (status 401).`,
        howToSignIn,
      );
    if (status !== 403 && status !== 404) return null;
    // Kaggle gives the same answer in all these cases.
    const message = `${name}: Kaggle refuses access (status ${status}): the name or version is wrong, the dataset is private, or you have not accepted its terms${credentials ? '' : '; no credentials were sent'}.`;
    const fix = `Sign in to Kaggle, open ${page} in a browser, and accept the terms if it asks.`;
    return credentials || status === 404
      ? new LabError('download', message, fix)
      : new CredentialsNeeded('kaggle', message, `${fix} ${howToSignIn}`);
  };
}
