import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import { fieldOf } from '../../../../src/shared/configuration/field.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration/resolve.ts';
import {
  appliesTo,
  configurationKeys,
  defaultOf,
  settingOf,
  type ConfigurationKey,
} from '../../../../src/shared/configuration/table.ts';
import { defaultInWords, typeInWords, usersInWords } from '../../../../src/shared/configuration/words.ts';
import { lossNames, lossParameters, strategyNames, strategyParameters } from '../../../../src/shared/recipe.ts';
import { encoderNames } from '../../../../src/shared/configuration/untrainedEncoders.ts';

const kinds = [...encoderNames, 'pretrained'] as const;

describe.each(configurationKeys)('%s', (key) => {
  const setting = settingOf(key);

  test('has words, which are sentences', () => {
    expect(setting.title).not.toBe('');
    for (const text of [setting.help, setting.details].filter((text) => text !== undefined))
      expect(text).toMatch(/^[A-Z\d`].*[.)]$/s);
    for (const words of [typeInWords(key), defaultInWords(key), usersInWords(key)]) expect(words).not.toBe('');
  });

  test('has defaults that its own schema accepts', () => {
    for (const kind of kinds.filter((kind) => appliesTo(key, kind))) {
      const value = defaultOf(key, kind);
      // Without a file there is no path, and of a text no empty one.
      if (value === undefined || value === null || value === '') continue;
      expect(setting.schema.safeParse(value).success).toBe(true);
    }
  });

  test('can be shown by a form, or has a control of its own', () => {
    if (setting.control === 'own') return;
    const field = fieldOf(key, defaultOf(key, 'mini'));
    expect(field.kind === 'number').toBe(setting.step !== undefined);
    if (field.kind === 'number') expect(field.step).toBeGreaterThan(0);
    if (field.kind === 'choice')
      expect(field.choices.map(({ value }) => value).sort()).toEqual(Object.keys(setting.choices!).sort());
  });
});

test('no two keys have one title', () => {
  const titles = configurationKeys.map((key) => settingOf(key).title);
  expect(titles.filter((title, index) => titles.indexOf(title) < index)).toEqual([]);
});

test('every parameter belongs to a loss or a strategy', () => {
  const schemas: z.ZodObject[] = [
    ...lossNames.map((name) => lossParameters[name]),
    ...strategyNames.map((name) => strategyParameters[name]),
  ];
  const used = new Set(schemas.flatMap(({ shape }) => Object.keys(shape)));
  expect(configurationKeys.filter((key) => 'perRecipe' in settingOf(key) && !used.has(key))).toEqual([]);
});

test('keys that mean nothing to an encoder are refused there, whatever else their value is', () => {
  const values: Partial<Record<ConfigurationKey, unknown>> = {
    n_layers: 2,
    n_heads: 2,
    hidden_dim: 8,
    pooling: 'cls',
    dropout: 0.1,
    layer_decay: 0.9,
    gradient_cache_batch: 4,
    freeze_embeddings: true,
    freeze_layers: 1,
  };
  const refusing = configurationKeys.filter((key) => settingOf(key).refusal !== undefined);
  expect(refusing.sort()).toEqual(Object.keys(values).sort());
  for (const key of refusing)
    for (const encoder of encoderNames) {
      const resolve = () => resolveConfiguration({ encoder, [key]: values[key] });
      if (appliesTo(key, encoder)) expect(resolve).not.toThrow();
      else expect(resolve).toThrow(expect.objectContaining({ keys: [key, 'encoder'] }));
    }
});

test('in words', () => {
  expect(typeInWords('limit')).toBe('whole number ≥ 1, or null');
  expect(typeInWords('test_size')).toBe('number, 0 < x < 1');
  expect(typeInWords('max_length')).toBe('whole number, 8 – 8192');
  expect(typeInWords('false_negatives')).toBe('`keep`, `mask`, `avoid`');
  expect(typeInWords('matryoshka_dimensions')).toBe('list of whole numbers ≥ 1');
  expect(defaultInWords('temperature')).toBe('0.1; `listwise` 1, `cosent` 0.05');
  expect(defaultInWords('dropout')).toBe('`mini` 0, `distilbert` 0.1, `pretrained` 0.1');
  expect(usersInWords('margin')).toBe('`triplet`, `batch_triplet`');
  expect(usersInWords('temperature')).toBe('all but `triplet`, `mse`, `margin_mse`, `batch_triplet`');
});
