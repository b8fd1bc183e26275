import { ConfigurationError } from './configuration.ts';

/** Throws a `configuration` LabError where embeddings would be cut to more numbers than they have. */
export function requireCuts(dimensions: readonly number[] | undefined, length: number): void {
  const longer = dimensions?.find((dimension) => dimension > length);
  if (longer === undefined) return;
  throw new ConfigurationError(
    ['matryoshka_dimensions', 'projection_dim'],
    `matryoshka_dimensions: embeddings of this encoder have ${length} numbers; they cannot be cut to ${longer}.`,
    `Leave ${longer} out: the full length always takes part. Shorter ones, as ${length >> 1} and ${length >> 2}, are what it is for.`,
  );
}
