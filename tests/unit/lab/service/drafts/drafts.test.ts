import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configurationsOf, trainCommand } from '../../../../../src/cli/commands/train.ts';
import { randomStream } from '../../../../../src/lab/base/random.ts';
import { draftConfigurations, draftFromRuns } from '../../../../../src/lab/service/drafts/drafts.ts';
import { draftCommand } from '../../../../../src/lab/service/drafts/command.ts';
import { draftProblems } from '../../../../../src/lab/service/drafts/check.ts';
import { presetNames, readPreset } from '../../../../../src/lab/experiments/presets.ts';
import type { ExperimentDraft } from '../../../../../src/shared/contract/experiments.ts';
import { importDataset } from '../../../../../src/lab/data/importDataset.ts';
import { randomRecipe, randomShared } from '../../../../helpers/randomConfigurations.ts';
import { temporaryFolder, temporaryHome } from '../../../../helpers/syntheticStore.ts';
import { tinyQuestions, writeRankedJson } from '../../../../helpers/tinyData.ts';

const sevenPresets: ExperimentDraft = {
  name: 'All',
  dataset: 'sample',
  shared: { encoder: 'static', epochs: 3 },
  recipes: presetNames.map(readPreset),
  seeds: [42],
};

/** A draft of 1 to 4 recipes and 1 to 3 seeds. */
function randomDraft(number: number): ExperimentDraft {
  const random = randomStream(number, 'sample', 'draft');
  const recipes = Array.from({ length: 1 + random.integer(4) }, () => ({
    ...randomRecipe(random),
    ...(random.next() < 0.2 && { learning_rate: 0.5 }),
  }));
  const seeds = Array.from({ length: 1 + random.integer(3) }, (_, i) => 10 * i + random.integer(10));
  return {
    name: 'Any',
    dataset: 'sample',
    shared: {
      ...randomShared(random),
      ...(random.next() < 0.3 && { data_path: 'old.json', seed: 3, learning_rate: 0.1 }),
    },
    recipes,
    seeds,
  };
}

describe('configurations', () => {
  test('come recipe by recipe, with all seeds', () => {
    const configurations = draftConfigurations({ ...sevenPresets, seeds: [1, 2] });
    expect(configurations).toHaveLength(14);
    expect(new Set(configurations.map(({ split_seed }) => split_seed))).toEqual(new Set([1]));
    expect(configurations.slice(0, 3).map(({ name, seed }) => [name, seed])).toEqual([
      ['InfoNCE Standard', 1],
      ['InfoNCE Standard', 2],
      ['InfoNCE Random', 1],
    ]);
  });

  test('keys that name another dataset have no say', () => {
    const [configuration] = draftConfigurations({
      ...sevenPresets,
      shared: { data_path: 'x.json', force_regenerate: true },
    });
    expect(configuration).toMatchObject({ data_path: null, force_regenerate: false });
  });

  test('and become a draft again', () => {
    for (let number = 0; number < 100; number++) {
      const configurations = draftConfigurations(randomDraft(number));
      const again = draftConfigurations(draftFromRuns('Again', 'sample', configurations));
      expect(unique(again)).toEqual(unique(configurations));
    }
    const draft = draftFromRuns('All', 'sample', draftConfigurations(sevenPresets));
    expect(draft).toMatchObject({ shared: { encoder: 'static', epochs: 3 }, seeds: [42] });
    expect(draft.recipes[5]).toEqual({
      name: 'Triplet with Hard Negatives',
      batch_transform: 'triplet',
      loss_type: 'triplet',
    });
  });
});

describe('as a command', () => {
  test('is short where it can be', () => {
    const { command, files } = draftCommand({
      ...sevenPresets,
      recipes: sevenPresets.recipes.slice(0, 2),
      seeds: [1, 2],
    });
    expect(command).toBe(
      'losslab train --config infonce-standard.json infonce-random.json --data sample --set encoder=static --set epochs=3 --seeds 1 2',
    );
    expect(JSON.parse(files[0]!.json)).toEqual({ ...readPreset('infonce_standard') });
  });

  test.skipIf(process.platform === 'win32')(
    'a shell and the command line make the very same runs of it, whatever the names',
    () => {
      const folder = temporaryFolder();
      for (let number = 0; number < 60; number++) {
        const draft = randomDraft(number);
        expect(unique(runsOf(draft, join(folder, String(number))))).toEqual(unique(draftConfigurations(draft)));
      }
    },
  );

  /** What `losslab train` would train: files written, the command taken apart by a real shell and by the real parser. */
  function runsOf(draft: ExperimentDraft, folder: string) {
    const { command, files } = draftCommand(draft);
    mkdirSync(folder);
    for (const { name, json } of files) writeFileSync(join(folder, name), json);
    const print = `losslab() { for argument in "$@"; do printf '%s\\0' "$argument"; done; printf '\\0'; }`;
    const commands = execFileSync('sh', ['-c', `${print}\n${command}`], { encoding: 'utf8' })
      .split('\0\0')
      .filter((text) => text !== '');
    expect(commands).toHaveLength(1);
    return commands.flatMap((text) => {
      const [name, ...rest] = text.split('\0');
      expect(name).toBe('train');
      let runs: ReturnType<typeof configurationsOf> = [];
      trainCommand()
        .action((options: Parameters<typeof configurationsOf>[0] & { data: string }) => {
          expect(options.data).toBe(draft.dataset);
          runs = configurationsOf({ ...options, config: options.config.map((file) => join(folder, file)) });
        })
        .parse(rest, { from: 'user' });
      return runs;
    });
  }
});

