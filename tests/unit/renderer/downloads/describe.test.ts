import { describe, expect, test } from 'vitest';
import { downloadRequest, type DownloadView } from '../../../../src/shared/contract/downloads.ts';
import {
  downloadProblems,
  downloadRequestOf,
  downloadShare,
  endInWords,
  keptInWords,
  kindOf,
  progressInWords,
  sourceOf,
  sourceProblem,
} from '../../../../src/renderer/features/downloads/describe.ts';
import { datasetSuggestions, encoderSuggestions } from '../../../../src/renderer/features/downloads/suggestions.ts';

const view: DownloadView = {
  id: '1',
  request: { source: 'kaggle:a/b' },
  state: 'running',
  stage: 'Downloading',
  done: 12 * 2 ** 20,
  total: 80 * 2 ** 20,
  bytesPerSecond: 2 * 2 ** 20,
  secondsLeft: 34,
  failure: null,
  needsCredentials: null,
  result: null,
};

describe('what is to be downloaded', () => {
  test('may leave out where it comes from', () => {
    expect(sourceOf('dataset', ' stackoverflow/statsquestions ')).toBe('kaggle:stackoverflow/statsquestions');
    expect(sourceOf('encoder', 'bert-base-uncased@main')).toBe('hf:bert-base-uncased@main');
    expect(sourceOf('encoder', 'hf:a/b')).toBe('hf:a/b');
    expect([{ source: 'hf:a' }, { source: 'kaggle:a/b' }].map((request) => kindOf({ request }))).toEqual([
      'encoder',
      'dataset',
    ]);
  });

  test('is refused in words where it cannot be a name', () => {
    expect(sourceProblem('dataset', '')).toBe(
      'Enter what to download: kaggle:owner/name, or kaggle:owner/name@version.',
    );
    expect(sourceProblem('dataset', 'statsquestions')).toMatch(
      /^Expected kaggle:owner\/name.*; found "kaggle:statsquestions"\.$/,
    );
    expect(sourceProblem('dataset', 'hf:bert-base-uncased')).toMatch(/found "hf:bert-base-uncased"/);
    expect(sourceProblem('encoder', 'a b')).toMatch(/^Expected hf:/);
    expect(sourceProblem('encoder', 'https://example.org/a')).toMatch(/^Expected hf:/);
    for (const good of ['kaggle:a/b', 'a/b@3']) expect(sourceProblem('dataset', good)).toBeNull();
    for (const good of ['bert-base-uncased', 'sentence-transformers/all-MiniLM-L6-v2', 'hf:a/b@refs/pr/1'])
      expect(sourceProblem('encoder', good)).toBeNull();
  });

  test('becomes a request that the lab takes; of encoders without a name of ours', () => {
    const fields = { source: 'a/b', name: ' mine ', limit: 10 };
    expect(downloadRequestOf('dataset', fields)).toEqual({ source: 'kaggle:a/b', name: 'mine', limit: 10 });
    expect(downloadRequestOf('encoder', fields)).toEqual({ source: 'hf:a/b' });
    expect(downloadRequest.parse(downloadRequestOf('dataset', fields))).toBeDefined();
    expect(downloadProblems('dataset', { ...fields, limit: 0.5 })).toEqual([
      'Maximum number of questions: expected a whole number from 1; found 0.5.',
    ]);
  });

  test('is suggested under names that can be asked for', () => {
    for (const { source } of datasetSuggestions) expect(sourceProblem('dataset', source)).toBeNull();
    for (const { source } of encoderSuggestions) expect(sourceProblem('encoder', source)).toBeNull();
  });
});

describe('a download in words', () => {
  test('tells bytes, rate and time left as far as they are known', () => {
    expect(progressInWords(view)).toBe('12.6 MB of 83.9 MB · 2.10 MB/s · 34 s left');
    expect(progressInWords({ ...view, total: null, secondsLeft: null })).toBe('12.6 MB · 2.10 MB/s');
    expect(progressInWords({ ...view, done: 0, total: null, bytesPerSecond: null, secondsLeft: null })).toBe('');
    expect([
      downloadShare(view),
      downloadShare({ ...view, total: null }),
      downloadShare({ ...view, total: 0 }),
    ]).toEqual([0.15, null, null]);
  });

  test('says what is kept when it has ended', () => {
    expect(endInWords({ ...view, state: 'finished', result: { kind: 'dataset', name: 'b' } })).toBe('Imported as b.');
    expect(endInWords({ ...view, state: 'finished', result: { kind: 'encoder', encoder: 'hf:a' } })).toBe(
      'Stored on this machine.',
    );
    for (const state of ['cancelled', 'interrupted'] as const)
      expect(endInWords({ ...view, state })).toMatch(/is kept. Resume to continue/);
  });
});

test('credentials: where they are kept, never what they are', () => {
  expect(keptInWords({ service: 'kaggle', kept: 'environment', where: 'KAGGLE_API_TOKEN' })).toBe(
    'environment variable: KAGGLE_API_TOKEN',
  );
  expect(keptInWords({ service: 'kaggle', kept: 'file', where: '/home/me/.kaggle/kaggle.json' })).toBe(
    'file: /home/me/.kaggle/kaggle.json',
  );
  expect(keptInWords({ service: 'kaggle', kept: 'memory', where: null })).toMatch(/until LossLab is closed/);
  expect(keptInWords({ service: 'huggingface', kept: null, where: null })).toMatch(/^none/);
});
