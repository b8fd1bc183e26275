/** What most people want to fetch, in plain words. */

export interface Suggestion {
  readonly source: string;
  readonly title: string;
  readonly about: string;
  readonly goodFor: string;
}

export const datasetSuggestions: readonly Suggestion[] = [
  {
    source: 'kaggle:stackoverflow/statsquestions',
    title: 'Cross Validated',
    about: '85,085 questions about statistics and machine learning with their answers and votes, from Stack Exchange.',
    goodFor: 'Comparing losses on real, technical questions.',
  },
];

export const encoderSuggestions: readonly Suggestion[] = [
  {
    source: 'hf:sentence-transformers/all-MiniLM-L6-v2',
    title: 'all-MiniLM-L6-v2',
    about: '6 layers, 23 million parameters, 91 MB. Already trained to compare sentences.',
    goodFor: 'Fine-tuning on a CPU, and a strong starting point for retrieval.',
  },
  {
    source: 'hf:distilbert-base-uncased',
    title: 'distilbert-base-uncased',
    about: '6 layers, 66 million parameters, 268 MB. Knows English, not yet how to compare texts.',
    goodFor: 'Seeing what a loss teaches, in about half the time of BERT.',
  },
  {
    source: 'hf:bert-base-uncased',
    title: 'bert-base-uncased',
    about: '12 layers, 110 million parameters, 440 MB. Knows English, not yet how to compare texts.',
    goodFor: 'The usual baseline of the field, with a GPU.',
  },
];
