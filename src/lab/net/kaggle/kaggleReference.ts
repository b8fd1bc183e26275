import { LabError } from '../../../shared/errors.ts';

/** A dataset of Kaggle. */
export interface KaggleReference {
  readonly owner: string;
  readonly slug: string;
  /** Null for the newest. */
  readonly version: number | null;
}

/** Reads `kaggle:owner/name[@version]`. Throws a `usage` LabError for anything else. */
export function parseKaggleReference(source: string): KaggleReference {
  const [, owner, slug, version] =
    /^kaggle:([A-Za-z0-9][\w-]{0,99})\/([A-Za-z0-9][\w-]{0,99})(?:@([1-9]\d{0,8}))?$/.exec(source) ?? [];
  if (owner === undefined || slug === undefined) {
    throw new LabError(
      'usage',
      `"${source}" is not a dataset of Kaggle: expected kaggle:owner/name, or kaggle:owner/name@version.`,
      'For example: kaggle:stackoverflow/statsquestions',
    );
  }
  return { owner, slug, version: version === undefined ? null : Number(version) };
}

export function formatKaggleReference({ owner, slug, version }: KaggleReference): string {
  return `kaggle:${owner}/${slug}${version === null ? '' : `@${version}`}`;
}