describe('check', () => {
  const context = () => {
    const home = temporaryHome();
    return { home, check: (change: Partial<ExperimentDraft>) => draftProblems(home, { ...sevenPresets, ...change }) };
  };

  test('the presets on the sample have no problems', async () => {
    expect(await context().check({})).toEqual([]);
  });

  test.each<[string, Partial<ExperimentDraft>, (string | number | null)[][]]>([
    ['a shared key, told once', { shared: { batchsize: 3 } }, [[null, '"batchsize" is not a configuration key.']]],
    [
      'recipes, each by its place',
      { recipes: [{ loss_type: 'cosine' }, {}, { temperature: -1 }] },
      [
        [0, 'loss_type "cosine" is not a loss.'],
        [2, 'temperature: '],
      ],
    ],
    ['a dataset that is not there', { dataset: 'nowhere' }, [[null, 'There is no dataset "nowhere".']]],
    [
      'recipes that are the same',
      { recipes: [{ name: 'A' }, { name: 'B', loss_type: 'infonce', temperature: 0.1 }] },
      [[1, '"B" and "A" are the same recipe']],
    ],
    [
      'names that are the same',
      { recipes: [{ name: 'A' }, { name: 'A', loss_type: 'triplet' }] },
      [[1, 'Two recipes have the name "A"']],
    ],
    ['seeds that are the same', { seeds: [1, 2, 1] }, [[null, 'The seed 1 is given twice']]],
    [
      'recipes under other conditions',
      { recipes: [{ name: 'A' }, { name: 'B', loss_type: 'triplet', batch_size: 5 }] },
      [[1, '"B" and "A" differ in batch_size']],
    ],
    [
      'a folder of weights that is not there',
      { shared: { encoder: './no/such' } },
      [[null, "The encoder's folder ./no/such does not exist."]],
    ],
    [
      'a tokenizer that is not there',
      { shared: { tokenizer: 'no.json' } },
      [[null, 'The tokenizer file no.json does not exist.']],
    ],
    [
      'a split without questions',
      { shared: { limit: 3 } },
      [[null, 'test_size 0.2 of 3 questions leaves none to test on.']],
    ],
    [
      'several at once',
      { dataset: 'nowhere', seeds: [1, 1], recipes: [{ loss_type: 'cosine' }] },
      [
        [0, 'cosine'],
        [null, 'seed 1'],
        [null, 'nowhere'],
      ],
    ],
  ])('finds %s', async (_, change, expected) => {
    const problems = await context().check(change);
    expect(problems.map(({ recipe }) => recipe)).toEqual(expected.map(([recipe]) => recipe));
    problems.forEach(({ message, fix }, index) => {
      expect(message).toContain(expected[index]![1]);
      expect(fix).not.toBe('');
    });
  });

  test.each<[string, Partial<ExperimentDraft>, [recipe: number | null, key: string | null][]]>([
    ['a shared key', { shared: { epochs: 0 } }, [[null, 'epochs']]],
    [
      'a shared key and a key of a recipe',
      { shared: { epochs: 0 }, recipes: [{}, { temperature: -1 }, {}] },
      [[null, 'epochs']],
    ],
    [
      'a key of a recipe that repeats a shared one',
      { shared: { margin: 1 }, recipes: [{ margin: -1 }] },
      [[0, 'margin']],
    ],
    [
      'a recipe that contradicts a shared key',
      { shared: { warmup_steps: 5 }, recipes: [{ name: 'A', warmup_ratio: 0.1 }] },
      [[0, 'warmup_steps']],
    ],
    ['a key that means nothing to the encoder', { shared: { layer_decay: 0.5 } }, [[null, 'layer_decay']]],
    ['a dataset', { dataset: 'nowhere' }, [[null, 'dataset']]],
    ['seeds', { seeds: [1, 1] }, [[null, 'seeds']]],
    ['weights', { shared: { encoder: './no/such' } }, [[null, 'encoder']]],
    ['a tokenizer', { shared: { tokenizer: 'no.json' } }, [[null, 'tokenizer']]],
    ['a split', { shared: { limit: 3 } }, [[null, 'test_size']]],
  ])('names the field to correct: %s', async (_, change, expected) => {
    const problems = await context().check(change);
    expect(problems.map(({ recipe, key }) => [recipe, key])).toEqual(expected);
  });

  test('finds recipes that the data cannot feed, with counts', async () => {
    const { home, check } = context();
    await importDataset({
      home: home.folder,
      name: 'single',
      source: {
        kind: 'json',
        file: writeRankedJson(
          temporaryFolder(),
          tinyQuestions(20, () => 1),
        ),
      },
    });
    const problems = await check({ dataset: 'single' });
    expect(problems.map(({ recipe }) => recipe)).toEqual([4, 5, 6]);
    expect(problems[0]!.message).toBe(
      '"Relaxed Hard Negative InfoNCE" needs questions with 2 or more answers; 0 of the 20 questions of "single" have them.',
    );
  });
});

function unique(values: readonly unknown[]): Set<string> {
  return new Set(values.map((value) => JSON.stringify(value)));
}
