import { describe, expect, test } from 'vitest';
import { experimentDraft, type Rehearsal } from '../../../../src/shared/contract/experiments.ts';
import { LabError } from '../../../../src/shared/errors.ts';
import { draftOfFile, textOfDraft } from '../../../../src/renderer/features/wizard/model/configurationFile.ts';
import {
  draftOf,
  rehearsalKey,
  stateOfDraft,
  withSeeds,
} from '../../../../src/renderer/features/wizard/model/draft.ts';
import { summaryOf } from '../../../../src/renderer/features/wizard/model/summary.ts';
import { catalogue, own, wizard } from './helpers.ts';

const draft = draftOf(wizard(), wizard().recipes, 490)!;

describe('a draft', () => {
  test('of the sample as it is offered is complete and sound', () => {
    expect(experimentDraft.parse(draft)).toEqual(draft);
    expect(draft).toMatchObject({
      name: '7 losses on sample',
      dataset: 'sample',
      shared: { epochs: 5, batch_size: 32 },
      seeds: [42, 43, 44],
    });
  });

  test('takes what was decided before what is suggested', () => {
    const decided = draftOf(
      wizard({ shared: { encoder: 'distilbert', epochs: 7 }, name: '  Mine ' }),
      [own({ name: 'A' })],
      490,
    )!;
    expect(decided).toMatchObject({
      name: 'Mine',
      shared: { encoder: 'distilbert', epochs: 7, batch_size: 16 },
      recipes: [{ name: 'A' }],
    });
  });

  test('by minutes has epochs enough for the minutes to decide', () => {
    expect(draftOf(wizard({ shared: { max_minutes: 2 } }), wizard().recipes, 490)!.shared).toMatchObject({
      max_minutes: 2,
      epochs: 100,
    });
  });

  test('is none without a dataset, a recipe or a seed', () => {
    expect(draftOf(wizard({ dataset: null }), wizard().recipes, 490)).toBeNull();
    expect(draftOf(wizard(), [], 490)).toBeNull();
    expect(draftOf(wizard({ seeds: [] }), wizard().recipes, 490)).toBeNull();
  });

  test('opens as the wizard that made it: presets are found again, other recipes are one’s own', () => {
    const mine = own({ name: 'Mine', loss_type: 'triplet', margin: 0.5 });
    const state = wizard({
      recipes: [...wizard().recipes.map((recipe, index) => ({ ...recipe, chosen: index < 2 })), mine],
      shared: { epochs: 3 },
      seeds: [1, 2],
    });
    const made = draftOf(
      state,
      state.recipes.filter(({ chosen }) => chosen),
      490,
    )!;
    const opened = stateOfDraft(made, catalogue, '');
    expect(
      opened.recipes.filter(({ chosen }) => chosen).map(({ preset, configuration }) => [preset, configuration.name]),
    ).toEqual([
      [true, 'InfoNCE Standard'],
      [true, 'InfoNCE Random'],
      [false, 'Mine'],
    ]);
    expect(
      draftOf(
        opened,
        opened.recipes.filter(({ chosen }) => chosen),
        490,
      ),
    ).toEqual(made);
  });
});

test('a rehearsal counts for drafts that differ in nothing but the name and the number of seeds', () => {
  expect(rehearsalKey({ ...draft, name: 'other' })).toBe(rehearsalKey(draft));
  expect(rehearsalKey({ ...draft, shared: { batch_size: 32, epochs: 5 } })).toBe(
    rehearsalKey({ ...draft, shared: { epochs: 5, batch_size: 32 } }),
  );
  expect(rehearsalKey({ ...draft, seeds: [43] })).not.toBe(rehearsalKey(draft));
  expect(rehearsalKey({ ...draft, seeds: [42] })).toBe(rehearsalKey(draft));
  expect(rehearsalKey({ ...draft, shared: { ...draft.shared, epochs: 6 } })).not.toBe(rehearsalKey(draft));
});

test('time and disk of a rehearsal grow with the seeds, its steps do not', () => {
  const measured = { totalSeconds: 30, diskBytes: 600, memory: { bytes: 7, availableBytes: null } } as Rehearsal;
  expect(withSeeds(measured, 1, 3)).toMatchObject({
    totalSeconds: 10,
    diskBytes: 200,
    memory: { bytes: 7, availableBytes: null },
  });
  expect(withSeeds(withSeeds(measured, 1, 3), 5)).toMatchObject({ totalSeconds: 50, diskBytes: 1000 });
});

describe('as a file', () => {
  test('a draft comes back as it was', () => {
    expect(draftOfFile(textOfDraft(draft), 'x.json', null)).toEqual(draft);
  });

  test('a configuration of the original script becomes a draft with its encoder and its split', () => {
    const text = JSON.stringify({ embed_dim: 768, projection_dim: 128, learning_rate: 2e-5, loss_type: 'infonce' });
    expect(draftOfFile(text, 'test.json', 'sample').shared).toEqual({
      encoder: 'hf:distilbert-base-uncased',
      embed_dim: 768,
      projection_dim: 128,
      learning_rate: 2e-5,
      split_method: 'python',
    });
  });

  test('a configuration of the command line becomes a draft with one recipe', () => {
    const text = JSON.stringify({ loss_type: 'triplet', margin: 0.3, epochs: 2, seed: 7 });
    expect(draftOfFile(text, 'mine.json', 'sample')).toEqual({
      name: 'mine on sample',
      dataset: 'sample',
      shared: { epochs: 2 },
      seeds: [7],
      recipes: [{ name: 'mine', loss_type: 'triplet', batch_transform: 'triplet', margin: 0.3 }],
    });
  });

  test.each([
    ['no json', 'nope', /x\.json is not JSON/],
    ['another shape', '[1]', /does not contain a JSON object/],
    ['a missing part', JSON.stringify({ ...draft, seeds: [] }), /x\.json: seeds: /],
    [
      'a key that does not exist',
      JSON.stringify({ ...draft, shared: { epohcs: 3 } }),
      /"epohcs" is not a configuration key/,
    ],
    ['a value out of range', JSON.stringify({ ...draft, recipes: [{ name: 'a', temperature: -1 }] }), /temperature/],
    ['a configuration where no dataset is chosen', JSON.stringify({ epochs: 3 }), /does not name a dataset/],
  ])('%s is told in words', (_, text, message) => {
    const read = () => draftOfFile(text, 'x.json', null);
    expect(read).toThrow(LabError);
    expect(read).toThrow(message);
  });
});

test('the summary tells each step’s decision', () => {
  const rows = Object.fromEntries(
    summaryOf({ ...draft, shared: { ...draft.shared, encoder: './weights', max_minutes: 1 } }).map(
      ({ title, text }) => [title, text],
    ),
  );
  expect(rows['Data']).toBe('sample; 20% held back for testing');
  expect(rows['Encoder']).toBe('./weights; texts of at most 128 tokens');
  expect(rows['Budget']).toMatch(/^1 minute for each run, 5 epochs at most, batches of 32 questions/);
  expect(rows['7 losses']).toMatch(/^InfoNCE Standard, /);
});
