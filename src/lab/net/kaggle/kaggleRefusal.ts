import { LabError } from '../../../shared/errors.ts';
import type { Credentials } from '../credentials.ts';
import { CredentialsNeeded } from '../credentialsNeeded.ts';
import { formatKaggleReference, type KaggleReference } from './kaggleReference.ts';
import { isWebPage, type Explain } from '../refusal.ts';

const howToSignIn =
  'Make a token in the settings of Kaggle, under API, and set KAGGLE_API_TOKEN to it; kaggle.json works, too.';

/** Kaggle's answers in words. Null where the status, or a web page, says all. */
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
          : `${name}: Kaggle wants to know who asks (status 401).`,
        howToSignIn,
      );
    if (status !== 403 && status !== 404) return null;
    // Kaggle does not tell these apart.
    const message = `${name}: Kaggle does not give it out (status ${status}): the name or version is wrong, it is private, or its terms have not been accepted${credentials ? '' : '; no credentials were sent'}.`;
    const fix = `Open ${page} in a browser, signed in: accept its terms where it asks.`;
    return credentials || status === 404
      ? new LabError('download', message, fix)
      : new CredentialsNeeded('kaggle', message, `${fix} ${howToSignIn}`);
  };
}
