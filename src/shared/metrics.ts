/**
 * The retrieval metrics of an evaluation: their names and explanations, for tables and screens. How they are computed
 * is in lab/evaluation. All lie between 0 and 1.
 */

/** Each test question against all answers of the test split; verdicts use these. */
export type FullCorpusMetric = 'mrr@10' | 'ndcg@10' | 'map@100' | `${'accuracy' | 'recall'}@${1 | 3 | 5 | 10}`;

/** Each test question against a small set of candidates, which depends on the batch size. */
export type StandardizedMetric =
  'mrr' | 'accuracy@1' | `${'ndcg' | 'map'}@${1 | 5 | 10}` | `${'mrr' | 'accuracy@1'}_${'in_batch' | 'hard_neg'}`;

/** In `_own` metrics any answer to the question counts, in others only its best answer. */
export type MetricName = FullCorpusMetric | `${FullCorpusMetric}_own` | `standardized/${StandardizedMetric}`;

export interface MetricDescription {
  readonly name: MetricName;
  readonly title: string;
  /** One sentence that explains the metric. */
  readonly meaning: string;
  readonly better: 'higher';
}

type Wording = readonly [title: string, meaning: string];

const fullCorpus: Record<FullCorpusMetric, (target: string) => Wording> = {
  'mrr@10': (target) => [
    'MRR@10',
    `How near the top ${target} ranks: 1 when first, 1/2 when second, 0 beyond the tenth place.`,
  ],
  'ndcg@10': (target) => ['NDCG@10', `How high ${target} ranks in the first ten; lower places count less.`],
  'map@100': (target) => ['MAP@100', `How few wrong answers rank before ${target} in the first hundred.`],
  'accuracy@1': (target) => ['Accuracy@1', `How often ${target} comes first.`],
  'accuracy@3': (target) => ['Accuracy@3', `How often ${target} is among the first three.`],
  'accuracy@5': (target) => ['Accuracy@5', `How often ${target} is among the first five.`],
  'accuracy@10': (target) => ['Accuracy@10', `How often ${target} is among the first ten.`],
  'recall@1': (target) => ['Recall@1', `The share of ${target} that comes first.`],
  'recall@3': (target) => ['Recall@3', `The share of ${target} found in the first three.`],
  'recall@5': (target) => ['Recall@5', `The share of ${target} found in the first five.`],
  'recall@10': (target) => ['Recall@10', `The share of ${target} found in the first ten.`],
};

const standardized: Record<StandardizedMetric, Wording> = {
  mrr: [
    'MRR',
    'How near the top the best answer ranks among all candidates: 1 when first, 1/2 when second, and so on.',
  ],
  'accuracy@1': ['Accuracy@1', 'How often the best answer comes first among all candidates.'],
  'ndcg@1': ['NDCG@1', 'How often the best answer comes first among all candidates; the same as accuracy@1.'],
  'ndcg@5': ['NDCG@5', 'How high the best answer ranks in the first five of all candidates; lower places count less.'],
  'ndcg@10': ['NDCG@10', 'How high the best answer ranks in the first ten of all candidates; lower places count less.'],
  'map@1': ['MAP@1', 'How often the best answer comes first among all candidates; the same as accuracy@1.'],
  'map@5': ['MAP@5', 'Like MRR, but 0 beyond the fifth place.'],
  'map@10': ['MAP@10', 'Like MRR, but 0 beyond the tenth place.'],
  mrr_in_batch: ['MRR, in batch', 'How near the top the best answer ranks among the best answers to other questions.'],
  'accuracy@1_in_batch': [
    'Accuracy@1, in batch',
    'How often the best answer comes before the best answers to all other questions.',
  ],
  mrr_hard_neg: [
    'MRR, hard negatives',
    'How near the top the best answer ranks among the answers to the same question.',
  ],
  'accuracy@1_hard_neg': [
    'Accuracy@1, hard negatives',
    'How often the best answer comes before the lower-ranked answers to the same question.',
  ],
};

export const fullCorpusMetricNames = Object.keys(fullCorpus) as FullCorpusMetric[];
export const standardizedMetricNames = Object.keys(standardized) as StandardizedMetric[];

/** Every metric of an evaluation, in the order in which tables show them. */
export const metricDescriptions: readonly MetricDescription[] = [
  ...fullCorpusMetricNames.map((name) => describe(name, fullCorpus[name]('the best answer'))),
  ...fullCorpusMetricNames.map((name) =>
    describe(`${name}_own`, fullCorpus[name](ownTarget(name)), ' (any answer to the question counts)'),
  ),
  ...standardizedMetricNames.map((name) => describe(`standardized/${name}`, standardized[name], ' (standardised)')),
];

/** The name of a metric in tables and sentences. */
export function metricTitle(metric: MetricName): string {
  return metricDescriptions.find(({ name }) => name === metric)!.title;
}

export const metricNames: readonly MetricName[] = metricDescriptions.map(({ name }) => name);

/** For these metrics one answer is enough; the others use all answers. */
function ownTarget(name: FullCorpusMetric): string {
  return name.startsWith('mrr') || name.startsWith('accuracy')
    ? 'any answer to the question'
    : 'the answers to the question';
}

function describe(name: MetricName, [title, meaning]: Wording, suffix = ''): MetricDescription {
  return { name, title: `${title}${suffix}`, meaning, better: 'higher' };
}
