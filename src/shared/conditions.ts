import type { Configuration } from './configuration.ts';
import { falseNegativePolicy } from './falseNegatives.ts';
import { splitSeed } from './split.ts';

/** The key of a condition in which two runs of one experiment differ; null where they are trained under the same ones. */
export function differingCondition(first: Configuration, other: Configuration): string | null {
  const [a, b] = [conditions(first), conditions(other)];
  return Object.keys(a).find((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key])) ?? null;
}

/** What the runs of one experiment share: data, encoder and budget. Seeds may differ, the split may not. */
function conditions(configuration: Configuration): Record<string, unknown> {
  const { data_path, limit, test_size, encoder, training } = configuration;
  const { device, batch_size, epochs, max_minutes } = training;
  return {
    data_path,
    limit,
    test_size,
    split_seed: splitSeed(configuration),
    encoder,
    device,
    batch_size,
    epochs,
    max_minutes,
    false_negatives: falseNegativePolicy(training),
  };
}
