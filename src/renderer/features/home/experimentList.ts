import type { ExperimentSummary } from '../../../shared/contract/experiments.ts';

/** What of the list of experiments is shown, and in which order. */

export type SortKey = 'name' | 'status' | 'best' | 'gain' | 'dataset' | 'device' | 'created';

export interface ListView {
  readonly search: string;
  /** Experiments with this tag only. */
  readonly tag: string | null;
  readonly sort: SortKey;
  readonly descending: boolean;
}

/** Experiments whose name, dataset, note or tags have every word of the search in them. */
export function shownExperiments(experiments: readonly ExperimentSummary[], view: ListView): ExperimentSummary[] {
  const words = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  return experiments
    .filter((experiment) => (view.tag === null || experiment.tags.includes(view.tag)) && matches(experiment, words))
    .sort(order(view.sort, view.descending));
}

function matches(experiment: ExperimentSummary, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [experiment.name, experiment.dataset.name, experiment.note, ...experiment.tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** How much better the best run is than the untrained encoder; null where one of them is not known. */
export function gain({ best, baseline }: ExperimentSummary): number | null {
  return best === null || baseline === null ? null : best.value - baseline;
}

/** What most wants to be seen comes first. */
const statusOrder: readonly ExperimentSummary['status'][] = [
  'running',
  'paused',
  'waiting',
  'failed',
  'interrupted',
  'stopped',
  'queued',
  'skipped',
  'finished',
];

const sortValues: Record<SortKey, (experiment: ExperimentSummary) => string | number | null> = {
  name: ({ name }) => name,
  status: ({ status }) => statusOrder.indexOf(status),
  best: ({ best }) => best?.value ?? null,
  gain,
  dataset: ({ dataset }) => dataset.name,
  device: ({ device }) => device,
  created: ({ created }) => created,
};

const byLanguage = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** What has no value comes last, whichever way the rest is sorted. */
function order(key: SortKey, descending: boolean): (a: ExperimentSummary, b: ExperimentSummary) => number {
  const valueOf = sortValues[key];
  const direction = descending ? -1 : 1;
  return (left, right) => {
    const [a, b] = [valueOf(left), valueOf(right)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return direction * (typeof a === 'string' ? byLanguage.compare(a, b as string) : a - (b as number));
  };
}

/** Every tag in use, the most used first. */
export function tagsInUse(experiments: readonly ExperimentSummary[]): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const tag of experiments.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || byLanguage.compare(a.tag, b.tag));
}
