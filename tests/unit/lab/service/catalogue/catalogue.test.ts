import { expect, test } from 'vitest';
import { catalogueMethods } from '../../../../../src/lab/service/catalogue/catalogue.ts';
import { presetNames } from '../../../../../src/lab/experiments/presets.ts';
import { resolveConfiguration } from '../../../../../src/shared/configuration.ts';
import { parameterKeys } from '../../../../../src/shared/configuration/keys/parameters.ts';
import { lossNames, strategyNames, type LossName, type StrategyName } from '../../../../../src/shared/recipe.ts';
import { silentConnection } from '../../../../helpers/serviceContext.ts';

const catalogue = await catalogueMethods()['lab.catalogue']({}, silentConnection);
const parametersOfLoss = (loss: LossName) => catalogue.losses.find(({ name }) => name === loss)!.parameters;
const parametersOfStrategy = (strategy: StrategyName) =>
  catalogue.strategies.find(({ name }) => name === strategy)!.parameters;
const all = [...lossNames.flatMap(parametersOfLoss), ...strategyNames.flatMap(parametersOfStrategy)];

test('every loss and strategy is there, with words', () => {
  expect(catalogue.losses.map(({ name }) => name)).toEqual(lossNames);
  expect(catalogue.strategies.map(({ name }) => name)).toEqual(strategyNames);
  for (const { title, description } of [...catalogue.losses, ...catalogue.strategies])
    expect(title && description).toBeTruthy();
  for (const { fits } of catalogue.losses) expect(fits).not.toBe('');
});

test('presets come in the order of the demo, and can be trained', () => {
  expect(catalogue.presets.map(({ file }) => file)).toEqual(presetNames.map((name) => `${name}.json`));
  for (const { configuration } of catalogue.presets) expect(() => resolveConfiguration(configuration)).not.toThrow();
});

test('every parameter of the table belongs to a loss or a strategy', () => {
  expect(new Set(all.map(({ key }) => key))).toEqual(new Set(Object.keys(parameterKeys)));
});

test('ranges and defaults are those of the schema', () => {
  expect(parametersOfLoss('relaxed_hard_neg').filter(({ kind }) => kind === 'number')).toMatchObject([
    {
      key: 'temperature',
      kind: 'number',
      default: 0.1,
      minimum: 0,
      exclusiveMinimum: true,
      maximum: null,
      exclusiveMaximum: false,
      integer: false,
    },
    {
      key: 'hard_neg_target_prob',
      kind: 'number',
      default: 0.1,
      minimum: 0,
      exclusiveMinimum: false,
      maximum: 1,
      exclusiveMaximum: true,
      integer: false,
    },
  ]);
  const everyLoss = { key: 'matryoshka_dimensions', kind: 'numbers', default: [], minimum: 1 };
  expect(parametersOfLoss('listwise')).toMatchObject([
    { key: 'temperature', default: 1 },
    { key: 'learn_temperature', kind: 'boolean', default: false },
    everyLoss,
  ]);
  expect(parametersOfLoss('mse')).toMatchObject([{ key: 'normalize', kind: 'boolean', default: true }, everyLoss]);
  expect(parametersOfStrategy('listwise')).toMatchObject([
    {
      key: 'max_answers',
      kind: 'number',
      default: 5,
      minimum: 2,
      exclusiveMinimum: false,
      maximum: null,
      integer: true,
      step: 1,
    },
  ]);
  expect(parametersOfStrategy('triplet')).toMatchObject([
    { key: 'neg_strategy', kind: 'choice', default: 'hard_negative' },
  ]);
  expect(parametersOfStrategy('hard_negative')).toEqual([]);
});

test('strategies say how many answers a question needs', () => {
  expect(Object.fromEntries(catalogue.strategies.map(({ name, minimumAnswers }) => [name, minimumAnswers]))).toEqual({
    infonce: 1,
    multiple_positives: 1,
    hard_negative: 2,
    triplet: 2,
    listwise: 2,
  });
});
