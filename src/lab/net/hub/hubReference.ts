import { LabError } from '../../../shared/errors.ts';

/** A repository of the Hub at a revision, as `hf:repository@revision` names it. */
export interface HubReference {
  /** `name` or `owner/name`. */
  readonly repository: string;
  /** A branch, a tag, or a full commit; `main` by default. */
  readonly revision: string;
}

const scheme = 'hf:';
/** The Hub's rules for names: no part begins or ends with a dot or a dash, or contains two of them in a row. */
const repositoryName = /^\w+([.-]\w+)*(\/\w+([.-]\w+)*)?$/;
const revisionName = /^\w[\w.+-]*(\/\w[\w.+-]*)*$/;

export function isHubReference(reference: string): boolean {
  return reference.startsWith(scheme);
}

/** Throws a `configuration` LabError that says how a reference is written. */
export function parseHubReference(reference: string): HubReference {
  const [repository = '', revision = 'main', ...rest] = reference.slice(scheme.length).split('@');
  const sound =
    isHubReference(reference) &&
    rest.length === 0 &&
    repositoryName.test(repository) &&
    revisionName.test(revision) &&
    !revision.includes('..');
  if (sound) return { repository, revision };
  throw new LabError(
    'configuration',
    `"${reference}" is not a repository of the Hugging Face Hub; expected hf:repository or hf:repository@revision.`,
    'For example hf:distilbert-base-uncased, or hf:sentence-transformers/all-MiniLM-L6-v2@main.',
  );
}

export function formatHubReference({ repository, revision }: HubReference): string {
  return `${scheme}${repository}${revision === 'main' ? '' : `@${revision}`}`;
}

/** Whether a revision can never change. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}
