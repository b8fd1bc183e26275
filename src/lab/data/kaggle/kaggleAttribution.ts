import type { ImportOptions } from '../importDataset.ts';
import { stackExchangeAttribution, stackExchangeLicence } from '../stackExchange.ts';
import { formatKaggleReference, type KaggleReference } from '../../net/kaggle/kaggleReference.ts';

/** The owner of the datasets that Stack Exchange itself has put there, and the sites that they are of. */
const stackExchangeOwner = 'stackoverflow';
const sites: Readonly<Record<string, string>> = {
  statsquestions: 'stats.stackexchange.com',
  stacksample: 'stackoverflow.com',
  pythonquestions: 'stackoverflow.com',
  rquestions: 'stackoverflow.com',
};

/** Where a dataset comes from, and as far as that is known, whose texts they are and under which licence. */
export function knownOf(reference: KaggleReference): NonNullable<ImportOptions['known']> {
  const origin = { reference: formatKaggleReference(reference) };
  const { owner, slug } = reference;
  if (owner !== stackExchangeOwner)
    return {
      origin,
      attribution: `Dataset ${owner}/${slug} of Kaggle; its page there tells whose texts they are, and under which licence.`,
    };
  return { origin, attribution: stackExchangeAttribution(sites[slug]), licence: stackExchangeLicence };
}
