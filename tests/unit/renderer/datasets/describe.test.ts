import { describe, expect, test } from 'vitest';
import type { LabClient } from '../../../../src/shared/contract/contract.ts';
import type { StoredEncoder } from '../../../../src/shared/contract/encoders.ts';
import { columnsInWords } from '../../../../src/renderer/features/datasets/describe.ts';
import { datasetRemoval, encoderRemoval } from '../../../../src/renderer/features/datasets/removals.ts';
import { dataset } from '../wizard/helpers.ts';

test('the columns of a table with their roles', () => {
  expect(columnsInWords({ question: 'ask', answer: 'reply', question_id: 'no' })).toBe(
    'question: “ask”, answer: “reply”, question id: “no”',
  );
});

describe('a deletion', () => {
  const asked: unknown[] = [];
  const lab = { call: (...call: unknown[]) => Promise.resolve(void asked.push(call)) } as unknown as LabClient;
  const stored: StoredEncoder = {
    encoder: 'hf:a/b@1',
    origin: 'hub',
    title: 'a/b',
    revision: '1',
    architecture: 'bert',
    parameters: 1,
    bytes: 2 ** 20,
    licence: null,
    problem: null,
  };

  test('of a dataset says what goes and what it takes with it', async () => {
    const used = datasetRemoval({ ...dataset('mine', 0, 12), bytes: 2 ** 20, experiments: 2 });
    expect(used.description).toMatch(/^12 questions, 1\.05 MB\. This cannot be undone/);
    expect(used.consequence).toMatch(/^2 experiments used it/);
    expect(datasetRemoval({ name: 'broken', problem: 'torn' })).toMatchObject({ title: 'broken', consequence: null });
    await used.remove(lab);
    expect(asked.pop()).toEqual(['datasets.delete', { name: 'mine' }]);
  });

  test('of an encoder tells what can be had again from what cannot', async () => {
    expect(encoderRemoval(stored)).toMatchObject({
      description: '1.05 MB. It can be downloaded again.',
      consequence: expect.stringMatching(/Python tools/) as string,
    });
    expect(encoderRemoval({ ...stored, origin: 'run' })).toMatchObject({
      description: expect.stringMatching(/cannot be undone/) as string,
      consequence: null,
    });
    await encoderRemoval(stored).remove(lab);
    expect(asked.pop()).toEqual(['encoders.delete', { encoder: 'hf:a/b@1' }]);
  });
});
