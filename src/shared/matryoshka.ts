import { ConfigurationError } from './configuration.ts';

/** Throws a `configuration` LabError for a length greater than that of the embeddings. */
export function requireCuts(dimensions: readonly number[] | undefined, length: number): void {
  const longer = dimensions?.find((dimension) => dimension > length);
  if (longer === undefined) return;
  throw new ConfigurationError(
    ['matryoshka_dimensions', 'projection_dim'],
    `matryoshka_dimensions contains ${longer}, but embeddings of this encoder have ${length} dimensions.`,
    `Remove ${longer}. The full length is always included; add shorter lengths, such as ${length >> 1} and ${length >> 2}.`,
  );
}
