/** A whole call of every method of the contract, with every possible key of its input: the seeds of inputs. */
import type { Input, MethodName } from '../../../src/shared/contract/contract.ts';
import { knownIds } from './experimentDatabase.ts';

const {
  experiment: id,
  runs: [run, other],
} = knownIds;
const runs = [run, other];
const draft = {
  name: 'A draft',
  dataset: 'sample',
  shared: { seed: 1, encoder: 'static' },
  recipes: [
    { loss_type: 'infonce', temperature: 0.1 },
    { loss_type: 'triplet', name: 'Triplet' },
  ],
  seeds: [1, 2],
};
const columns = { runs, baselines: ['untrained' as const, 'bm25' as const], corpus: 'test' as const, top: 10 };
const mapping = { question: 'q', answer: 'a', title: 't', score: 's', question_id: 'i', answer_id: 'j', accepted: 'x' };

export const calls: { readonly [Method in MethodName]: readonly [Input<Method>, ...Input<Method>[]] } = {
  'lab.describe': [{}],
  'lab.catalogue': [{}],
  'lab.diagnostics': [{}],
  'lab.devices': [{ again: true }],
  'settings.get': [{}],
  'settings.set': [{ theme: 'dark', onClose: 'ask' }],

  'jobs.list': [{}],
  'jobs.cancel': [{ key: 'map.make {"runs":["a"]}' }],

  'datasets.list': [{}],
  'datasets.details': [{ name: 'sample', maxLength: 64 }],
  'datasets.preview': [{ file: 'pairs.csv', format: 'csv', encoding: 'utf-8', delimiter: ';' }],
  'datasets.import': [
    {
      name: 'x',
      source: { kind: 'table', file: 'pairs.csv', format: 'csv', mapping, encoding: 'latin-1', delimiter: ';' },
      limit: 3,
      replace: true,
    },
    {
      name: 'x',
      source: { kind: 'csv', questions: 'Questions.csv', answers: 'Answers.csv', encoding: 'utf-8' },
    },
    { name: 'x', source: { kind: 'json', file: 'ranked_qa.json' } },
    { name: 'x', source: { kind: 'posts', file: 'Posts.xml' } },
    {
      name: 'x',
      source: { kind: 'beir', corpus: 'corpus.jsonl', queries: 'queries.jsonl', qrels: 'test.tsv' },
    },
    { name: 'x', source: { kind: 'archive', file: 'archive.zip' } },
  ],
  'datasets.delete': [{ name: 'x' }],
  'datasets.verify': [{ name: 'x' }],

  'downloads.list': [{}],
  'downloads.start': [{ source: 'kaggle:a/b@1', name: 'x', limit: 5, replace: false }, { source: 'hf:a/b' }],
  'downloads.resume': [{ id: 'd' }],
  'downloads.cancel': [{ id: 'd' }],
  'downloads.discard': [{ id: 'd' }],
  'credentials.list': [{}],
  'credentials.set': [{ service: 'kaggle', username: 'u', secret: 's' }],
  'credentials.forget': [{ service: 'huggingface' }],

  'encoders.list': [{}],
  'encoders.inspect': [{ encoder: 'hf:a/b@main' }, { encoder: 'folder' }],
  'encoders.verify': [{ encoder: 'hf:a/b@main' }, { encoder: 'folder' }],
  'encoders.delete': [{ encoder: 'hf:a/b@main' }],

  'experiments.list': [{}],
  'experiments.details': [{ id }],
  'experiments.check': [draft],
  'experiments.rehearse': [draft],
  'experiments.asCommand': [draft],
  'experiments.create': [
    { draft, start: false },
    { draft, start: true },
  ],
  'experiments.start': [{ id }],
  'experiments.pause': [{ id }],
  'experiments.unpause': [{ id }],
  'experiments.cancel': [{ id }],
  'experiments.skipRun': [{ run }],
  'experiments.rename': [{ id, name: 'Another name' }],
  'experiments.setTags': [{ id, tags: ['one', 'two'] }],
  'experiments.setNote': [{ id, note: 'A note' }],
  'experiments.delete': [{ id }],
  'experiments.restore': [{ id }],
  'experiments.watch': [{ id }],
  'experiments.unwatch': [{ id }],

  'runs.compare': [{ runs }],
  'runs.bm25': [{ runs }],
  'runs.series': [{ runs, names: ['loss', 'gradient_norm'] }],
  'runs.seriesNames': [{ runs }],
  'runs.verdict': [{ runs, metric: 'mrr@10', at: 'seconds', limit: 2.5 }],
  'runs.exportEncoder': [{ run, format: 'onnx' }],
  'runs.exportFiles': [{ runs, format: 'trec' }],
  'runs.exportReport': [{ runs, format: 'html', metric: 'mrr@10', band: 'ci95' }],
  'runs.exportCsv': [{ runs }],

  'inspector.questions': [{ runs, text: 'why', offset: 0, limit: 20 }],
  'inspector.question': [{ ...columns, question: '1' }],
  'inspector.query': [{ ...columns, text: 'why does it vanish' }],
  'inspector.wins': [{ a: { kind: 'recipe', runs: [run] }, b: { kind: 'bm25', runs }, metric: 'mrr@10', limit: 5 }],
  'map.make': [{ runs }],

  'diagnostics.runs': [{ runs }],
  'diagnostics.gradients': [{ runs, batches: 3 }],
};
