import type { ImportOptions } from '../importDataset.ts';
import { stackExchangeAttribution, stackExchangeLicence } from '../stackExchange.ts';
import { formatKaggleReference, type KaggleReference } from '../../net/kaggle/kaggleReference.ts';

/** The owner of Stack Exchange's own datasets on Kaggle, and their sites. */
const stackExchangeOwner = 'stackoverflow';
const sites: Readonly<Record<string, string>> = {
  statsquestions: 'stats.stackexchange.com',
  stacksample: 'stackoverflow.com',
  pythonquestions: 'stackoverflow.com',
  rquestions: 'stackoverflow.com',
};

/** Where a dataset comes from and, if known, the authors of its texts and their licence. */
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
