import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nameOf } from '../../../src/cli/importSource.ts';
import type { SourceRequest } from '../../../src/shared/sourceRequest.ts';
import { sharedFolder } from '../../helpers/sharedFolder.ts';

const dump = join(sharedFolder(), 'dba.stackexchange.com');
mkdirSync(dump);

test.each<[string, SourceRequest]>([
  ['cooking', { kind: 'csv', questions: '/data/cooking/q.csv', answers: '/elsewhere/a.csv' }],
  ['cooking', { kind: 'json', file: '/data/cooking/mine.json' }],
  ['my-site-com', { kind: 'posts', file: '/data/my.site.com/Posts.xml' }],
  ['ai-posts', { kind: 'posts', file: '/data/ai posts.xml' }],
  ['dba-stackexchange-com', { kind: 'posts', file: dump }],
  ['faq', { kind: 'table', file: '/data/faq.tsv', format: 'tsv', mapping: { question: 'q', answer: 'a' } }],
  ['archive', { kind: 'archive', file: '/data/archive.zip' }],
  ['scifact', { kind: 'beir', corpus: '/data/scifact/corpus.jsonl', queries: '/q.jsonl', qrels: '/test.tsv' }],
  ['dataset', { kind: 'archive', file: '/data/…' }],
])('a dataset without a name of its own is called %s', (name, source) => {
  expect(nameOf(source)).toBe(name);
});
